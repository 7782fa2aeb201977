"""Governance of fresh databases on the shared embedded engine."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count

import pytest

from tests.engine import connect, copy_database, engine
from veil.governance.admission.calls import object_row
from veil.governance.installation.installing import layout_of
from veil.governance.installation.repairing import closing_tables
from veil.governance.metadata.deployed import StoredObject
from veil.governance.metadata.identity import new_integration_id
from veil.governance.service import Governance
from veil.local import Address, Engine
from veil.model import Integration, Kind
from veil.warehouse import (
    SCHEMA_VERSION,
    Layout,
    Settings,
    record_own_views,
    upgrade_statements,
    upsert_objects,
)
from veil.warehouse import connect as connect_session

__all__ = ["engine"]

_NUMBERS = count(1)
TABLES = ("people", "orders", "visits")
"""Raw tables: an id and a text that is to be masked."""


@contextmanager
def governances(engine: Engine, *, copied: bool = True) -> Iterator[Callable[..., Governance]]:
    """Makes installed integrations, each in a database of its own with the raw tables.

    The first with a view schema is installed as the provider does it. The others are copies of a
    database in which the same statements have run, and write the integration's row alone; where
    they are not to be `copied`, each is installed.
    """
    address = engine.address()
    assert address is not None
    made: list[Governance] = []
    templates: dict[str, Template] = {}

    def settings_of(name: str) -> Settings:
        return Settings(address.host, name, address.username, address.password, port=address.port, ssl=False)

    def make(view_schema: str = "governed") -> Governance:
        name = f"g{os.getpid()}_{next(_NUMBERS)}"
        settings = settings_of(name)
        template = templates.get(view_schema)
        governance = Governance(name, lambda: connect_session(settings))
        if template is None or not copied:
            create_database(address, name)
            stored = governance.install(Integration("main", name, view_schema))
            assert isinstance(stored.thing, Integration)
            templates[view_schema] = Template(stored.thing)
        else:
            if not template.name:
                template.name = f"{name}_template"
                create_database(address, template.name)
                template.fill(settings_of(template.name))
            copy_database(engine, template.name, name)
            template.record(settings)
        made.append(governance)
        return governance

    yield make
    for each in made:
        each.close()


@dataclass
class Template:
    """A database that has all of an integration but its row."""

    integration: Integration
    """One that was installed on this engine, with what was found out about it."""
    name: str = ""
    """Of the database; none until the second integration is asked for."""

    def fill(self, settings: Settings) -> None:
        """Run what an installation runs, in its order."""
        layout = self._layout
        with connect_session(settings) as session, session.transaction():
            for statement in (
                *upgrade_statements(layout, SCHEMA_VERSION),
                *closing_tables(session, layout, settings.username),
            ):
                session.execute(statement)
            record_own_views(session, layout)

    def record(self, settings: Settings) -> None:
        """Write the integration's row into a copy, as an installation does last."""
        name = settings.database
        integration = replace(self.integration, database=name)
        stored = StoredObject(Kind.INTEGRATION, integration.name, new_integration_id(name), integration)
        with connect_session(settings) as session, session.transaction():
            for statement in upsert_objects(self._layout, [object_row(stored)]):
                session.execute(statement)

    @property
    def _layout(self) -> Layout:
        return layout_of(self.integration)


def create_database(address: Address, name: str) -> None:
    """A database with the raw tables."""
    with connect(address) as admin, admin.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    with connect(address, database=name) as admin, admin.cursor() as cursor:
        cursor.execute('CREATE SCHEMA "raw"')
        for table in TABLES:
            cursor.execute(f'CREATE TABLE "raw".{table} (id INTEGER, secret VARCHAR(40))')
            cursor.execute(f"INSERT INTO \"raw\".{table} VALUES (1, '{table} secret')")


@pytest.fixture(scope="session")
def new_governance(engine: Engine) -> Iterator[Callable[..., Governance]]:
    """Makes installed integrations on the shared engine."""
    with governances(engine) as make:
        yield make


@pytest.fixture
def governance(new_governance: Callable[..., Governance]) -> Governance:
    """An installed integration that governs nothing yet."""
    return new_governance()

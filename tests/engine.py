"""A local engine for tests: one per session, in a private folder, wiped at the end.

Use it from a suite's conftest.py with `from tests.engine import engine` (importing the fixture
makes it known to pytest).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import redshift_connector

from tests.surface.statements import sent, undocumented
from veil.local import Address, Engine
from veil.local.cluster.binaries import psql

STATEMENT_LOG = "statements.jsonl"


@contextmanager
def running_engine(*, recording: bool = True, **how: Any) -> Iterator[Engine]:
    """A fresh engine that runs, and records statements unless told otherwise; stopped and wiped at
    the end. `how` is for Engine.up.
    """
    directory = Path(tempfile.mkdtemp(prefix="veil-engine-"))
    found = Engine(directory / "local")
    try:
        found.up(progress=lambda line: None, statement_log=directory / STATEMENT_LOG if recording else None, **how)
        yield found
    finally:
        found.reset()
        shutil.rmtree(directory)


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """A fresh engine that runs."""
    with running_engine() as found:
        yield found


def check_statements(found: Engine) -> None:
    """Fail where the provider sent this engine a statement that rests on what no page of Redshift's
    documents.
    """
    problems = undocumented(sent(found.directory.parent / STATEMENT_LOG))
    if problems:
        pytest.fail("The provider sent what Redshift does not document:\n\n" + "\n\n".join(problems), pytrace=False)


def connect(
    address: Address, user: str | None = None, password: str | None = None, database: str | None = None
) -> redshift_connector.Connection:
    """A connection of the driver with autocommit; as the administrator, to the default database,
    unless told otherwise.
    """
    connection = redshift_connector.connect(
        host=address.host,
        port=address.port,
        user=user or address.username,
        password=password or address.password,
        database=database or address.database,
        ssl=False,
    )
    connection.autocommit = True
    return connection


def run_behind(engine: Engine, database: str, statements: Iterable[str]) -> None:
    """Run statements on the engine's own server, as its superuser."""
    folder = engine.directory
    signing_in = {
        "PGHOST": (folder / "runtime").read_text(encoding="utf-8") + "/socket",
        "PGPORT": "5432",
        "PGUSER": "rdsdb",
        "PGPASSWORD": json.loads((folder / "credentials.json").read_text(encoding="utf-8"))["system"],
    }
    done = subprocess.run(
        [str(psql()), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", database],
        input=";\n".join((*statements, "")),
        env={**os.environ, **signing_in},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def copy_database(engine: Engine, template: str, name: str) -> None:
    """Make a database that is as `template`, which nobody may use meanwhile. It takes a tenth of
    what running an installation's statements does.
    """
    run_behind(engine, "postgres", [f'CREATE DATABASE "{name}" TEMPLATE "{template}"'])
    address = engine.address()
    assert address is not None
    with connect(address) as admin, admin.cursor() as cursor:
        # The owner that one made as Redshift makes it has. The gateway, which this passes, learns of the database.
        cursor.execute(f'ALTER DATABASE "{name}" OWNER TO {address.username}')


def drop_database(engine: Engine, name: str) -> None:
    """Drop a database, and end the sessions that are in it."""
    run_behind(engine, "postgres", [f'DROP DATABASE "{name}" WITH (FORCE)'])


def take_barriers(engine: Engine, database: str) -> None:
    """Make the views of this database, those that come included, no security barriers, as in an
    engine that was started with `--no-barrier`.
    """
    run_behind(
        engine,
        database,
        (
            "CREATE OR REPLACE FUNCTION pg_veil.barrier() RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'false' $$",
            "SELECT pg_veil.bind(view) FROM pg_veil.late_view",
        ),
    )

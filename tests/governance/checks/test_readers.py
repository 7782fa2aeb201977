"""Whether whoever reads a view needs USAGE on the schemas of its tables: tried, told, and given."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import redshift_connector

from tests.engine import connect, running_engine
from veil.governance.checks.readers import readers_need_usage
from veil.governance.requests import Create, SourceDraft
from veil.governance.service import Governance
from veil.local import Address
from veil.local.refusals import READERS_USAGE
from veil.model import AppliesTo, Integration, Profile, SubscriptionPolicy
from veil.warehouse import Bootstrap, Layout, Session, Settings, bootstrap_steps
from veil.warehouse import connect as connect_session

SYSTEM, ANALYST, PASSWORD = "keeper", "ann", "Abcdefg1"
LAYOUT = Layout("immuta", "governed")


@dataclass(frozen=True)
class Place:
    """A warehouse that an administrator's script made ready, with what the system account
    governs.
    """

    address: Address
    governance: Governance

    def run(self, *statements: str, user: str | None = None) -> list[list[Any]]:
        """Run statements as the administrator or another user; the rows of the last one."""
        with connect(self.address, user, PASSWORD if user else None) as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            return [list(row) for row in cursor.fetchall()] if cursor.description else []

    def needed(self, user: str = SYSTEM) -> bool | None:
        password = PASSWORD if user != self.address.username else self.address.password
        with connect_session(settings(self.address, user, password)) as session:
            return readers_need_usage(session, LAYOUT)

    def check(self) -> tuple[str, str, tuple[str, ...]]:
        self.governance.reload()
        (found,) = (each for each in self.governance.checks() if each.name == "readers")
        return found.status, found.message, found.advice


def settings(address: Address, user: str, password: str) -> Settings:
    return Settings(address.host, address.database, user, password, port=address.port, ssl=False)


def made_ready(address: Address) -> Iterator[Place]:
    wanted = Bootstrap(LAYOUT, address.database, SYSTEM, ("raw",))
    statements = [statement for step in bootstrap_steps(wanted) for statement in step.statements]
    governance = Governance(address.database, lambda: Session(settings(address, SYSTEM, PASSWORD)))
    place = Place(address, governance)
    place.run(
        'CREATE SCHEMA "raw"',
        'CREATE TABLE "raw".people (id INTEGER, secret VARCHAR(40))',
        "INSERT INTO \"raw\".people VALUES (1, 'hush')",
        *(each.replace("<PASSWORD OF THE SYSTEM ACCOUNT>", PASSWORD) for each in statements),
        f"CREATE USER {ANALYST} PASSWORD '{PASSWORD}'",
    )
    governance.install(Integration("main", address.database, "governed"))
    governance.submit(Create(SourceDraft("raw", "people")))
    governance.submit(Create(SubscriptionPolicy("everyone", AppliesTo(all_data_sources=True), "everyone")))
    governance.submit(Create(Profile(ANALYST)))
    yield place
    governance.close()


@pytest.fixture(scope="module")
def needing() -> Iterator[Place]:
    """On a warehouse where readers need it."""
    with running_engine(refuse=[READERS_USAGE]) as engine:
        address = engine.address()
        assert address is not None
        yield from made_ready(address)


@pytest.fixture(scope="module")
def plain() -> Iterator[Place]:
    """On one where they do not."""
    with running_engine() as engine:
        address = engine.address()
        assert address is not None
        yield from made_ready(address)


READING = "SELECT secret FROM governed.people"


def test_where_readers_need_usage_the_check_names_the_schemas_and_what_gives_it(needing: Place):
    with pytest.raises(redshift_connector.ProgrammingError, match="permission denied for schema raw"):
        needing.run(READING, user=ANALYST)
    assert needing.needed() is True
    status, message, (grant, what_it_gives_away) = needing.check()
    assert (status, grant) == ("warning", 'GRANT USAGE ON SCHEMA "raw" TO PUBLIC')
    assert message == "readers of views need USAGE on the schemas of the tables, and PUBLIC has none on raw"
    assert "names of the tables" in what_it_gives_away and "no row" in what_it_gives_away

    needing.run(grant)
    assert needing.run(READING, user=ANALYST) == [["hush"]]
    assert needing.check()[0] == "passed"
    with pytest.raises(redshift_connector.ProgrammingError, match="permission denied for table people"):
        needing.run('SELECT secret FROM "raw".people', user=ANALYST)


def test_where_they_need_none_nothing_is_to_be_granted(plain: Place):
    assert plain.run(READING, user=ANALYST) == [["hush"]]
    assert plain.needed() is False
    assert plain.check() == ("passed", "Readers of views need no rights on the schemas of the tables.", ())


def test_who_could_read_the_view_anyway_tells_nothing(needing: Place):
    assert needing.needed(needing.address.username) is None, "a superuser"
    needing.run(f"GRANT USAGE ON SCHEMA immuta_probe_tables TO {SYSTEM}")
    assert needing.needed() is None
    needing.run(f"REVOKE USAGE ON SCHEMA immuta_probe_tables FROM {SYSTEM}")
    assert needing.needed() is True


def test_without_the_administrator_s_view_it_is_not_known(plain: Place):
    plain.run("DROP VIEW immuta_probe.reader")
    assert plain.needed() is None
    status, message, _ = plain.check()
    assert status == "passed"
    assert "is not known here" in message and "veil bootstrap-sql" in message

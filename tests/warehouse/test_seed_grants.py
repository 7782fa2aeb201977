"""Who holds what after each way to make an installation, beside the list of grants that the seeds
of the project have.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.warehouse.conftest import run
from veil.warehouse import (
    EVERYBODY_READS,
    PUBLIC,
    PUBLIC_ROUTINES,
    Layout,
    Session,
    Settings,
    Snapshot,
    connect,
    install_statements,
    read,
)
from veil.warehouse.bootstrap import Bootstrap, bootstrap_steps

ACCOUNT, PASSWORD = "seed_keeper", "Keeper1pass"
LAYOUT = Layout("seeds", "seeds governed")
README = Path(__file__).parents[2] / "README.md"


@dataclass(frozen=True)
class Made:
    """An installation: what the catalog shows of it, and how its account is called."""

    snapshot: Snapshot
    account: str
    public_makes_temporary: bool


def as_superuser(admin: Session, settings: Settings) -> str:
    """As a superuser's provider does with `bootstrap = "automatic"`."""
    with connect(settings) as session:
        run(session, install_statements(LAYOUT))
    return settings.username


def by_script(admin: Session, settings: Settings) -> str:
    """As `veil bootstrap-sql` prints it; `bootstrap = "manual"` makes nothing beside that."""
    wanted = Bootstrap(LAYOUT, settings.database, ACCOUNT)
    with connect(settings) as session:
        for step in bootstrap_steps(wanted):
            for statement in step.statements:
                session.execute(statement.replace("<PASSWORD OF THE SYSTEM ACCOUNT>", PASSWORD))
    return ACCOUNT


def by_readme(admin: Session, settings: Settings) -> str:
    """As the short script of the README has it, after which the provider makes the rest."""
    script = README.read_text(encoding="utf-8").partition("```sql\nCREATE USER veil ")[2].partition("```")[0]
    with connect(settings) as session:
        session.execute("CREATE SCHEMA src")
        for statement in f"CREATE USER veil {script}".replace("'...'", f"'{PASSWORD}'").split(";\n"):
            named = statement.replace(" veil", f" {ACCOUNT}").replace(
                "DATABASE analytics", f"DATABASE {settings.database}"
            )
            if named.strip():
                session.execute(named)
    with connect(replace(settings, username=ACCOUNT, password=PASSWORD)) as session:
        run(session, install_statements(LAYOUT))
    return ACCOUNT


WAYS: Mapping[str, Callable[[Session, Settings], str]] = {
    "automatic": as_superuser,
    "bootstrap-sql": by_script,
    "README": by_readme,
}


@pytest.fixture(params=list(WAYS))
def made(request: pytest.FixtureRequest, admin: Session, settings: Settings) -> Iterator[Made]:
    yield from making(request.param, admin, settings)


def making(way: str, admin: Session, settings: Settings) -> Iterator[Made]:
    """An installation in a database of its own."""
    name = f"seeds_{way.lower().replace('-', '_')}"
    admin.execute(f"CREATE DATABASE {name}")
    there = replace(settings, database=name)
    try:
        account = WAYS[way](admin, there)
        with connect(there) as session:
            found = read(session, LAYOUT)
            ((temporary,),) = session.query(f"SELECT HAS_DATABASE_PRIVILEGE('public', '{name}', 'TEMP')")
        yield Made(found, account, bool(temporary))
    finally:
        admin.execute(f"DROP DATABASE {name}")
        for statement in (f"DROP USER {ACCOUNT}", f"DROP ROLE {ACCOUNT}_catalog", f"DROP ROLE {ACCOUNT}_probe"):
            if way == "bootstrap-sql" or (way == "README" and "USER" in statement):
                admin.execute(statement)


SYSTEM, FUNCTIONS, PROCEDURES = LAYOUT.own_schemas


def _usage(schema: str) -> Callable[[Made], bool]:
    return lambda made: any(
        (each.grantee, each.privilege) == (PUBLIC, "USAGE") for each in made.snapshot.schema_privileges[schema]
    )


AS_THE_SEED_SAYS: Mapping[str, Callable[[Made], bool]] = {
    "system account: ALL PRIVILEGES ON ALL SCHEMAS": lambda made: (
        {made.snapshot.schema_owners[each] for each in (*LAYOUT.own_schemas, LAYOUT.view_schema)} == {made.account}
    ),
    "system account: USAGE ON FUTURE PROCEDURES": lambda made: (
        {state.owner for state in made.snapshot.routines.values()} == {made.account}
    ),
    "PUBLIC: TEMP ON DATABASE": lambda made: made.public_makes_temporary,
    "PUBLIC: USAGE ON SCHEMA IMMUTA_PROCEDURES": _usage(PROCEDURES),
    "PUBLIC: USAGE ON SCHEMA IMMUTA_FUNCTIONS": _usage(FUNCTIONS),
    "PUBLIC: USAGE ON SCHEMA IMMUTA_SYSTEM": _usage(SYSTEM),
    "PUBLIC: USAGE ON FUTURE FUNCTIONS": lambda made: all(
        state.public_execute for each, state in made.snapshot.routines.items() if each.schema == FUNCTIONS
    ),
}
"""The lines of the seed's list that hold, each by what shows it. That what is made later is reached
follows from ownership, and from a grant on each function by name in the transaction that makes it:
default privileges would reach what others make.
"""

OTHERWISE: Mapping[str, str] = {
    "system account: USAGE ON LANGUAGE PLPYTHONU": "Redshift has ended functions in Python, and veil makes none.",
    "PUBLIC: SELECT ON TABLES": "Our tables are secret. user_profile and the governed views are granted by name.",
}
"""The lines that do not, and why. USAGE ON DATABASE is CONNECT, which PUBLIC has where nobody took
it away, and ALL PRIVILEGES ON DATABASE is in both scripts: the catalog shows a superuser's rights
as no grants.
"""


def test_each_line_of_the_seeds_list_holds_or_has_a_reason(made: Made) -> None:
    assert {line for line, holds in AS_THE_SEED_SAYS.items() if not holds(made)} == set()
    assert not AS_THE_SEED_SAYS.keys() & OTHERWISE.keys()
    open_relations = {
        place for place, grants in made.snapshot.table_grants.items() if any(each.grantee == PUBLIC for each in grants)
    }
    assert open_relations == {(SYSTEM, "user_profile")}, OTHERWISE["PUBLIC: SELECT ON TABLES"]
    assert EVERYBODY_READS in made.snapshot.table_grants[SYSTEM, "user_profile"]
    languages = {each.attributes.language for each in made.snapshot.routines.values() if each.attributes is not None}
    assert languages == {"plpgsql", "sql"}, OTHERWISE["system account: USAGE ON LANGUAGE PLPYTHONU"]
    called = {each.name for each, state in made.snapshot.routines.items() if state.public_execute}
    assert called == PUBLIC_ROUTINES

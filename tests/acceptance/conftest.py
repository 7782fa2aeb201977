"""One embedded engine for all acceptance tests, a database of its own for each."""

import itertools
import os
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import redshift_connector

from tests.acceptance.attached import Providers
from tests.acceptance.terraform import Workspace, find_terraform, install_provider
from tests.engine import check_statements, running_engine
from veil.local import Address, Engine

PASSWORD = "Analyst1pass"
USERS = ("alice", "bob", "carol", "dave", "erin", "support")


@dataclass(frozen=True)
class Database:
    """A database of the engine, and how to look into it. Connections get the search_path, where one
    is given.
    """

    name: str
    address: Address
    search_path: str = ""

    def connect(self, user: str | None = None, password: str = PASSWORD) -> Any:
        """A connection as one of USERS or another user, or as the administrator."""
        connection = redshift_connector.connect(
            host=self.address.host,
            port=self.address.port,
            database=self.name,
            user=user or self.address.username,
            password=password if user else self.address.password,
            ssl=False,
        )
        connection.autocommit = True
        if self.search_path:
            with connection.cursor() as cursor:
                cursor.execute(f"SET search_path TO {self.search_path}")
        return connection

    def query(self, sql: str, user: str | None = None, password: str = PASSWORD) -> list[tuple[Any, ...]]:
        """The rows of one statement, as this user sees them."""
        with self.connect(user, password) as connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return [tuple(row) for row in cursor.fetchall()] if cursor.description else []

    def run(self, *statements: str, user: str | None = None) -> None:
        """Run statements one after the other."""
        with self.connect(user) as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def refusal(self, sql: str, user: str | None = None, password: str = PASSWORD) -> str:
        """The message with which the engine refuses a statement."""
        with pytest.raises(redshift_connector.ProgrammingError) as caught:
            self.query(sql, user, password)
        return str(caught.value.args[0]["M"])


CUSTOMERS = """
CREATE TABLE "raw".customers (
    id INTEGER, name VARCHAR(60), email VARCHAR(80), ssn VARCHAR(11), territory VARCHAR(2),
    card VARCHAR(16), level INTEGER, balance NUMERIC(10,2), created_at TIMESTAMP
)
"""
ROWS = (
    "(1, 'Ann', 'ann@example.com', '111-11-1111', 'US', '4000111122223333', 4, 100.50, '2026-01-01 10:00:00')",
    "(2, 'Ben', 'ben@example.com', '222-22-2222', 'CA', '4000222233334444', 8, 200.00, '2026-02-01 10:00:00')",
    "(3, 'Cid', 'cid@example.com', '333-33-3333', 'FR', '4000333344445555', 1, 0.00, '2026-03-01 10:00:00')",
    "(4, 'Dot', NULL, NULL, NULL, NULL, NULL, NULL, NULL)",
)
# The hierarchy of the seed document on data policies.
TREE = {
    "Food": range(1, 12),
    "Vegetables": (2, 3, 4, 9, 10, 11),
    "Fruits": (5, 6, 7, 8),
    "Carrots": (4,),
    "Leafy": (9, 10, 11),
    "Orange": (5, 6, 7),
    "Pear": (8,),
    "Lettuce": (10, 11),
}


def sample() -> Sequence[str]:
    """Statements that make the raw tables."""
    branches = (f"({level}, '{root}')" for root, levels in TREE.items() for level in levels)
    return (
        'CREATE SCHEMA "raw"',
        CUSTOMERS,
        f'INSERT INTO "raw".customers VALUES {", ".join(ROWS)}',
        'CREATE TABLE "raw".access_tree (access_level INTEGER, root VARCHAR(20))',
        f'INSERT INTO "raw".access_tree VALUES {", ".join(branches)}',
        'CREATE TABLE "raw".orders (id INTEGER, customer_id INTEGER, total NUMERIC(10,2))',
        'INSERT INTO "raw".orders VALUES (1, 1, 10.00), (2, 2, 20.00)',
    )


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """The engine of all acceptance tests. What the provider sent it is held against Redshift's
    documentation at the end, so that a statement of ours that a cluster would refuse fails the last
    test of the run.
    """
    with running_engine() as found:
        yield found
        check_statements(found)


@pytest.fixture(scope="session")
def users(engine: Engine) -> Address:
    """The engine's address, once the analysts exist."""
    address = engine.address()
    assert address is not None
    system = Database(address.database, address)
    for user in USERS:
        system.run(f"CREATE USER {user} PASSWORD '{PASSWORD}'")
    return address


_numbers = itertools.count()


@pytest.fixture(scope="session")
def new_database(users: Address) -> Callable[..., Database]:
    """Makes fresh databases with the raw tables, or with `empty` without any."""

    def make(*, empty: bool = False) -> Database:
        name = f"t{os.getpid()}_{next(_numbers)}"
        Database(users.database, users).run(f"CREATE DATABASE {name}")
        database = Database(name, users)
        database.run(*() if empty else sample())
        return database

    return make


@pytest.fixture(scope="module", params=[True, False], ids=["barriers", "no barriers"])
def barred(request: pytest.FixtureRequest) -> bool:
    """Whether the views of a module's database are to be security barriers, which a cluster's are
    not: first they are.
    """
    return bool(request.param)


@pytest.fixture
def database(new_database: Callable[[], Database]) -> Database:
    """A fresh database with the raw tables."""
    return new_database()


@pytest.fixture(scope="session")
def cli_config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if find_terraform() is None:
        pytest.skip("neither terraform nor tofu is on the PATH")
    return install_provider(tmp_path_factory.mktemp("provider"))


@pytest.fixture(scope="session")
def providers() -> Iterator[Providers]:
    """Providers for Terraform to attach to."""
    started = Providers()
    yield started
    started.close()


@pytest.fixture(scope="session")
def new_workspace(
    tmp_path_factory: pytest.TempPathFactory,
    cli_config: Path,
    engine: Engine,
    providers: Providers,
) -> Callable[[], Workspace]:
    """Makes workspaces, each with a state of its own. Their runs attach to providers that have
    started.
    """
    environment = {"VEIL_LOCAL_DIR": str(engine.directory)}
    return lambda: Workspace(tmp_path_factory.mktemp("workspace"), cli_config, environment, providers)


@pytest.fixture(scope="session")
def new_starting_workspace(
    tmp_path_factory: pytest.TempPathFactory,
    cli_config: Path,
    engine: Engine,
) -> Callable[[], Workspace]:
    """The same, in which Terraform starts the provider, for tests of what its process does.

    A file in which all tests need that imports this fixture as its `new_workspace`.
    """
    environment = {"VEIL_LOCAL_DIR": str(engine.directory)}
    return lambda: Workspace(tmp_path_factory.mktemp("workspace"), cli_config, environment)


@pytest.fixture
def workspace(new_workspace: Callable[[], Workspace]) -> Workspace:
    return new_workspace()


def header(database: Database, baseline: str = "") -> str:
    """The blocks that every configuration begins with."""
    return f"""
terraform {{
  required_providers {{ veil = {{ source = "veil-data/veil" }} }}
}}
provider "veil" {{
  engine   = "local"
  database = "{database.name}"
}}
resource "veil_integration" "main" {{
  name        = "main"
  database    = "{database.name}"
  view_schema = "governed"
  {baseline}
}}
"""


def psql(database: Database, user: str, sql: str) -> str:
    """What psql prints for a statement, unaligned and without headers."""
    from veil.local.cluster.binaries import psql as psql_program

    done = subprocess.run(
        [
            str(psql_program()),
            "-X",
            "-A",
            "-t",
            "-h",
            database.address.host,
            "-p",
            str(database.address.port),
            "-U",
            user,
            "-d",
            database.name,
            "-c",
            sql,
        ],
        env={**os.environ, "PGPASSWORD": PASSWORD},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()

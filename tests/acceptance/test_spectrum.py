"""Views of external tables, in the database that has them already and in a new one. The tests are
chapters of one story.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

import pytest

from tests.acceptance.conftest import Database
from tests.acceptance.modes import CONSTANT, EXPECTED, IMPORTS, attributes, configuration, import_blocks, seen
from tests.acceptance.terraform import Workspace
from veil.local import Engine

READERS = ("alice", "bob", "carol")
_NUMBERS = count(1)

FILE = """\
1,Ann,ann@example.com,111-11-1111,US,4000111122223333,4,100.50
2,Ben,ben@example.com,222-22-2222,CA,4000222233334444,8,200.00
3,Cid,cid@example.com,333-33-3333,FR,4000333344445555,1,0.00
4,Dot,\\N,\\N,\\N,\\N,\\N,\\N
"""
COLUMNS = (
    "id INTEGER, name VARCHAR(60), email VARCHAR(80), ssn VARCHAR(11), territory VARCHAR(2), card VARCHAR(16), level INTEGER,"
    " balance DECIMAL(10,2)"
)


@dataclass(frozen=True)
class Lake:
    """A database of the data catalog, and the external schemas made from it."""

    name: str
    engine: Engine

    def put(self, name: str, text: str) -> None:
        """Put a file of customers into the bucket."""
        folder = self.engine.storage / self.name / "customers"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)

    def add_to(self, database: Database) -> None:
        """Make the external schema in a database, and let the analysts use it."""
        database.run(
            f"CREATE EXTERNAL SCHEMA lake FROM DATA CATALOG DATABASE '{self.name}'"
            " IAM_ROLE 'arn:aws:iam::123456789012:role/lake' CREATE EXTERNAL DATABASE IF NOT EXISTS",
            *(f"GRANT USAGE ON SCHEMA lake TO {user}" for user in READERS),
        )

    def define(self, database: Database, more: str = "") -> None:
        """Make the table, which then is in all databases that have the schema."""
        database.run(
            f"CREATE EXTERNAL TABLE lake.customers ({COLUMNS}{more}) ROW FORMAT DELIMITED FIELDS TERMINATED BY ','"
            f" STORED AS TEXTFILE LOCATION 's3://{self.name}/customers/'"
        )


@dataclass(frozen=True)
class Place:
    """The lake, a database with its external schema, and the configuration's workspace."""

    lake: Lake
    database: Database
    workspace: Workspace

    def configuration(self, **changes: str) -> str:
        provider = f'provider "veil" {{\n  engine   = "local"\n  database = "{self.database.name}"\n}}'
        return configuration(self.database, provider, 'mode = "spectrum"', schema="lake", **changes)


@pytest.fixture(scope="module")
def lake(engine: Engine) -> Lake:
    return Lake(f"lake{next(_NUMBERS)}", engine)


@pytest.fixture(scope="module")
def place(lake: Lake, new_database: Callable[..., Database], new_workspace: Callable[[], Workspace]) -> Place:
    """In the existing database, which has raw tables of its own too: the lookup is one of them."""
    place = Place(lake, new_database(), new_workspace())
    lake.put("1.csv", FILE)
    lake.add_to(place.database)
    lake.define(place.database)
    place.workspace.write(place.configuration())
    assert (done := place.workspace.apply()), done.text
    return place


def test_everybody_sees_what_they_would_see_of_redshifts_own_table(place: Place):
    found = seen(place.database, but="dave")
    assert found == {user: rows for user, rows in EXPECTED.items() if user != "dave"}


def test_whoever_may_use_the_external_schema_reads_the_table_and_that_is_told(place: Place):
    assert "permission denied" in place.database.refusal("SELECT * FROM lake.customers", "dave")
    assert len(place.database.query("SELECT ssn FROM lake.customers", "alice")) == 4
    access = attributes(place.workspace, "data.veil_effective_access.alice")
    assert access["bypass"] == ["USAGE on the external schema lake is granted to the user alice."]
    assert access["enforced"] and not access["columns"]["ssn"]["masked"]
    health = attributes(place.workspace, "veil_data_source.customers")["health"]
    assert "user bob may use the external schema lake, and so can read the table lake.customers" in health


def test_the_plan_after_the_apply_is_empty_and_a_new_file_shows(place: Place):
    place.lake.put("2.csv", "5,Eve,eve@example.com,555-55-5555,US,4000555566667777,2,1.00\n")
    planned = place.workspace.plan()
    assert planned.code == 0, planned.text
    assert seen(place.database, but="dave")["alice"][-1] == (5, 64, "4000555566667777", "US")
    (place.lake.engine.storage / place.lake.name / "customers" / "2.csv").unlink()


def test_a_change_in_place_also_puts_right_what_was_altered(place: Place):
    place.database.run("DROP VIEW governed.customers", "DROP TABLE lake.customers")
    place.lake.define(place.database, more=", phone VARCHAR(20)")
    place.workspace.write(place.configuration(mask=CONSTANT))
    assert (done := place.workspace.apply()), done.text
    assert "0 added, 2 changed, 0 destroyed" in done.text
    for line in ("the view governed.customers is missing", "the column phone was added to lake.customers"):
        assert line in " ".join(done.text.split()), done.text
    assert [row[2] for row in seen(place.database, but="dave")["alice"]] == ["4000111122223333", "hidden"]


def test_everything_is_imported_and_then_there_is_nothing_to_do_but_to_destroy_it(place: Place):
    place.workspace.forget_state()
    place.workspace.write(place.configuration(mask=CONSTANT) + import_blocks())
    assert (done := place.workspace.apply()), done.text
    assert f"{len(IMPORTS)} imported, 0 added, 0 changed, 0 destroyed" in done.text
    place.workspace.write(place.configuration(mask=CONSTANT))
    assert (done := place.workspace.destroy()), done.text
    ours = "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'immuta%' OR nspname = 'governed'"
    assert place.database.query(ours) == []


def test_a_new_database_takes_the_external_tables_with_one_statement_that_the_plan_tells(
    place: Place, new_database: Callable[..., Database], new_workspace: Callable[[], Workspace]
):
    new = Place(place.lake, new_database(empty=True), new_workspace())
    new.workspace.write(
        new.configuration(lookup="lake.customers")
        .replace("root')", "name')")
        .replace("access_level FROM", "level FROM")
    )
    planned = new.workspace.plan()
    assert "Error: No such external schema" in planned.text
    assert f"FROM DATA CATALOG DATABASE '{place.lake.name}' IAM_ROLE" in " ".join(planned.text.split())
    new.lake.add_to(new.database)
    assert (done := new.workspace.apply()), done.text
    assert [row[0] for row in seen(new.database, but="dave")["bob"]] == [1, 2, 3, 4]

"""The life of a data source: disabled and enabled, over a table whose columns come, go and change,
and in the end deleted.

The tests are the chapters of one story on one database.
"""

import re
from collections.abc import Callable

import pytest

from tests.acceptance.conftest import Database, header
from tests.acceptance.terraform import Workspace

TABLE = 'CREATE TABLE "raw".staff (id INTEGER, name VARCHAR(40), ssn VARCHAR(11), salary INTEGER, note VARCHAR(20))'
ROWS = "INSERT INTO \"raw\".staff VALUES (1, 'Ann', '111-11-1111', 1000, 'x'), (2, 'Ben', '222-22-2222', 2000, 'y')"
COLUMNS = 'ssn = { tags = ["pii.ssn"] }, salary = { tags = ["pay"] }'


class Place:
    """The database, and a workspace whose configuration differs in the data source's attributes
    only.
    """

    def __init__(self, database: Database, workspace: Workspace) -> None:
        self.database, self.workspace = database, workspace

    def write(self, columns: str = COLUMNS, more: str = "", source: bool = True) -> None:
        """Write the configuration."""
        staff = f"""
resource "veil_data_source" "staff" {{
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "staff"
  tags        = ["hr"]
  columns     = {{ {columns} }}
  {more}
}}"""
        self.workspace.write(f"""{header(self.database)}
resource "veil_data_source" "orders" {{
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "orders"
  tags        = ["hr"]
}}
resource "veil_masking_policy" "ssn" {{
  integration = veil_integration.main.id
  name        = "ssn"
  applies_to  = {{ column_tags = ["pii"] }}
  mask        = {{ hash = {{}} }}
}}
resource "veil_masking_policy" "pay" {{
  integration = veil_integration.main.id
  name        = "pay"
  applies_to  = {{ column_tags = ["pay"] }}
  mask        = {{ round = {{ bucket = 1500 }} }}
}}
resource "veil_subscription_policy" "all" {{
  integration = veil_integration.main.id
  name        = "all"
  applies_to  = {{ data_source_tags = ["hr"] }}
  access      = "everyone"
}}
resource "veil_user_profile" "alice" {{
  integration = veil_integration.main.id
  user        = "alice"
}}
{staff if source else ""}""")

    def apply(self) -> None:
        """Apply what was written."""
        done = self.workspace.apply()
        assert done, done.text

    def rows(self, columns: str = "*") -> list[tuple[object, ...]]:
        """What alice sees."""
        return self.database.query(f"SELECT {columns} FROM governed.staff ORDER BY id", "alice")

    def columns(self) -> list[str]:
        """The columns that alice's view has."""
        found = self.database.query(
            "SELECT column_name FROM svv_columns WHERE table_schema = 'governed' AND table_name = 'staff'"
        )
        return sorted(str(row[0]) for row in found)


@pytest.fixture(scope="module")
def place(new_database: Callable[[], Database], new_workspace: Callable[[], Workspace]) -> Place:
    made = Place(new_database(), new_workspace())
    made.database.run(TABLE, ROWS)
    made.write()
    made.apply()
    return made


def test_a_disabled_source_has_no_view_and_keeps_its_metadata_and_its_hashes(place: Place):
    before = place.rows()
    assert [(row[1], row[3]) for row in before] == [("Ann", 0), ("Ben", 1500)] and len(str(before[0][2])) == 64
    stored = "SELECT COUNT(*) FROM immuta_system.object WHERE kind = 'data_source' AND name = 'raw.staff'"
    place.write(more="enabled = false")
    place.apply()
    assert "does not exist" in place.database.refusal("SELECT * FROM governed.staff", "alice")
    assert place.database.query(stored) == [(1,)]
    place.write()
    place.apply()
    assert place.rows() == before


def test_columns_that_come_go_and_change_are_told_and_nothing_new_is_shown(place: Place):
    place.database.run(
        'ALTER TABLE "raw".staff ADD COLUMN phone VARCHAR(20)',
        "UPDATE \"raw\".staff SET phone = '555'",
        'ALTER TABLE "raw".staff DROP COLUMN note',
        'ALTER TABLE "raw".staff ALTER COLUMN name TYPE VARCHAR(80)',
    )
    assert "phone" not in place.columns()
    told = " ".join(place.workspace.plan("-out=plan.bin").text.split())
    assert "the column phone was added to raw.staff; new_columns = 'hide' decides what becomes of it" in told
    assert "the column note was dropped from raw.staff" in told
    assert "the column name of raw.staff was changed from character varying(40) to character varying(80)" in told
    assert place.workspace.apply("plan.bin")
    assert place.columns() == ["id", "name", "salary", "ssn"]
    assert place.rows("name") == [("Ann",), ("Ben",)]


def test_a_new_column_is_shown_as_new_columns_says_or_as_it_is_accepted(place: Place):
    place.write(more='new_columns = "null"')
    place.apply()
    assert place.rows("phone") == [(None,), (None,)]
    place.write(more='new_columns = "expose"')
    place.apply()
    assert place.rows("phone") == [("555",), ("555",)]
    place.write(COLUMNS + ', phone = { tags = ["pii.phone"] }')
    place.apply()
    assert {len(str(row[0])) for row in place.rows("phone")} == {64}


def test_a_renamed_column_takes_its_clear_values_nowhere(place: Place):
    place.database.run('ALTER TABLE "raw".staff RENAME COLUMN ssn TO social')
    planned = place.workspace.plan()
    assert planned.code == 2
    assert "The table raw.staff no longer has the column ssn, which this configuration names" in (
        " ".join(planned.text.split())
    )
    place.write('salary = { tags = ["pay"] }', more='filter_columns = ["id", "ssn"]')
    planned = place.workspace.plan()
    assert planned.code == 1
    assert "The table raw.staff has no column 'ssn'." in " ".join(planned.text.split())
    place.write('salary = { tags = ["pay"] }, phone = { tags = ["pii.phone"] }')
    place.apply()
    assert place.columns() == ["id", "name", "phone", "salary"]


def test_a_table_that_is_made_again_is_governed_as_before(place: Place):
    before = place.rows("id, name, salary")
    place.database.run('DROP TABLE "raw".staff')
    planned = place.workspace.plan()
    assert planned.code == 0 and "The table raw.staff is gone." in planned.text, planned.text
    place.database.run(TABLE.replace("note", "phone"), ROWS)
    # Under a late-binding view: nothing has been applied yet, and it shows no more than it did.
    assert place.columns() == ["id", "name", "phone", "salary"]
    assert place.rows("id, name, salary") == before
    assert {len(str(row[0])) for row in place.rows("phone")} == {64}


def test_destroying_its_mask_warns_and_destroying_everything_does_not(place: Place):
    title = "Destroying a policy shows more of a data source that stays"
    everything = place.workspace.plan("-destroy")
    assert everything.code == 2 and title not in everything.text, everything.text
    whole = (place.workspace.folder / "main.tf").read_text()
    place.workspace.write(re.sub(r'resource "veil_masking_policy" "pay".*?\n}', "", whole, flags=re.DOTALL))
    planned = place.workspace.plan()
    assert title in planned.text, planned.text
    assert 'Masking policy "pay" is destroyed and data source raw.staff stays: no mask is left on column salary.' in (
        " ".join(planned.text.split())
    )


def test_a_deleted_source_takes_its_view_and_nothing_else(place: Place):
    place.write(source=False)
    place.apply()
    assert "does not exist" in place.database.refusal("SELECT * FROM governed.staff", "alice")
    assert place.database.query("SELECT COUNT(*) FROM governed.orders", "alice") == [(2,)]
    assert place.database.query('SELECT COUNT(*) FROM "raw".staff') == [(2,)]
    planned = place.workspace.plan()
    assert planned.code == 0, planned.text

"""What is made of tables of veil's whose columns were altered, and of things of others in the place
of veil's.
"""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from tests.governance.installation.test_drift import deployed
from veil.governance.installation.drift import alterations
from veil.governance.installation.others import others
from veil.governance.installation.repairing import repair_statements
from veil.governance.installation.shapes import displacing, misshapen, reshaping
from veil.governance.metadata.deployed import DeployedState
from veil.model import Integration
from veil.warehouse import RelationKind, TableColumn, TableState, ViewState, expected_columns

AUTOMATIC = Integration("main", "analytics", "governed")
TABLE, VIEW = RelationKind.TABLE, RelationKind.VIEW
SALT = ("immuta_system", "salt")


def holding(
    columns: Mapping[str, tuple[TableColumn, ...]], kinds: Mapping[tuple[str, str], RelationKind], owner: str = "bob"
) -> DeployedState:
    one = deployed(AUTOMATIC)
    every = {("immuta_system", table): TABLE for table in columns} | kinds
    tables = {table: TableState(TABLE, columns[table]) for table in columns}
    tables |= {name: TableState(kind) for (_, name), kind in kinds.items()}
    owners = dict.fromkeys(every, "veil") | dict.fromkeys(kinds, owner)
    views = {place: ViewState("SELECT 1", owner) for place, kind in kinds.items() if kind is VIEW}
    facts = {"tables": tables, "kinds": every, "owners": owners, "views": views, "superusers": frozenset({"veil"})}
    return replace(one, snapshot=replace(one.snapshot, **facts))


def salt(*columns: TableColumn) -> DeployedState:
    return holding({**expected_columns(), "salt": columns}, {})


NAME, VALUE = expected_columns()["salt"]


def told(one: DeployedState) -> str:
    return "\n".join(alterations(one))


def test_tables_as_they_were_made_are_well():
    one = salt(VALUE, NAME)  # The order does not matter.
    assert (misshapen(one), displacing(one), list(reshaping(one, one.layout, ()))) == ([], {}, [])
    assert "column" not in told(one)


@pytest.mark.parametrize(
    ("columns", "line", "kept"),
    [
        ((NAME,), "the column salt of the table immuta_system.salt is missing", False),
        (
            (NAME, replace(VALUE, type="character varying(8)")),
            "salt of the table immuta_system.salt is character varying(8) and not character varying(64)",
            True,
        ),
        ((NAME, replace(VALUE, type="integer")), "is integer and not character varying(64)", False),
        ((replace(NAME, required=False), VALUE), "the column name of the table immuta_system.salt may be NULL", True),
    ],
)
def test_a_misshapen_table_is_told_and_made_anew(columns: tuple[TableColumn, ...], line: str, kept: bool):
    one = salt(*columns)
    assert line in told(one)
    assert ("with its rows" in told(one)) == kept
    statements = list(reshaping(one, one.layout, ()))
    assert statements[0] == 'ALTER TABLE "immuta_system"."salt" RENAME TO "salt_aside"'
    assert statements[1].startswith('CREATE TABLE IF NOT EXISTS "immuta_system".salt')
    assert statements[-1] == 'DROP TABLE "immuta_system"."salt_aside"'
    assert any(each.startswith("INSERT INTO") for each in statements) == kept


def test_rows_are_carried_over_column_by_column():
    one = salt(NAME, replace(VALUE, type="character varying(100)"))
    assert list(reshaping(one, one.layout, ()))[2] == (
        'INSERT INTO "immuta_system"."salt" ("name", "salt") SELECT CAST("name" AS VARCHAR(1024)), '
        'CAST("salt" AS VARCHAR(64)) FROM "immuta_system"."salt_aside" '
        'WHERE "name" IS NOT NULL AND "salt" IS NOT NULL'
    )


@pytest.mark.parametrize("required", [True, False])
def test_a_column_of_others_is_named_and_left(required: bool):
    one = salt(NAME, VALUE, TableColumn("note", "integer", required))
    assert misshapen(one) == []
    (other,) = (each for each in others(one) if "column" in each.what)
    assert other.what == "the column note of the table immuta_system.salt"
    assert bool(other.danger) == required
    assert other.ending == 'ALTER TABLE "immuta_system"."salt" DROP COLUMN "note"'


@pytest.mark.parametrize(
    ("place", "kind", "line"),
    [
        (SALT, VIEW, "a view of bob stands in the place of the table immuta_system.salt: it is kept as"),
        (SALT, RelationKind.MATERIALIZED_VIEW, "a materialized view of bob stands in the place of the table"),
        (("immuta_system", "user_entry"), TABLE, "a table of bob stands in the place of the view"),
    ],
)
def test_what_stands_in_the_place_of_veils_is_kept_under_another_name(
    place: tuple[str, str], kind: RelationKind, line: str
):
    columns = {table: each for table, each in expected_columns().items() if table != place[1]}
    one = holding(columns, {place: kind, ("immuta_system", f"{place[1]}_aside"): TABLE})
    assert line in told(one) and f"{place[1]} is missing" not in told(one)
    statements = repair_statements(one, one.layout)
    renaming = f'ALTER TABLE "immuta_system"."{place[1]}" RENAME TO "{place[1]}_aside2"'
    assert renaming in statements
    assert not [each for each in statements if each.startswith("DROP") or f'"{place[1]}" OWNER TO' in each]
    making = next(each for each in statements if each.startswith("CREATE") and f".{place[1]} " in each)
    assert statements.index(renaming) < statements.index(making)

"""Taking privileges back, in the forms of REVOKE that Redshift documents, from those who passed
them on.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.engine import connect
from tests.surface.statements import problems
from veil.governance.privileges import take_back, take_back_table
from veil.governance.service import Governance
from veil.local import Engine
from veil.warehouse import Grant, Grantee

BOB, CAROL = Grantee("user", "bob"), Grantee("user", "carol")
PLACE = ("immuta_system", "runtime")


@pytest.mark.parametrize(
    "grants",
    [
        [Grant(BOB, "SELECT")],
        [Grant(BOB, "SELECT", column="a"), Grant(CAROL, "UPDATE")],
        [Grant(BOB, "SELECT", grantable=True), Grant(CAROL, "SELECT")],
        [Grant(BOB, "SELECT", column="a", grantable=True)],
    ],
)
def test_privileges_are_taken_back_in_documented_forms(grants: list[Grant]) -> None:
    for statement in (*take_back(grants, PLACE), *take_back_table(grants, PLACE)):
        assert not problems(statement), statement


def test_a_table_whose_privileges_were_passed_on_keeps_its_rows_and_no_grants(
    engine: Engine, new_governance: Callable[..., Governance]
) -> None:
    governance = new_governance()
    address = engine.address()
    assert address is not None
    with connect(address, database=governance.database) as admin, admin.cursor() as cursor:

        def read(sql: str) -> list[tuple[object, ...]]:
            cursor.execute(sql)
            return [tuple(row) for row in cursor.fetchall()]

        for statement in (
            "CREATE USER passer PASSWORD 'Abcdefg1'",
            "CREATE USER taker PASSWORD 'Abcdefg1'",
            "INSERT INTO immuta_system.runtime VALUES ('ann', 'p', GETDATE())",
            "GRANT SELECT ON immuta_system.runtime TO passer WITH GRANT OPTION",
            "SET SESSION AUTHORIZATION passer",
            "GRANT SELECT ON immuta_system.runtime TO taker",
            "RESET SESSION AUTHORIZATION",
        ):
            cursor.execute(statement)
        grants = "SELECT identity_name FROM svv_relation_privileges WHERE relation_name = 'runtime'"
        assert {("passer",), ("taker",)} <= set(read(grants))
        columns = "SELECT column_name, is_nullable FROM svv_columns WHERE table_name = 'runtime' ORDER BY 1"
        before = read(columns)
        for statement in take_back_table([Grant(Grantee("user", "passer"), "SELECT", grantable=True)], PLACE):
            cursor.execute(statement)
        assert not {("passer",), ("taker",)} & set(read(grants))
        assert read(columns) == before
        assert read("SELECT immuta__userid FROM immuta_system.runtime") == [("ann",)]
        assert read("SELECT COUNT(*) FROM immuta_system.user_entry") == [(0,)]

"""What holds for every view, on the engine: nothing that a caller does shows more."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import redshift_connector

from tests.compiler.warehouse import Warehouse, refusal
from tests.compiler.worlds import CASES
from tests.engine import run_behind
from tests.policy.building import TIMESTAMP, TIMESTAMPTZ, char, column, groups, numeric, on, source, varchar, world
from veil.compiler import compile_view, literal
from veil.local import Engine
from veil.model import (
    Constant,
    Exceptions,
    Hash,
    MaskingPolicy,
    Match,
    Null,
    Partial,
    RowPolicy,
    TimeWindow,
    TruncateDate,
    UserMatches,
    Where,
)

SALES = on(sources=["sales"])


@pytest.mark.parametrize("name", sorted(set(CASES) - {"multi_database", "multi_database_rows"}))
def test_every_recorded_view_runs_for_everybody(warehouse: Warehouse, name: str):
    governed, data_source = CASES[name]
    warehouse.run('DROP TABLE IF EXISTS "raw".access_tree')
    warehouse.run('CREATE TABLE "raw".access_tree (access_level VARCHAR(20), root VARCHAR(20))')
    warehouse.run("CREATE SCHEMA IF NOT EXISTS ref")
    warehouse.run("DROP TABLE IF EXISTS ref.regions")
    warehouse.run("CREATE TABLE ref.regions (region VARCHAR(9), owner VARCHAR(9), active BOOLEAN, size INTEGER)")
    warehouse.table(data_source, [[None] * len(data_source.columns)] * 2)
    warehouse.users({"ann": [("group", "", "hr")], "bob": []})
    warehouse.functions(governed)
    warehouse.publish(governed, data_source)
    columns = [each.name for each in data_source.columns]
    for user in ("ann", "bob", "eve"):
        assert all(len(row) == len(columns) for row in warehouse.look(user, data_source))


HIDING = source(column("id"), column("secret", varchar(40)), column("number"), table="hiding")


@pytest.fixture
def hiding(warehouse: Warehouse) -> Warehouse:
    """A view that shows ann the row with id 2, and hides that with id 1."""
    warehouse.table(HIDING, [(1, "hidden", 0), (2, "7", 7)])
    warehouse.users({"ann": [("attribute", "ids", "2")]})
    rows = RowPolicy("r", SALES, Where("@attributeValuesContains('ids', id)"))
    warehouse.publish(world(HIDING, rows), HIDING)
    return warehouse


@pytest.mark.parametrize(
    "condition",
    ["100 / number > 0", "CAST(secret AS INTEGER) > 0", "CASE WHEN secret = 'hidden' THEN 1 / number ELSE 1 END = 1"],
)
def test_a_callers_predicate_never_meets_a_hidden_row(hiding: Warehouse, condition: str):
    assert hiding.ask("ann", f"SELECT id FROM governed.hiding WHERE {condition}") == [[2]]
    assert hiding.ask("bob", f"SELECT id FROM governed.hiding WHERE {condition}") == []


def test_a_filter_on_a_column_that_stands_bare_reaches_the_scan(engine: Engine, warehouse: Warehouse):
    """By an operator that the engine knows to tell nothing, it passes the security barrier, too."""
    address = engine.address()
    assert address is not None
    wide = source(column("id"), column("region", varchar(9), "geo"), column("secret", varchar(9)), table="wide")
    warehouse.table(wide, [(1, "north", "shown"), (2, "south", "hidden"), (3, "north", "other")])
    more = "INSERT INTO \"raw\".wide SELECT g, CASE WHEN g % 2 = 0 THEN 'south' ELSE 'north' END, 's' FROM generate_series(4, 9999) AS g"
    run_behind(engine, address.database, [more, 'CREATE INDEX by_id ON "raw".wide (id)', "ANALYZE raw.wide"])
    warehouse.users({"ann": [("attribute", "region", "north")]})
    rule = RowPolicy("r", SALES, UserMatches((Match("geo", "region"),)), exceptions=groups("global"))
    lookup = "SELECT id, secret FROM governed.wide WHERE id = {}"
    for columns in (frozenset[str](), frozenset({"id", "region"})):
        made = replace(wide, filter_columns=columns)
        warehouse.publish(world(made, rule), made)
        plan = "\n".join(str(row[0]) for row in warehouse.ask("ann", f"EXPLAIN {lookup.format(3)}"))
        assert ("Index Scan using by_id on wide t" in plan and "Index Cond: (id = 3)" in plan) == bool(columns), plan
        assert "Seq Scan on wide t" not in plan or not columns, plan
        assert warehouse.ask("ann", lookup.format(3)) == [[3, "other"]]
        assert warehouse.ask("ann", lookup.format(2)) == warehouse.ask("bob", lookup.format(3)) == []
        for hidden in ("100 / (LEN(secret) - 6) > 0", "CAST(region AS INTEGER) > 0 AND region = 'south'"):
            assert warehouse.ask("ann", f"SELECT id FROM governed.wide WHERE id = 2 AND {hidden}") == []


def test_a_look_alike_in_the_callers_search_path_does_not_run(warehouse: Warehouse):
    table = source(column("id"), column("secret", varchar(40), "pii"), table="shadowed")
    warehouse.table(table, [(1, "secret")])
    warehouse.users({"ann": []})
    warehouse.publish(world(table, MaskingPolicy("m", on("pii"), Hash())), table)
    before = warehouse.look("ann", table)
    warehouse.run("CREATE SCHEMA IF NOT EXISTS mine")
    warehouse.run("GRANT ALL ON SCHEMA mine TO ann")
    for function in ("sha2(VARCHAR, INTEGER)", "rtrim(VARCHAR)", "max(INTEGER)", "getdate()"):
        gives = {
            "s": ("VARCHAR", "'leak'"),
            "r": ("VARCHAR", "'x'"),
            "m": ("INTEGER", "1"),
            "g": ("TIMESTAMP", "NULL::TIMESTAMP"),
        }
        kind, value = gives[function[0]]
        warehouse.tell(
            "ann",
            f"CREATE OR REPLACE FUNCTION mine.{function} RETURNS {kind} STABLE AS $$ SELECT {value} $$ LANGUAGE sql",
        )
    warehouse.tell("ann", "SET search_path TO mine, pg_catalog")
    try:
        assert warehouse.look("ann", table) == before
    finally:
        warehouse.tell("ann", "RESET search_path")


def test_no_setting_of_the_caller_changes_what_a_view_shows(warehouse: Warehouse):
    table = source(column("id"), column("at", TIMESTAMPTZ, "at"), column("day", varchar(30), "pii"), table="settings")
    warehouse.table(table, [(1, "2026-05-01 01:00:00+02", "x"), (2, "2026-05-01 12:00:00+02", "y")])
    warehouse.users({"ann": [("attribute", "at", "2026-04-30 23:00:00"), ("attribute", "at", "2026-05-01 10:00:00")]})
    policies = (
        MaskingPolicy("t", on("at"), TruncateDate("month")),
        RowPolicy("r", SALES, UserMatches((Match("at", "at"),))),
        MaskingPolicy("c", on("pii"), Constant("masked"), where="@columnReference('at') >= '2026-05-01'"),
    )
    warehouse.publish(world(table, *policies), table)
    before = warehouse.look("ann", table)
    assert [row[2] for row in before] == ["x", "masked"]
    for setting in ("TimeZone TO 'America/New_York'", "DateStyle TO 'SQL, DMY'", "extra_float_digits TO 2"):
        warehouse.tell("ann", f"SET {setting}")
    try:
        assert warehouse.look("ann", table) == before
    finally:
        for setting in ("TimeZone", "DateStyle", "extra_float_digits"):
            warehouse.tell("ann", f"RESET {setting}")


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York", "<x>-100"])
@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (TimeWindow("older", 2, "hours"), [2]),
        (TimeWindow("newer", 2, "hours"), [1]),
        (Where("at > DATEADD(hour, -2, GETDATE())"), [1]),
        (Where("DATEDIFF(hour, at, SYSDATE) >= 2"), [2]),
    ],
)
def test_the_callers_time_zone_does_not_move_now(
    warehouse: Warehouse, zone: str, rule: TimeWindow | Where, expected: list[int]
):
    table = source(column("id"), column("at", TIMESTAMP), table="moved", event_time_column="at")
    moment = datetime.now(UTC).replace(tzinfo=None)
    warehouse.table(table, [(1, f"{moment - timedelta(hours=1)}"), (2, f"{moment - timedelta(hours=3)}")])
    warehouse.users({"ann": []})
    warehouse.publish(world(table, RowPolicy("r", SALES, rule)), table)
    warehouse.tell("ann", f"SET TimeZone TO '{zone}'")
    try:
        assert warehouse.ask("ann", "SELECT id FROM governed.moved") == [[each] for each in expected]
    finally:
        warehouse.tell("ann", "RESET TimeZone")


CLOCKS = "CASE g WHEN 1 THEN 'UTC' WHEN 2 THEN '<x>-100' ELSE '<x>100' END"
THREE = "(SELECT 1 AS g UNION ALL SELECT 2 UNION ALL SELECT 3) AS numbers"


@pytest.mark.parametrize("off", [(), ("hashjoin", "mergejoin", "material")], ids=["any join", "nested loops"])
def test_a_time_zone_that_changes_within_a_query_does_not_move_now(warehouse: Warehouse, off: tuple[str, ...]):
    table = source(column("id"), column("at", TIMESTAMP), table="moving", event_time_column="at")
    moment = datetime.now(UTC).replace(tzinfo=None)
    warehouse.table(table, [(1, f"{moment - timedelta(hours=1)}"), (2, f"{moment - timedelta(hours=3)}")])
    warehouse.users({"ann": []})
    rules = (
        TimeWindow("newer", 2, "hours"),
        Where("at > DATEADD(hour, -2, GETDATE()) AND DATEDIFF(hour, at, GETDATE()) < 2"),
    )
    warehouse.publish(world(table, *(RowPolicy(f"r{at}", SALES, rule) for at, rule in enumerate(rules))), table)
    sets = f"(SELECT g, SET_CONFIG('TimeZone', {CLOCKS}, FALSE) AS zone FROM {THREE}) AS s"
    for method in off:
        warehouse.tell("ann", f"SET enable_{method} TO off")
    try:
        seen = warehouse.ask(
            "ann", f"SELECT m.id FROM {sets} LEFT JOIN governed.moving AS m ON m.id > LEN(s.zone) - 99"
        )
        again = "(SELECT MAX(m.id) FROM governed.moving AS m WHERE m.id > LEN(s.zone) - 99)"
        seen += warehouse.ask("ann", f"SELECT {again} FROM {sets}")
        assert seen == [[1]] * 6
    finally:
        for setting in ("TimeZone", *(f"enable_{method}" for method in off)):
            warehouse.tell("ann", f"RESET {setting}")


def test_names_that_look_like_sql_stay_names(warehouse: Warehouse):
    odd = source(
        column('we"ird', varchar(20), "pii"),
        column("t", varchar(20)),
        column("d", varchar(20), "geo"),
        column("a1"),
        column("select", char(5)),
        column("it's \\", varchar(9)),
        table="odd \"name' \\",
    )
    warehouse.table(odd, [("abc", "t", "x'\\", 1, "s", "i"), ("def", "t", "y", 2, "s", "i")])
    value = "x'\\"
    warehouse.users({"ann": [("attribute", "a'\\", value), ("group", "", "g'\\")]})
    policies = (
        MaskingPolicy("m", on("pii"), Partial(1, 0, "'"), exceptions=groups("nobody'\\")),
        RowPolicy("r", SALES, UserMatches((Match("geo", "a'\\"),))),
        MaskingPolicy("n", on("geo"), Null(), exceptions=Exceptions(groups=frozenset({"g'\\"}))),
    )
    warehouse.publish(world(odd, *policies), odd)
    assert warehouse.look("ann", odd) == [["a''", "t", value, 1, "s    ", "i"]]


def test_a_new_column_of_the_base_table_stays_hidden_and_a_rebuilt_table_is_read_again(warehouse: Warehouse):
    table = source(column("id"), column("name", varchar(9)), table="changing")
    warehouse.table(table, [(1, "a")])
    warehouse.users({"ann": []})
    warehouse.publish(world(table), table)
    warehouse.run('ALTER TABLE "raw".changing ADD COLUMN secret VARCHAR(9)')
    assert warehouse.look("ann", table) == [[1, "a"]]
    warehouse.table(table, [(2, "b")])
    assert warehouse.look("ann", table) == [[2, "b"]]


def test_a_closed_view_has_all_columns_and_no_rows(warehouse: Warehouse):
    table = source(column("id"), column("n", numeric(8, 2), "pii"), column("s", varchar(9)), table="closed")
    warehouse.table(table, [(1, "1", "a")])
    warehouse.users({"ann": [("subscription", "", "raw.closed")]})
    warehouse.publish(world(table), replace(table, policies=frozenset({"absent"})))
    cursor = "SELECT column_name, data_type FROM svv_columns WHERE table_schema = 'governed' AND table_name = 'closed' ORDER BY 1"
    assert warehouse.look("ann", table) == []
    assert warehouse.ask("ann", cursor) == [["id", "integer"], ["n", "numeric"], ["s", "character varying"]]


def test_a_row_closes_a_view_and_its_removal_opens_it_again(warehouse: Warehouse):
    table, other = source(column("id"), table="it's"), source(column("id"), table="other")
    warehouse.users({"ann": []})
    for each in (table, other):
        warehouse.table(each, [(1,), (2,)])
        warehouse.publish(world(each), each)
    warehouse.run(f"INSERT INTO immuta_system.closed VALUES ({literal(table.key)}, 'row_policy', 'r', 'x')")
    assert [warehouse.look("ann", each) for each in (table, other)] == [[], [[1], [2]]]
    assert warehouse.ask("ann", 'SELECT COUNT(*) FROM governed."it\'s"') == [[0]]
    with pytest.raises(redshift_connector.Error, match="permission denied"):
        warehouse.ask("ann", "SELECT * FROM immuta_system.closed")
    warehouse.run("DELETE FROM immuta_system.closed")
    assert warehouse.look("ann", table) == [[1], [2]]


def test_users_read_neither_base_table_nor_salt(warehouse: Warehouse):
    table = source(column("id"), column("secret", varchar(9), "pii"), table="base")
    warehouse.table(table, [(1, "secret")])
    warehouse.users({"ann": []})
    governed = world(table, MaskingPolicy("m", on("pii"), Hash()))
    warehouse.publish(governed, table)
    for relation in ('"raw".base', "immuta_system.salt", "immuta_system.entries"):
        with pytest.raises(redshift_connector.Error) as refused:
            warehouse.ask("ann", f"SELECT * FROM {relation}")
        assert "permission denied" in refusal(refused.value)
    assert len(warehouse.look("ann", table)) == 1


def test_the_version_of_the_compiler_survives_in_the_views_text(warehouse: Warehouse):
    table = source(column("id"), table="commented")
    warehouse.table(table, [])
    warehouse.publish(world(table), table)
    ((text,),) = warehouse.ask("ann", "SELECT pg_get_viewdef('governed.commented'::regclass)")
    assert text.rstrip(";\n ") == compile_view(world(table), table)
    assert literal("x") == "'x'"

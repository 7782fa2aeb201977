"""Who asks is decided once per query: nothing that changes it in the middle shows a row, or a
value, of a mixture.
"""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.acceptance.conftest import Database, header
from tests.acceptance.terraform import Workspace
from tests.engine import run_behind, take_barriers
from veil.local import Engine
from veil.warehouse import Layout
from veil.warehouse.templates import names, render

GOVERNED = """
resource "veil_data_source" "people" {
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "people"
  tags        = ["people"]
  columns     = { ssn = { tags = ["pii.ssn"] }, region = { tags = ["geo.region"] } }
}
resource "veil_subscription_policy" "analysts" {
  integration = veil_integration.main.id
  name        = "analysts"
  applies_to  = { data_source_tags = ["people"] }
  access      = "conditions"
  expression  = "@isInGroups('analysts')"
}
resource "veil_masking_policy" "ssn" {
  integration = veil_integration.main.id
  name        = "hash-ssn"
  applies_to  = { column_tags = ["pii"] }
  mask        = { hash = {} }
  exceptions  = { groups = ["hr"], purposes = ["fraud"] }
}
resource "veil_row_policy" "region" {
  integration = veil_integration.main.id
  name        = "own-region"
  applies_to  = { column_tags = ["geo.region"] }
  show        = { user_matches = [{ attribute = "region", column_tag = "geo.region" }] }
  exceptions  = { groups = ["global"], purposes = ["fraud"] }
}
resource "veil_row_policy" "barred" {
  integration = veil_integration.main.id
  name        = "not-barred"
  applies_to  = { column_tags = ["geo.region"] }
  show        = { where = "NOT @attributeValuesContains('barred', @columnTagged('geo.region'))" }
}
resource "veil_user_profiles" "all" {
  integration = veil_integration.main.id
  users = {
    support = { groups = ["hr", "global"] }
    alice   = { groups = ["analysts"], attributes = { region = ["north"], barred = ["east"] } }
    bob     = { groups = ["analysts"], attributes = { region = ["south"] } }
    carol   = { groups = ["analysts"], attributes = { region = ["north"] } }
  }
}
resource "veil_impersonation" "support" {
  integration = veil_integration.main.id
  user        = "support"
  as_users    = ["alice", "bob"]
}
resource "veil_user_profile" "erin" {
  integration = veil_integration.main.id
  user        = "erin"
}
resource "veil_subscription" "ended" {
  integration = veil_integration.main.id
  user        = "erin"
  data_source = veil_data_source.people.id
  expires_at  = "@ENDED@"
}
resource "veil_purpose" "fraud" {
  integration     = veil_integration.main.id
  name            = "fraud"
  acknowledgement = "I agree."
}
resource "veil_project" "fraud" {
  integration  = veil_integration.main.id
  name         = "fraud"
  members      = ["carol"]
  data_sources = []
  purposes     = [veil_purpose.fraud.name]
}
resource "veil_project" "people" {
  integration  = veil_integration.main.id
  name         = "people"
  members      = ["carol"]
  data_sources = [veil_data_source.people.id]
}
"""
REGIONS = ("north", "south", "east")
PEOPLE = 60
NO_JOIN = tuple(f"SET enable_{method} TO off" for method in ("hashjoin", "mergejoin", "material", "memoize"))
ME, ALICE, BOB = "", "alice", "bob"
VISIBLE = {
    ME: set[int](),
    ALICE: {each for each in range(1, PEOPLE + 1) if each % 3 == 0},
    BOB: {each for each in range(1, PEOPLE + 1) if each % 3 == 1},
}
"""The ids that `support` sees as themself and as those whom they may be."""


@pytest.fixture(scope="module")
def applied(new_database: Callable[..., Database], new_workspace: Callable[[], Workspace]) -> Database:
    database, workspace = new_database(empty=True), new_workspace()
    database.run(
        'CREATE SCHEMA "raw"',
        'CREATE TABLE "raw".people (id INTEGER, ssn VARCHAR(11), region VARCHAR(10))',
        *(
            f"INSERT INTO \"raw\".people VALUES ({each}, '999-00-{each:04}', '{REGIONS[each % 3]}')"
            for each in range(1, PEOPLE + 1)
        ),
        "CREATE SCHEMA trap",
        "GRANT ALL ON SCHEMA trap TO PUBLIC",
        "CREATE VIEW trap.whom AS"
        " SELECT id, CURRENT_SETTING('app.immuta_impersonate', FALSE) AS ssn, region FROM \"raw\".people",
        "GRANT SELECT ON trap.whom TO PUBLIC",
    )
    group = f"support_{database.name}"
    ended = (datetime.now(UTC) - timedelta(minutes=5)).isoformat(timespec="seconds")
    workspace.write(header(database, f'impersonation = {{ group = "{group}" }}') + GOVERNED.replace("@ENDED@", ended))
    assert (done := workspace.apply()), done.text
    return database


@pytest.fixture(scope="module")
def governed(engine: Engine, applied: Database, barred: bool) -> Database:
    if not barred:
        take_barriers(engine, applied.name)
    return applied


def session(database: Database, *statements: str, user: str = "support") -> list[tuple[Any, ...]]:
    """The rows of the last statement of one session."""
    with database.connect(user) as connection, connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        return [tuple(row) for row in cursor.fetchall()]


def become(user: str) -> str:
    return f"SET app.immuta_impersonate TO '{user}'"


def becoming(choice: str) -> str:
    """The call that makes the session ask to be `choice`, an expression, from then on."""
    return f"SET_CONFIG('app.immuta_impersonate', {choice}, FALSE)"


def judge(found: Iterable[tuple[Any, ...]], allowed: set[int]) -> None:
    """Of (id, ssn): no SSN in the clear, and no row but these."""
    shown = [row for row in found if row[0] is not None or row[1] is not None]
    assert not [row for row in shown if row[1] is not None and len(row[1]) != 64], shown
    assert {row[0] for row in shown if row[0] is not None} <= allowed


CHANGES = {
    "then oneself": (ALICE, "CASE WHEN g = 1 THEN 'alice' ELSE '' END", VISIBLE[ALICE]),
    "first oneself": (ME, "CASE WHEN g = 1 THEN '' ELSE 'alice' END", VISIBLE[ALICE]),
    "to and fro": (ALICE, "CASE WHEN g % 2 = 0 THEN '' ELSE 'alice' END", VISIBLE[ALICE]),
    "two others": (ALICE, "CASE WHEN g = 1 THEN 'alice' ELSE 'bob' END", VISIBLE[ALICE] | VISIBLE[BOB]),
    "nobody": (ALICE, "CASE WHEN g = 1 THEN 'alice' ELSE 'nobody' END", VISIBLE[ALICE]),
}
FOUR = "(SELECT 1 AS g UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4) AS numbers"
SETS = f"(SELECT g, {{set}} AS sc FROM {FOUR})"
SHAPES = {
    "correlated": "SELECT (SELECT MAX(p.id) FROM governed.people p WHERE p.id > LENGTH(s.sc) - 1000),"
    " (SELECT MAX(p.ssn) FROM governed.people p WHERE p.id > LENGTH(s.sc) - 1000) FROM {sets} s ORDER BY g",
    "left join": "SELECT p.id, p.ssn FROM {sets} s LEFT JOIN governed.people p ON p.id > LENGTH(s.sc) - 1000",
    "join": "SELECT p.id, p.ssn FROM {sets} s JOIN governed.people p ON p.id >= LENGTH(s.sc) - s.g",
    "correlated twice": "SELECT p.id, (SELECT MAX(q.ssn) FROM governed.people q WHERE q.id = p.id AND q.id > LENGTH(s.sc) - 99)"
    " FROM {sets} s LEFT JOIN governed.people p ON p.id > LENGTH(s.sc) - 1000",
    "two references": "SELECT p.id, q.ssn FROM {sets} s JOIN governed.people p ON p.id > LENGTH(s.sc) - 1000"
    " JOIN governed.people q ON q.id = p.id",
    "exists": "SELECT 0, s.sc FROM {sets} s"
    " WHERE EXISTS (SELECT 1 FROM governed.people p WHERE p.id > LENGTH(s.sc) - 1000 AND p.region = 'east')",
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("shape", SHAPES)
def test_a_change_between_rows_shows_nobody_a_mixture(governed: Database, shape: str, change: str):
    first, choice, allowed = CHANGES[change]
    query = SHAPES[shape].format(sets=SETS.format(set=becoming(choice)))
    judge(session(governed, become(first), query), allowed)
    judge(session(governed, *NO_JOIN, become(first), query), allowed)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("shape", SHAPES)
def test_a_view_that_asks_for_each_row_answers_for_several(applied: Database, shape: str, change: str):
    """That the changes take place between rows: over a view that decides nothing once, they are
    seen.
    """
    first, choice, _ = CHANGES[change]
    query = SHAPES[shape].format(sets=SETS.format(set=becoming(choice))).replace("governed.people", "trap.whom")
    found = session(applied, *NO_JOIN, become(first), query)
    assert len({row[1] for row in found}) > 1, found


PLACES = {
    "select list": "SELECT id, ssn, {set} FROM governed.people",
    "where": "SELECT id, ssn FROM governed.people WHERE {set} IS NOT NULL",
    "order by": "SELECT id, ssn FROM governed.people ORDER BY {set}, id",
    "group by": "SELECT MAX(id), MAX(ssn) FROM governed.people GROUP BY {set}, id",
    "having": "SELECT id, MAX(ssn) FROM governed.people GROUP BY id HAVING MAX({set}) IS NOT NULL",
    "join condition": "SELECT p.id, q.ssn FROM governed.people p JOIN governed.people q"
    " ON {set} IS NOT NULL AND q.id >= p.id",
    "limit": "SELECT id, ssn FROM governed.people LIMIT (SELECT LENGTH({set}) + 50)",
    "common table": "WITH a AS (SELECT {set} AS x) SELECT id, ssn FROM governed.people CROSS JOIN a",
    "union": "SELECT id, ssn FROM governed.people WHERE {set} IS NOT NULL UNION ALL SELECT id, ssn FROM governed.people",
    "case": "SELECT CASE WHEN {set} IS NOT NULL THEN id END, ssn FROM governed.people",
    "not in": "SELECT id, ssn FROM governed.people WHERE id NOT IN (SELECT id FROM governed.people WHERE {set} = 'x')",
    "except": "SELECT id, ssn FROM governed.people EXCEPT SELECT id, ssn FROM governed.people WHERE {set} = 'x'",
    "full join": "SELECT p.id, q.ssn FROM governed.people p FULL JOIN governed.people q ON p.id = q.id AND {set} IS NOT NULL",
    "recursion": "WITH RECURSIVE w(id, ssn, sc, n) AS (SELECT id, ssn, {set}, 1 FROM governed.people UNION ALL"
    " SELECT p.id, p.ssn, {set}, n + 1 FROM w JOIN governed.people p ON p.id > LENGTH(w.sc) - 99 WHERE n < 2)"
    " SELECT id, ssn FROM w",
    "window": "SELECT id, FIRST_VALUE(ssn) OVER (PARTITION BY {set} ORDER BY id"
    " ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM governed.people",
}


@pytest.mark.parametrize("place", PLACES)
def test_a_change_anywhere_in_a_query_shows_nobody_a_mixture(governed: Database, place: str):
    toggling = becoming("CASE WHEN CURRENT_SETTING('app.immuta_impersonate', FALSE) = '' THEN 'alice' ELSE '' END")
    for first in (ME, ALICE):
        judge(session(governed, become(first), PLACES[place].format(set=toggling)), VISIBLE[ALICE])
        judge(session(governed, *NO_JOIN, become(first), PLACES[place].format(set=toggling)), VISIBLE[ALICE])


@pytest.mark.parametrize("volatility", ["VOLATILE", "STABLE", "IMMUTABLE"])
def test_an_analysts_function_that_changes_it_for_each_row_shows_nobody_a_mixture(governed: Database, volatility: str):
    name, choice = f"trap.flip_{volatility.lower()}", becoming("CASE WHEN $1 % 2 = 0 THEN 'alice' ELSE '' END")
    made = f"RETURNS INTEGER {volatility} AS $$ SELECT LENGTH({choice}) + $1 $$ LANGUAGE sql"
    session(governed, f"CREATE OR REPLACE FUNCTION {name}(INTEGER) {made}", "SELECT 1")
    for query in (
        f"SELECT id, ssn FROM governed.people WHERE {name}(id) > 0",
        f"SELECT id, ssn FROM governed.people WHERE id = {name}(3) - 5 OR id > {name}(4) - 100",
        f"SELECT p.id, p.ssn FROM {FOUR} LEFT JOIN governed.people AS p ON p.id > {name}(g) - 1000",
        f"SELECT MAX(id), (SELECT MAX(ssn) FROM governed.people WHERE id > {name}(g) - 1000)"
        f" FROM {FOUR} CROSS JOIN governed.people GROUP BY g",
        f"SELECT id, ssn FROM governed.people WHERE region = CASE WHEN {name}(1) > 0 THEN 'north' END",
    ):
        for first in (ME, ALICE):
            judge(session(governed, become(first), query), VISIBLE[ALICE])
            judge(session(governed, *NO_JOIN, become(first), query), VISIBLE[ALICE])


def test_a_cursor_stays_with_whom_its_first_row_was_for(governed: Database):
    with governed.connect("support") as connection:
        connection.autocommit = False
        cursor = connection.cursor()
        for first, then in ((ALICE, ME), (ALICE, BOB), (ME, ALICE)):
            found = []
            for joins in ((), NO_JOIN):
                for statement in (*joins, become(first), "DECLARE c CURSOR FOR SELECT id, ssn FROM governed.people"):
                    cursor.execute(statement)
                for user in (first, then, first, then):
                    cursor.execute(become(user))
                    cursor.execute("FETCH 3 FROM c")
                    found.append([tuple(row) for row in cursor.fetchall()])
                cursor.execute("CLOSE c")
            judge([row for rows in found for row in rows], VISIBLE[first])


def test_a_procedure_that_changes_it_while_it_reads_shows_nobody_a_mixture(governed: Database):
    toggling = becoming("CASE WHEN CURRENT_SETTING('app.immuta_impersonate', FALSE) = '' THEN 'alice' ELSE '' END")
    reading = (
        "DECLARE r RECORD; was VARCHAR(100); BEGIN FOR r IN SELECT id, ssn FROM governed.people LOOP"
        f" was := {toggling}; INSERT INTO got VALUES (r.id, r.ssn); INSERT INTO got SELECT id, ssn FROM governed.people;"
        " END LOOP; END"
    )
    for rights in ("", " SECURITY DEFINER"):
        made = f"CREATE OR REPLACE PROCEDURE trap.reading() AS $$ {reading} $$ LANGUAGE plpgsql{rights}"
        kept = "CREATE TEMP TABLE got (id INTEGER, ssn VARCHAR(100))"
        for first in (ME, ALICE):
            found = session(governed, kept, made, become(first), "CALL trap.reading()", "SELECT id, ssn FROM got")
            judge(found, VISIBLE[ALICE])


@pytest.mark.parametrize("zones", [("UTC", "Pacific/Kiritimati"), ("Etc/GMT+12", "Asia/Kathmandu")])
def test_no_time_zone_brings_a_subscription_back_that_has_ended(governed: Database, zones: tuple[str, str]):
    first, then = zones
    zone = f"SET_CONFIG('timezone', CASE WHEN CURRENT_SETTING('timezone') = '{first}' THEN '{then}' ELSE '{first}' END, FALSE)"
    queries = [each.format(sets=SETS.format(set=zone)) for name, each in SHAPES.items() if name != "exists"]
    queries += [each.format(set=zone) for each in PLACES.values()]
    cursor = "DECLARE c CURSOR FOR SELECT id, ssn FROM governed.people", f"SET timezone TO '{then}'", "FETCH ALL FROM c"
    for statements in (*((each,) for each in queries), ("BEGIN", *cursor)):
        found = session(governed, f"SET timezone TO '{first}'", *statements, user="erin")
        assert {value for row in found for value in row[:2]} <= {None, ""}, statements


def test_a_prepared_statement_asks_anew_each_time(governed: Database):
    prepared = "PREPARE mine (INTEGER) AS SELECT id, ssn FROM governed.people WHERE id > $1"
    for first, then in ((ALICE, ME), (ME, ALICE), (BOB, ALICE), (ALICE, BOB)):
        calls = ["EXECUTE mine (0)"] * 7
        found = session(governed, become(first), prepared, *calls, become(then), "EXECUTE mine (0)")
        assert {row[0] for row in found} == VISIBLE[then]
        judge(found, VISIBLE[then])


def test_the_views_about_the_caller_show_one_of_them(governed: Database):
    toggling = becoming("CASE WHEN CURRENT_SETTING('app.immuta_impersonate', FALSE) = '' THEN 'alice' ELSE '' END")
    query = (
        f"SELECT a.immuta__userid, s.x, b.immuta__userid FROM immuta_system.user_profile a"
        f" CROSS JOIN (SELECT {toggling} AS x) s LEFT JOIN immuta_system.user_profile b ON LENGTH(s.x) > b.equalized - 9"
    )
    for row in session(governed, become(ALICE), query):
        assert {row[0], row[2]} <= {"alice", "support", None}


COMPARED = "WHERE w.lowest = w.highest"
"""What compares for whom each entry about the caller was found, in the view that gives them out."""


def entries_asked_of_two(database: Database, first: str, other: str, without: str = "") -> list[set[str]]:
    """Whose entries the view about the caller gives out where one of its places hears of the other
    one, for each place: as on an engine that asks several times.
    """
    made, *_ = render("views/user_entry", names(Layout("immuta", "governed")))
    text = made[made.index("WITH u AS (") :].partition("WITH NO SCHEMA BINDING")[0].replace(without, "")
    end = text.index("\n)\nSELECT") + 2
    about, query = text[text.index("(") : end], text[end:]
    person = "(SELECT '{0}' AS immuta__userid, CAST(NULL AS VARCHAR(9)) AS current_project, 0 AS equalized, '{0}' AS username) AS p"
    asked = re.compile(r'"immuta_system"\.caller AS p')
    assert len(asked.findall(about)) == 1
    tables = (f"{name} AS {asked.sub(person.format(user), about)}" for name, user in (("u", first), ("other", other)))
    known = ", ".join(tables)
    found = []
    for place in re.finditer(r"\b(FROM|JOIN) u\b", query):
        mixed = f"{query[: place.start()]}{place[1]} other AS u{query[place.end() :]}"
        rows = database.query(f"WITH {known} SELECT s.whom FROM ({mixed}) AS s")
        found.append({str(whom) for (whom,) in rows})
    return found


def test_the_view_about_the_caller_gives_nothing_out_where_it_hears_of_two(applied: Database):
    found = entries_asked_of_two(applied, "support", "alice")
    assert len(found) > 4
    assert [each for each in found if len(each) > 1] == []
    assert [each for each in entries_asked_of_two(applied, "support", "alice", COMPARED) if len(each) > 1], "without it"


def test_switching_and_agreeing_elsewhere_does_not_change_a_query_that_runs(governed: Database):
    """carol may see all of it for a purpose, in a project that does not hold the table; and some of
    it in another.
    """
    call = "CALL immuta_procedures."
    with governed.connect("carol") as reading, governed.connect("carol") as other:
        switching = other.cursor()
        switching.execute(f"{call}switch_project('people')")
        reading.autocommit = False
        cursor = reading.cursor()
        for joins in ((), NO_JOIN):
            for statement in (*joins, "DECLARE c CURSOR FOR SELECT id, ssn FROM governed.people"):
                cursor.execute(statement)
            found = []
            steps = ("switch_project('fraud')", "acknowledge_purpose('fraud', 'I agree.')", "switch_project('people')")
            for step in steps:
                cursor.execute("FETCH 3 FROM c")
                found += [tuple(row) for row in cursor.fetchall()]
                switching.execute(f"{call}{step}")
            cursor.execute("FETCH ALL FROM c")
            found += [tuple(row) for row in cursor.fetchall()]
            cursor.execute("CLOSE c")
            assert {row[0] for row in found} == {each for each in range(1, PEOPLE + 1) if each % 3 == 0}
            judge(found, {row[0] for row in found})
        reading.rollback()
    assert session(governed, "SELECT COUNT(*) FROM governed.people", user="carol") == [(20,)]
    session(governed, f"{call}switch_project('fraud')", "SELECT 1", user="carol")
    assert session(governed, "SELECT COUNT(*) FROM governed.people", user="carol") == [(0,)]


@pytest.mark.parametrize("user", ["alice", "dave"])
def test_what_a_plan_expects_tells_nothing_of_rows_that_one_does_not_see(engine: Engine, governed: Database, user: str):
    """A third of the rows are of the east, which the planner knows of the table, and neither of
    them sees.
    """
    run_behind(engine, governed.name, ["ANALYZE raw.people"])

    def expected(relation: str, region: str, user: str | None) -> list[str]:
        plan = governed.query(f"EXPLAIN SELECT 1 FROM {relation} WHERE region = '{region}'", user)
        return re.findall(r"cost=\S+ rows=\d+", str(plan))

    assert expected('"raw".people', "east", None) != expected('"raw".people', "elsewhere", None)
    assert expected("governed.people", "east", user) == expected("governed.people", "elsewhere", user) != []

"""What somebody with an ordinary account tries, to see more than they may: nothing of it works."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
import redshift_connector

from tests.acceptance.conftest import Database, header
from tests.acceptance.lookalikes import heard, plant
from tests.acceptance.team import TEAM, WORDS
from tests.acceptance.terraform import Workspace
from tests.engine import take_barriers
from veil.local import Engine
from veil.warehouse import literal

EVERYTHING = "SELECT * FROM governed.customers ORDER BY id"
SECRETS = ("111-11-1111", "222-22-2222", "333-33-3333", "ann@example.com")
"""What bob sees hashed; of these alice may see the first two."""
HIDDEN = ("333-33-3333", "Cid", "4000333344445555")
"""What is in the row that alice does not see."""
LONG = "x" * 60_000


@pytest.fixture(scope="module")
def attacked(new_database: Callable[[], Database], new_workspace: Callable[[], Workspace]) -> Database:
    """One applied configuration, and a schema in which everybody may make things."""
    database, workspace = new_database(), new_workspace()
    group = f"support_{database.name}"
    workspace.write(header(database, f'impersonation = {{ group = "{group}" }}') + TEAM)
    assert (done := workspace.apply()), done.text
    database.run("CREATE SCHEMA trap", "GRANT ALL ON SCHEMA trap TO PUBLIC")
    return database


@pytest.fixture(scope="module")
def probed(engine: Engine, attacked: Database, barred: bool) -> Database:
    if not barred:
        take_barriers(engine, attacked.name)
    return attacked


def attempt(database: Database, user: str, *statements: str) -> list[str]:
    """What each statement of one session gives, rows or refusal, as text."""
    found = []
    with database.connect(user) as connection, connection.cursor() as cursor:
        for statement in statements:
            try:
                cursor.execute(statement)
                found.append(str([tuple(row) for row in cursor.fetchall()] if cursor.description else []))
            except redshift_connector.ProgrammingError as error:
                found.append(f"refused: {error.args[0]['M']}")
    return found


def rows(database: Database, user: str, *statements: str) -> list[tuple[Any, ...]]:
    """The rows of the last statement of one session."""
    with database.connect(user) as connection, connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        return [tuple(row) for row in cursor.fetchall()]


def tells(found: Sequence[str], secrets: Sequence[str]) -> list[str]:
    return [each for each in found if any(secret in each for secret in secrets)]


@pytest.mark.parametrize(
    ("call", "refusal"),
    [
        ("switch_project('nope')", "bob is not a member of a project named nope"),
        ("switch_project('team ')", "bob is not a member of a project named team "),
        ("switch_project('team''; DROP TABLE raw.customers; --')", "is not a member of a project named team'; DROP"),
        (f"switch_project('{LONG}')", "is not a member of a project named x"),
        ("acknowledge_purpose('nope', 'x')", "is not a member of a project with a purpose named nope"),
        ("acknowledge_purpose('fraud ', 'x')", "is not a member of a project with a purpose named fraud "),
        ("acknowledge_purpose(NULL, NULL)", "is not a member of a project with a purpose named"),
        ("acknowledge_purpose('fraud', NULL)", f"the words to agree to are: {WORDS}"),
        (f"acknowledge_purpose('fraud', '{LONG}')", f"the words to agree to are: {WORDS}"),
        ("impersonate_user('alice')", "permission denied"),
        ("impersonate_user(NULL)", "permission denied"),
    ],
)
def test_odd_arguments_of_our_procedures_are_refused_and_change_nothing(attacked: Database, call: str, refusal: str):
    before = attacked.query(EVERYTHING, "bob")
    assert refusal in attacked.refusal(f"CALL immuta_procedures.{call}", "bob")
    assert attacked.query(EVERYTHING, "bob") == before != []


@pytest.mark.parametrize("request_", ["bob", "alice ", "ALICE", "al''ice", " alice", "erin", "alice|", " ", "%", LONG])
def test_a_request_to_be_somebody_else_is_honoured_to_the_letter_or_shows_nothing(attacked: Database, request_: str):
    assert "may not impersonate" in attacked.refusal(f"CALL immuta_procedures.impersonate_user('{request_}')", "erin")
    spoofed = f"SELECT SET_CONFIG('app.immuta_impersonate', '{request_}', FALSE)"
    assert rows(attacked, "erin", spoofed, EVERYTHING) == []
    assert rows(attacked, "erin", spoofed, "SELECT * FROM immuta_system.user_profile") == []


@pytest.mark.parametrize("user", ["bob", "carol", "dave"])
def test_a_spoofed_request_of_somebody_without_a_grant_shows_nothing(attacked: Database, user: str):
    assert rows(attacked, user, "SET app.immuta_impersonate TO 'alice'", EVERYTHING) == []


def test_nobody_makes_themselves_an_impersonator(attacked: Database):
    group = f"support_{attacked.name}"
    found = attempt(
        attacked,
        "dave",
        f"ALTER GROUP {group} ADD USER dave",
        "CREATE GROUP mine",
        "ALTER USER dave CREATEUSER",
        "SET SESSION AUTHORIZATION alice",
        "SELECT SET_CONFIG('session_authorization', 'alice', FALSE)",
        'CALL immuta_procedures.grant_impersonation(\'[{"userid": "dave", "target": "alice"}]\')',
    )
    assert all("refused: permission denied" in each for each in found), found


def test_acting_as_somebody_gives_neither_their_choices_nor_a_third_persons_rows(probed: Database):
    found = attempt(
        probed,
        "erin",
        "CALL immuta_procedures.impersonate_user('alice')",
        "CALL immuta_procedures.switch_project('team')",
        "CALL immuta_procedures.acknowledge_purpose('fraud', 'x')",
        "CALL immuta_procedures.impersonate_user('bob')",
        EVERYTHING,
    )
    assert found[1:3] == ["refused: veil: not while impersonating another user"] * 2
    assert "may not impersonate bob" in found[3]
    assert not tells(found, HIDDEN) and tells(found, SECRETS)


def test_prepared_statements_and_cursors_follow_who_one_is_now(attacked: Database):
    prepared = "PREPARE mine AS SELECT id FROM governed.customers ORDER BY id"
    acting, ended = "CALL immuta_procedures.impersonate_user('alice')", "CALL immuta_procedures.impersonate_user(NULL)"
    assert rows(attacked, "erin", prepared, "EXECUTE mine") == [(3,)]
    assert rows(attacked, "erin", prepared, acting, "EXECUTE mine") == [(1,), (2,)]
    assert rows(attacked, "erin", acting, prepared, "EXECUTE mine", ended, "EXECUTE mine") == [(3,)]
    orders = "PREPARE theirs AS SELECT COUNT(*) FROM governed.orders"
    project = "CALL immuta_procedures.switch_project('team')"
    try:
        assert rows(attacked, "bob", orders, "EXECUTE theirs", project, "EXECUTE theirs") == [(0,)]
    finally:
        attacked.run("CALL immuta_procedures.switch_project(NULL)", user="bob")


LEAKY = (
    "CREATE FUNCTION trap.failing(VARCHAR) RETURNS INTEGER VOLATILE AS $$ SELECT CAST($1 AS INTEGER) $$ LANGUAGE sql",
    "CREATE FUNCTION trap.dividing(INTEGER) RETURNS INTEGER VOLATILE AS $$ SELECT 1 / ($1 - 3) $$ LANGUAGE sql",
)
QUESTIONS = (
    "SELECT id FROM governed.customers WHERE trap.dividing(id) IS NOT NULL",
    "SELECT id FROM governed.customers WHERE 1 / (id - 3) <> 7 ORDER BY 1 / (id - 3) LIMIT 1",
    "SELECT id FROM governed.customers WHERE id = 3 AND trap.failing(name) = 1",
    "SELECT COUNT(*) FROM governed.customers WHERE CASE WHEN id = 3 THEN CAST(name AS INTEGER) ELSE 0 END > 1",
    "SELECT MAX(1 / (id - 3)), MIN(CASE WHEN id = 3 THEN ssn END) FROM governed.customers",
    "SELECT c.id FROM governed.customers AS c JOIN governed.customers AS o ON 1 / (c.id - 3) = 1 / (o.id - 3)",
    "SELECT id FROM governed.customers GROUP BY id HAVING 1 / (id - 3) <> 7",
    "SELECT id FROM governed.customers WHERE id IN (SELECT 1 / (id - 3) + 3 FROM governed.customers)",
)


def test_a_users_own_functions_and_predicates_never_meet_a_hidden_row(probed: Database):
    attempt(probed, "alice", *LEAKY)
    found = attempt(probed, "alice", *QUESTIONS)
    assert not tells(found, HIDDEN)
    assert not [each for each in found if "refused" in each], found


def test_an_error_message_tells_a_masked_value_as_the_mask_shows_it(probed: Database):
    found = attempt(
        probed,
        "bob",
        "SELECT CAST(ssn AS INTEGER) FROM governed.customers",
        "SELECT id FROM governed.customers WHERE CAST(email AS DATE) IS NULL",
        "SELECT 1 / (LEN(ssn) - 64) FROM governed.customers",
        "SELECT CAST(email AS VARCHAR(5))::INTEGER FROM governed.customers",
    )
    assert all("refused" in each for each in found[:2]) and not tells(found, SECRETS)


def test_things_of_ones_own_with_our_names_change_nothing(attacked: Database):
    before = attacked.query(EVERYTHING, "bob")
    with attacked.connect("bob") as connection, connection.cursor() as cursor:
        for statement in (
            "CREATE FUNCTION trap.user_is_member_of(NAME, VARCHAR) RETURNS BOOLEAN STABLE AS $$ SELECT TRUE $$ LANGUAGE sql",
            "CREATE FUNCTION trap.max(VARCHAR) RETURNS VARCHAR STABLE AS $$ SELECT 'alice' $$ LANGUAGE sql",
            "CREATE FUNCTION trap.sha2(VARCHAR, INTEGER) RETURNS VARCHAR STABLE AS $$ SELECT $1 $$ LANGUAGE sql",
            "CREATE TEMP TABLE user_entry AS SELECT 'group' AS kind, '' AS name, 'hr' AS value",
            "CREATE TEMP TABLE salt AS SELECT 'raw.customers' AS name, '' AS salt",
            "CREATE TEMP TABLE user_profile AS SELECT 'alice' AS immuta__userid",
            "SET search_path TO trap, pg_catalog, public",
        ):
            cursor.execute(statement)
        cursor.execute(EVERYTHING)
        assert [tuple(row) for row in cursor.fetchall()] == before
        cursor.execute("SET app.immuta_impersonate TO 'alice'")
        cursor.execute(EVERYTHING)
        assert cursor.fetchall() == ()


def test_nothing_that_a_user_puts_first_is_run_by_our_views_and_procedures(engine: Engine, attacked: Database):
    plant(engine, attacked, "evil")
    asked = (
        EVERYTHING,
        "CALL immuta_procedures.switch_project('team')",
        "SELECT pg_catalog.COUNT(*) FROM governed.orders",
        f"CALL immuta_procedures.acknowledge_purpose('fraud', {literal(WORDS)})",
        EVERYTHING,
        "CALL immuta_procedures.acknowledge_purpose('fraud', 'Other words.')",
        "CALL immuta_procedures.switch_project(NULL)",
        "SELECT * FROM immuta_system.user_profile",
    )
    traps = [
        f"CREATE TEMP TABLE {name} AS SELECT 1 AS a" for name in ("profile", "runtime", "pg_batch", "super", "date")
    ]
    plain, trapped = (
        attempt(attacked, "bob", *before, *asked)[len(before) :]
        for before in ((), (*traps, "SET search_path TO evil, pg_temp, pg_catalog, public"))
    )
    assert trapped == plain and not [each for each in plain[:-3] if "refused" in each]
    found = attempt(
        attacked, "erin", traps[0], "SET search_path TO evil", "CALL immuta_procedures.impersonate_user('alice')"
    )
    assert found[-1] == "[]"
    assert heard(engine, attacked) == []
    called = attempt(attacked, "bob", "SET search_path TO evil, pg_catalog", "SELECT LEN('x')")
    assert "look-alike" in called[-1] and len(heard(engine, attacked)) == 1, (
        "A look-alike that runs would have been heard."
    )


def test_the_warehouse_refuses_what_would_change_or_go_around_a_view(attacked: Database):
    found = attempt(
        attacked,
        "alice",
        "UPDATE governed.customers SET territory = 'US'",
        "DELETE FROM governed.customers",
        "INSERT INTO governed.customers (id) VALUES (9)",
        "DROP VIEW governed.customers",
        "CREATE OR REPLACE VIEW governed.customers AS SELECT 1 AS id",
        "ALTER TABLE governed.customers OWNER TO alice",
        "COMMENT ON VIEW governed.customers IS 'mine'",
        "CREATE TABLE governed.mine (id INTEGER)",
        "CREATE TABLE immuta_system.mine (id INTEGER)",
        "CREATE FUNCTION immuta_functions.mine() RETURNS INTEGER STABLE AS $$ SELECT 1 $$ LANGUAGE sql",
        "CREATE PROCEDURE immuta_procedures.switch_project(a INTEGER) AS $$ BEGIN END $$ LANGUAGE plpgsql",
        'CREATE VIEW trap.bound AS SELECT * FROM "raw".customers',
        'SELECT * INTO trap.copied FROM "raw".customers',
        'CREATE TABLE trap.alike (LIKE "raw".customers)',
    )
    assert [each for each in found if not each.startswith("refused: ")] == [], found
    late = 'CREATE VIEW trap.late AS SELECT * FROM "raw".customers WITH NO SCHEMA BINDING'
    assert "permission denied" in attempt(attacked, "alice", late, "SELECT * FROM trap.late")[1]


def test_a_view_over_a_governed_view_shows_everybody_their_own_rows(attacked: Database):
    attacked.run(
        "CREATE VIEW trap.shared AS SELECT * FROM governed.customers WITH NO SCHEMA BINDING",
        "GRANT SELECT ON trap.shared TO PUBLIC",
        user="alice",
    )
    assert attacked.query("SELECT * FROM trap.shared ORDER BY id", "bob") == attacked.query(EVERYTHING, "bob")
    assert attacked.query("SELECT * FROM trap.shared", "dave") == []


def test_no_catalog_plan_or_activity_tells_a_salt_or_a_value(attacked: Database):
    salts = [str(row[0]) for row in attacked.query("SELECT salt FROM immuta_system.salt")]
    found = attempt(
        attacked,
        "bob",
        "SHOW VIEW governed.customers",
        "SHOW VIEW immuta_system.user_profile",
        "SELECT prosrc FROM pg_proc",
        "SELECT current_query FROM pg_stat_activity",
        "SELECT most_common_vals FROM pg_stats WHERE schemaname IN ('raw', 'immuta_system')",
        "SELECT * FROM pg_settings",
        "EXPLAIN SELECT * FROM governed.customers",
        "EXPLAIN VERBOSE SELECT * FROM governed.customers",
        "SELECT salt FROM immuta_system.salt",
        "SELECT * FROM immuta_system.acknowledgement",
        "SELECT * FROM immuta_system.user_entry",
    )
    assert len(salts) == 3
    assert not tells(found, [*salts, *SECRETS])


def test_nobody_keeps_the_writer_waiting_with_a_lock(attacked: Database):
    found: list[str] = []
    for relation in ("immuta_system.writer", "immuta_system.user_profile", "governed.customers", '"raw".customers'):
        found += attempt(attacked, "bob", "BEGIN", f"LOCK TABLE {relation}")[1:]
    found += attempt(attacked, "bob", "BEGIN", "SELECT * FROM governed.customers FOR UPDATE")[1:]
    assert len(found) == 5
    assert all("permission denied" in each or "is not supported" in each for each in found), found

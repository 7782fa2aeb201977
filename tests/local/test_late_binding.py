"""Late-binding views: what Redshift promises of them, in every order of events."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.local.conftest import Client, ServerError


def test_a_view_may_be_made_before_what_it_reads(admin: Client, schema: str) -> None:
    admin(f"CREATE VIEW {schema}.v AS SELECT t.id, t.name FROM {schema}.t AS t WITH NO SCHEMA BINDING")
    with pytest.raises(ServerError) as error:
        admin(f"SELECT * FROM {schema}.v")
    assert (error.value.code, error.value.message) == ("42P01", f'relation "{schema}.t" does not exist')
    admin(f"CREATE TABLE {schema}.t (id INTEGER, name VARCHAR(10))")
    admin(f"INSERT INTO {schema}.t VALUES (1, 'a')")
    assert admin(f"SELECT id, name FROM {schema}.v") == [(1, "a")]


@pytest.mark.parametrize(
    "query",
    ["SELECT * FROM {}", "SELECT id FROM {} LIMIT 0", "SELECT 1 FROM {} WHERE FALSE", "SELECT COUNT(*) FROM {}"],
)
def test_a_broken_view_fails_whatever_is_asked_of_it(admin: Client, schema: str, query: str) -> None:
    admin(f"CREATE TABLE {schema}.t (id INTEGER)")
    admin(f"CREATE VIEW {schema}.v AS SELECT t.id, t.missing FROM {schema}.t AS t WITH NO SCHEMA BINDING")
    with pytest.raises(ServerError) as error:
        admin(query.format(f"{schema}.v"))
    assert (error.value.code, error.value.message) == ("42703", "column t.missing does not exist")


def test_the_schema_must_exist(admin: Client, schema: str) -> None:
    with pytest.raises(ServerError) as error:
        admin(f"CREATE VIEW {schema}.v AS SELECT a FROM no_such_schema.t WITH NO SCHEMA BINDING")
    assert error.value.code == "3F000"


def test_every_relation_must_be_qualified(admin: Client, schema: str) -> None:
    admin(f"CREATE TABLE {schema}.t (id INTEGER)")
    with pytest.raises(ServerError, match="should be qualified"):
        admin(
            f"CREATE VIEW {schema}.v AS SELECT id FROM {schema}.t WHERE id IN (SELECT id FROM other) WITH NO SCHEMA BINDING"
        )


def test_a_common_table_expression_needs_no_schema(admin: Client, schema: str) -> None:
    admin(f"CREATE TABLE {schema}.t (id INTEGER)")
    admin(f"INSERT INTO {schema}.t VALUES (3)")
    admin(f"CREATE VIEW {schema}.v AS WITH c AS (SELECT id FROM {schema}.t) SELECT c.id FROM c WITH NO SCHEMA BINDING")
    assert admin(f"SELECT id FROM {schema}.v") == [(3,)]


def test_the_base_table_can_be_dropped_and_made_again_with_other_types(admin: Client, schema: str) -> None:
    admin(f"CREATE TABLE {schema}.t (id INTEGER)")
    admin(f"CREATE VIEW {schema}.v AS SELECT t.id FROM {schema}.t AS t WITH NO SCHEMA BINDING")
    admin(f"DROP TABLE {schema}.t")
    with pytest.raises(ServerError, match="does not exist"):
        admin(f"SELECT id FROM {schema}.v")
    admin(f"CREATE TABLE {schema}.t (id VARCHAR(5), other INTEGER)")
    admin(f"INSERT INTO {schema}.t VALUES ('x', 1)")
    assert admin(f"SELECT id FROM {schema}.v") == [("x",)]


def test_a_table_can_be_dropped_and_made_again_inside_one_transaction(admin: Client, schema: str) -> None:
    admin(f"CREATE TABLE {schema}.t (id INTEGER)")
    admin(f"CREATE VIEW {schema}.v AS SELECT t.id FROM {schema}.t AS t WITH NO SCHEMA BINDING")
    admin("BEGIN")
    admin(f"DROP TABLE {schema}.t")
    admin(f"CREATE TABLE {schema}.t AS SELECT 7 AS id")
    assert admin(f"SELECT id FROM {schema}.v") == [(7,)]
    admin("ROLLBACK")
    assert admin(f"SELECT id FROM {schema}.v") == []


def test_columns_and_tables_can_be_renamed_away_and_back(admin: Client, schema: str) -> None:
    admin(f"CREATE TABLE {schema}.t (id INTEGER)")
    admin(f"CREATE VIEW {schema}.v AS SELECT t.id FROM {schema}.t AS t WITH NO SCHEMA BINDING")
    admin(f"ALTER TABLE {schema}.t RENAME COLUMN id TO key")
    with pytest.raises(ServerError) as column_gone:
        admin(f"SELECT * FROM {schema}.v")
    assert column_gone.value.code == "42703"
    admin(f"ALTER TABLE {schema}.t RENAME TO t2")
    with pytest.raises(ServerError) as table_gone:
        admin(f"SELECT * FROM {schema}.v")
    assert table_gone.value.code == "42P01"
    admin(f"ALTER TABLE {schema}.t2 RENAME TO t")
    admin(f"ALTER TABLE {schema}.t RENAME COLUMN key TO id")
    assert admin(f"SELECT * FROM {schema}.v") == []


def test_a_renamed_schema_breaks_and_mends_the_views_that_name_it(admin: Client, schema: str) -> None:
    admin(f"CREATE SCHEMA {schema}_b")
    admin(f"CREATE TABLE {schema}_b.t (id INTEGER)")
    admin(f"CREATE VIEW {schema}.v AS SELECT id FROM {schema}_b.t WITH NO SCHEMA BINDING")
    admin(f"ALTER SCHEMA {schema}_b RENAME TO {schema}_c")
    with pytest.raises(ServerError):
        admin(f"SELECT * FROM {schema}.v")
    admin(f"ALTER SCHEMA {schema}_c RENAME TO {schema}_b")
    assert admin(f"SELECT * FROM {schema}.v") == []
    admin(f"DROP SCHEMA {schema}_b CASCADE")
    with pytest.raises(ServerError):
        admin(f"SELECT * FROM {schema}.v")


def test_a_star_shows_columns_that_came_later(admin: Client, schema: str) -> None:
    admin(f"CREATE TABLE {schema}.t (id INTEGER)")
    admin(f"INSERT INTO {schema}.t VALUES (1)")
    admin(f"CREATE VIEW {schema}.v AS SELECT * FROM {schema}.t WITH NO SCHEMA BINDING")
    admin(f"ALTER TABLE {schema}.t ADD COLUMN extra INTEGER DEFAULT 5")
    assert admin(f"SELECT * FROM {schema}.v") == [(1, 5)]


def test_a_function_that_a_view_calls_can_be_replaced_dropped_and_made_again(admin: Client, schema: str) -> None:
    admin(f"CREATE TABLE {schema}.t AS SELECT 1 AS id")
    admin(f"CREATE FUNCTION {schema}.f(INTEGER) RETURNS INTEGER IMMUTABLE AS $$ SELECT $1 + 1 $$ LANGUAGE sql")
    admin(f"CREATE VIEW {schema}.v AS SELECT {schema}.f(id) AS n FROM {schema}.t WITH NO SCHEMA BINDING")
    assert admin(f"SELECT n FROM {schema}.v") == [(2,)]
    admin(f"DROP FUNCTION {schema}.f(INTEGER)")
    with pytest.raises(ServerError) as error:
        admin(f"SELECT n FROM {schema}.v")
    assert error.value.code == "42883"
    admin(f"CREATE FUNCTION {schema}.f(INTEGER) RETURNS INTEGER IMMUTABLE AS $$ SELECT $1 + 2 $$ LANGUAGE sql")
    assert admin(f"SELECT n FROM {schema}.v") == [(3,)]


def test_views_on_views_follow_a_change_at_the_bottom(admin: Client, schema: str) -> None:
    for name, below in (("c", "b"), ("b", "a"), ("a", "t")):  # made from the top down
        admin(f"CREATE VIEW {schema}.{name} AS SELECT * FROM {schema}.{below} WITH NO SCHEMA BINDING")
    admin(f"CREATE TABLE {schema}.t AS SELECT 1 AS x")
    assert admin(f"SELECT x FROM {schema}.c") == [(1,)]
    admin(f"ALTER TABLE {schema}.t ADD COLUMN y INTEGER DEFAULT 2")
    assert admin(f"SELECT x, y FROM {schema}.c") == [(1, 2)]
    admin(f"DROP VIEW {schema}.b")
    with pytest.raises(ServerError, match="does not exist"):
        admin(f"SELECT x FROM {schema}.c")


def test_views_that_read_each_other_in_a_circle_are_an_error_and_no_endless_loop(admin: Client, schema: str) -> None:
    admin(f"CREATE VIEW {schema}.a AS SELECT x FROM {schema}.b WITH NO SCHEMA BINDING")
    admin(f"CREATE VIEW {schema}.b AS SELECT x FROM {schema}.a WITH NO SCHEMA BINDING")
    with pytest.raises(ServerError):
        admin(f"SELECT x FROM {schema}.a")
    admin(f"CREATE OR REPLACE VIEW {schema}.b AS SELECT 1 AS x WITH NO SCHEMA BINDING")
    assert admin(f"SELECT x FROM {schema}.a") == [(1,)]


def test_replacing_a_view_with_other_columns_keeps_owner_grants_and_comment(
    admin: Client, user: Client, sign_in: Callable[..., Client], schema: str
) -> None:
    admin(f"CREATE TABLE {schema}.t AS SELECT 1 AS id, 'x'::VARCHAR AS name")
    admin(f"GRANT USAGE, CREATE ON SCHEMA {schema} TO u_{schema}")
    admin(f"GRANT SELECT ON {schema}.t TO u_{schema}")
    user(f"CREATE VIEW {schema}.v AS SELECT id FROM {schema}.t WITH NO SCHEMA BINDING")
    user(f"GRANT SELECT ON {schema}.v TO PUBLIC")
    admin(f"COMMENT ON VIEW {schema}.v IS 'mine'")
    before = admin(f"SELECT oid, relowner, relacl::VARCHAR FROM pg_class WHERE oid = '{schema}.v'::regclass")
    admin(f"CREATE OR REPLACE VIEW {schema}.v AS SELECT name, 'n' AS other, id FROM {schema}.t WITH NO SCHEMA BINDING")
    assert admin(f"SELECT oid, relowner, relacl::VARCHAR FROM pg_class WHERE oid = '{schema}.v'::regclass") == before
    assert user(f"SELECT * FROM {schema}.v") == [("x", "n", 1)]
    assert admin.one(f"SELECT obj_description('{schema}.v'::regclass)") == "mine"


def test_only_the_owner_may_replace_or_drop_a_view(admin: Client, user: Client, schema: str) -> None:
    admin(f"CREATE TABLE {schema}.t AS SELECT 1 AS id")
    admin(f"CREATE VIEW {schema}.v AS SELECT id FROM {schema}.t WITH NO SCHEMA BINDING")
    with pytest.raises(ServerError) as no_usage:
        user(f"CREATE OR REPLACE VIEW {schema}.v AS SELECT 2 AS id WITH NO SCHEMA BINDING")
    assert no_usage.value.code == "42501"
    admin(f"GRANT USAGE, CREATE ON SCHEMA {schema} TO u_{schema}")
    for statement in (
        f"CREATE OR REPLACE VIEW {schema}.v AS SELECT 2 AS id WITH NO SCHEMA BINDING",
        f"DROP VIEW {schema}.v",
    ):
        with pytest.raises(ServerError) as not_owner:
            user(statement)
        assert not_owner.value.code == "42501"
    assert admin(f"SELECT id FROM {schema}.v") == [(1,)]


def test_a_user_without_create_cannot_make_one(admin: Client, user: Client, schema: str) -> None:
    admin(f"GRANT USAGE ON SCHEMA {schema} TO u_{schema}")
    with pytest.raises(ServerError) as error:
        user(f"CREATE VIEW {schema}.v AS SELECT 1 AS id WITH NO SCHEMA BINDING")
    assert error.value.code == "42501"


def test_an_existing_view_needs_or_replace(admin: Client, schema: str) -> None:
    admin(f"CREATE VIEW {schema}.v AS SELECT 1 AS id WITH NO SCHEMA BINDING")
    with pytest.raises(ServerError) as error:
        admin(f"CREATE VIEW {schema}.v AS SELECT 2 AS id WITH NO SCHEMA BINDING")
    assert error.value.code == "42P07"


def test_a_table_is_not_replaced_by_a_view(admin: Client, schema: str) -> None:
    admin(f"CREATE TABLE {schema}.t (id INTEGER)")
    with pytest.raises(ServerError, match="not a view"):
        admin(f"CREATE OR REPLACE VIEW {schema}.t AS SELECT 2 AS id WITH NO SCHEMA BINDING")


def test_the_owner_s_rights_count_for_base_tables_and_the_caller_s_for_functions(
    admin: Client, user: Client, schema: str
) -> None:
    admin(f"CREATE SCHEMA {schema}_raw")
    admin(f"CREATE TABLE {schema}_raw.t AS SELECT 1 AS id")
    admin(f"CREATE FUNCTION {schema}.f(INTEGER) RETURNS INTEGER STABLE AS $$ SELECT $1 $$ LANGUAGE sql")
    admin(f"CREATE VIEW {schema}.v AS SELECT {schema}.f(id) AS id FROM {schema}_raw.t WITH NO SCHEMA BINDING")
    admin(f"GRANT USAGE ON SCHEMA {schema} TO u_{schema}")
    admin(f"GRANT SELECT ON {schema}.v TO u_{schema}")
    assert user(f"SELECT id FROM {schema}.v") == [(1,)]
    admin(f"REVOKE EXECUTE ON FUNCTION {schema}.f(INTEGER) FROM PUBLIC")
    with pytest.raises(ServerError) as error:
        user(f"SELECT id FROM {schema}.v")
    assert error.value.code == "42501"


def test_an_owner_who_loses_the_base_table_breaks_the_view_for_everybody(
    admin: Client, user: Client, schema: str
) -> None:
    admin(f"CREATE TABLE {schema}.t AS SELECT 1 AS id")
    admin(f"CREATE VIEW {schema}.v AS SELECT id FROM {schema}.t WITH NO SCHEMA BINDING")
    admin(f"ALTER TABLE {schema}.v OWNER TO u_{schema}")
    with pytest.raises(ServerError) as error:
        admin(f"SET SESSION AUTHORIZATION 'u_{schema}'") or admin(f"SELECT id FROM {schema}.v")
    admin("RESET SESSION AUTHORIZATION")
    assert error.value.code == "42501"


def test_a_caller_s_search_path_does_not_change_what_a_view_means(admin: Client, user: Client, schema: str) -> None:
    admin(f"CREATE TABLE {schema}.t AS SELECT 'abc'::VARCHAR AS name")
    admin(
        f"CREATE VIEW {schema}.v AS SELECT sha2(name, 256) AS h, len(name) AS n FROM {schema}.t WITH NO SCHEMA BINDING"
    )
    admin(f"GRANT USAGE, CREATE ON SCHEMA {schema} TO u_{schema}")
    admin(f"GRANT SELECT ON {schema}.v TO u_{schema}")
    user(f"CREATE FUNCTION {schema}.sha2(VARCHAR, INTEGER) RETURNS VARCHAR STABLE AS $$ SELECT $1 $$ LANGUAGE sql")
    user(f"CREATE FUNCTION {schema}.len(VARCHAR) RETURNS INTEGER STABLE AS $$ SELECT 0 $$ LANGUAGE sql")
    before = user(f"SELECT h, n FROM {schema}.v")
    user(f"SET search_path TO {schema}, pg_catalog")
    admin(f"ALTER TABLE {schema}.t ADD COLUMN another INTEGER")  # binds the view again
    admin(f"SET search_path TO {schema}, pg_catalog")
    admin(f"ALTER TABLE {schema}.t ADD COLUMN third INTEGER")
    admin("RESET search_path")
    assert user(f"SELECT h, n FROM {schema}.v") == before
    assert before[0][1] == 3


def test_an_unqualified_function_is_only_looked_for_in_the_catalog(admin: Client, schema: str) -> None:
    admin(f"CREATE TABLE {schema}.t AS SELECT 1 AS id")
    admin(f"CREATE FUNCTION {schema}.mine(INTEGER) RETURNS INTEGER STABLE AS $$ SELECT $1 $$ LANGUAGE sql")
    admin(f"SET search_path TO {schema}")
    admin(f"CREATE VIEW {schema}.v AS SELECT mine(id) AS id FROM {schema}.t WITH NO SCHEMA BINDING")
    with pytest.raises(ServerError) as error:
        admin(f"SELECT id FROM {schema}.v")
    admin("RESET search_path")
    assert error.value.code == "42883"


def test_a_caller_s_predicate_does_not_see_what_a_view_hides(admin: Client, user: Client, schema: str) -> None:
    # The caller's function would tell of every row that it is called with.
    admin(f"CREATE TABLE {schema}.t AS SELECT 1 AS id, 'open'::VARCHAR AS kind UNION ALL SELECT 0, 'hidden'")
    admin(f"CREATE VIEW {schema}.late AS SELECT id FROM {schema}.t WHERE kind = 'open' WITH NO SCHEMA BINDING")
    admin(f"CREATE VIEW {schema}.bound AS SELECT id FROM {schema}.t WHERE kind = 'open'")
    admin(f"GRANT USAGE ON SCHEMA {schema} TO u_{schema}")
    admin(f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO u_{schema}")
    admin(f"REVOKE SELECT ON {schema}.t FROM u_{schema}")
    for view in ("late", "bound"):
        assert user(f"SELECT id FROM {schema}.{view} WHERE 1 / id = 1") == [(1,)]


def test_the_text_is_kept_as_it_was_submitted(admin: Client, schema: str) -> None:
    text = f"""create  OR replace view {schema}."V" ("A", b)
    AS /* fingerprint: 12 */ SELECT 'it\\'s \\\\ ''quoted''', NVL("T"."Id", 1) -- why
    FROM {schema}.t AS "T"
    with no schema   BINDING"""
    admin(f"CREATE TABLE {schema}.t AS SELECT 1 AS id")
    admin(text + ";")
    assert admin.one(f"SHOW VIEW {schema}.v") == text
    assert admin.one(f"SELECT pg_get_viewdef('{schema}.v'::regclass)") == text
    assert admin.one(f"SELECT pg_get_viewdef('{schema}.v'::regclass, true)") == text
    assert admin.one(f"SELECT definition FROM pg_views WHERE schemaname = '{schema}' AND viewname = 'v'") == text
    assert admin(f"SELECT a, b FROM {schema}.v") == [("it's \\ 'quoted'", 1)]


def test_a_bound_view_shows_its_query_and_follows_its_table(admin: Client, schema: str) -> None:
    admin(f"CREATE TABLE {schema}.t (id INTEGER)")
    admin(f"CREATE VIEW {schema}.v AS SELECT id FROM {schema}.t")
    assert admin.one(f"SELECT pg_get_viewdef('{schema}.v'::regclass, true)").strip().startswith("SELECT")
    with pytest.raises(ServerError) as error:
        admin(f"DROP TABLE {schema}.t")
    assert error.value.code == "2BP01"
    admin(f"ALTER TABLE {schema}.t RENAME COLUMN id TO key")
    assert admin(f"SELECT id FROM {schema}.v") == []


def test_a_bound_view_can_take_a_late_binding_one_s_place_and_back(admin: Client, schema: str) -> None:
    admin(f"CREATE TABLE {schema}.t (id INTEGER)")
    admin(f"CREATE VIEW {schema}.v AS SELECT id FROM {schema}.t")
    admin(f"CREATE OR REPLACE VIEW {schema}.v AS SELECT 'x' AS a, id FROM {schema}.t WITH NO SCHEMA BINDING")
    admin(f"DROP TABLE {schema}.t")
    admin(f"CREATE TABLE {schema}.t (id INTEGER)")
    admin(f"CREATE OR REPLACE VIEW {schema}.v AS SELECT 'x' AS a, id FROM {schema}.t")
    assert admin.one(f"SHOW VIEW {schema}.v").strip().startswith("SELECT")
    with pytest.raises(ServerError):
        admin(f"DROP TABLE {schema}.t")


def test_the_columns_of_late_binding_views_can_be_listed_and_broken_ones_have_none(admin: Client, schema: str) -> None:
    admin(f"CREATE TABLE {schema}.t (id INTEGER, name VARCHAR(12), amount NUMERIC(8, 2))")
    admin(f"CREATE VIEW {schema}.v AS SELECT id, name, amount FROM {schema}.t WITH NO SCHEMA BINDING")
    admin(f"CREATE VIEW {schema}.broken AS SELECT nothing FROM {schema}.t WITH NO SCHEMA BINDING")
    listed = admin(
        "SELECT view_name, col_name, col_type, col_num FROM pg_get_late_binding_view_cols() "
        "AS c(view_schema NAME, view_name NAME, col_name NAME, col_type VARCHAR, col_num INT) "
        f"WHERE view_schema = '{schema}' ORDER BY col_num"
    )
    assert listed == [
        ("v", "id", "integer", 1),
        ("v", "name", "character varying(12)", 2),
        ("v", "amount", "numeric(8,2)", 3),
    ]
    assert admin(f"SELECT column_name FROM svv_columns WHERE table_schema = '{schema}' AND table_name = 'broken'") == []


def test_a_replaced_view_is_seen_by_sessions_that_prepared_a_query_on_it(
    admin: Client, sign_in: Callable[..., Client], schema: str
) -> None:
    other = sign_in()
    admin(f"CREATE TABLE {schema}.t AS SELECT 1 AS id")
    admin(f"CREATE VIEW {schema}.v AS SELECT id FROM {schema}.t WITH NO SCHEMA BINDING")
    assert other(f"SELECT id FROM {schema}.v") == [(1,)]
    admin(f"CREATE OR REPLACE VIEW {schema}.v AS SELECT id + 1 AS id FROM {schema}.t WITH NO SCHEMA BINDING")
    assert other(f"SELECT id FROM {schema}.v") == [(2,)]


def test_a_view_made_by_dynamic_sql_in_a_procedure_is_one(admin: Client, schema: str) -> None:
    admin(
        f"CREATE PROCEDURE {schema}.make(name VARCHAR) AS $$ BEGIN EXECUTE 'CREATE VIEW {schema}.' || quote_ident(name) "
        f"|| ' AS SELECT nvl(id, 0) AS id FROM {schema}.later WITH NO SCHEMA BINDING'; END $$ LANGUAGE plpgsql"
    )
    admin(f"CALL {schema}.make('made')")
    admin(f"CREATE TABLE {schema}.later AS SELECT 4 AS id")
    assert admin(f"SELECT id FROM {schema}.made") == [(4,)]
    assert admin.one(f"SHOW VIEW {schema}.made").startswith("CREATE VIEW")


def test_the_engine_s_own_workings_cannot_be_reached(admin: Client, user: Client, schema: str) -> None:
    forged = f"CALL pg_veil.create_late_view('{schema}.v', true, NULL, NULL)"
    for client in (admin, user):
        for statement in (forged, 'SELECT * FROM "pg_veil".late_view', 'SELECT * FROM "PG_VEIL".late_view'):
            with pytest.raises(ServerError) as error:
                client(statement)
            assert error.value.code == "42501"


def test_a_bound_view_keeps_the_late_binding_ones_below_it_as_they_were(
    admin: Client, user: Client, schema: str
) -> None:
    admin(f"CREATE TABLE {schema}.t AS SELECT 1 AS id, 'x'::VARCHAR AS name")
    admin(f"CREATE VIEW {schema}.lower AS SELECT id, name FROM {schema}.t WITH NO SCHEMA BINDING")
    admin(f"CREATE VIEW {schema}.late AS SELECT id, name FROM {schema}.lower WITH NO SCHEMA BINDING")
    admin(f"GRANT USAGE, CREATE ON SCHEMA {schema} TO u_{schema}")
    admin(f"GRANT SELECT ON {schema}.late TO u_{schema}")
    user(f"CREATE VIEW {schema}.bound AS SELECT late.name, id FROM {schema}.late")
    user(f"CREATE VIEW {schema}.top AS SELECT UPPER(name) AS name FROM {schema}.bound")
    before = admin.one(f"SHOW VIEW {schema}.bound")
    assert f"{schema}.late" in before and "pg_veil" not in before
    admin(f"CREATE OR REPLACE VIEW {schema}.late AS SELECT 2 AS id, 'y'::VARCHAR AS name WITH NO SCHEMA BINDING")
    admin(f"CREATE OR REPLACE VIEW {schema}.lower AS SELECT 3 AS id WITH NO SCHEMA BINDING")
    admin(f"REVOKE ALL ON {schema}.late FROM u_{schema}")
    assert user(f"SELECT name, id FROM {schema}.bound") == [("x", 1)]
    assert user(f"SELECT name FROM {schema}.top") == [("X",)]
    assert admin.one(f"SHOW VIEW {schema}.bound") == before
    # Not the rows, though, nor the table that they are in.
    admin(f"DROP TABLE {schema}.t")
    admin(f"CREATE TABLE {schema}.t AS SELECT 4 AS id, 'z'::VARCHAR(5) AS name")
    assert admin(f"SELECT id, name FROM {schema}.bound") == [(4, "z")]
    user(f"DROP VIEW {schema}.top")
    user(f"DROP VIEW {schema}.bound")
    admin(f"CREATE VIEW {schema}.bound AS SELECT name, id FROM {schema}.late")
    assert admin(f"SELECT name, id FROM {schema}.bound") == [("y", 2)]


def test_a_materialized_view_reads_tables_and_other_materialized_views_alone(admin: Client, schema: str) -> None:
    """Source: Amazon Redshift Developer Guide, "CREATE MATERIALIZED VIEW", limitations."""
    admin(f"CREATE TABLE {schema}.t AS SELECT 1 AS id")
    admin(f"CREATE VIEW {schema}.late AS SELECT id FROM {schema}.t WITH NO SCHEMA BINDING")
    admin(f"CREATE VIEW {schema}.bound AS SELECT id FROM {schema}.t")
    admin(f"CREATE VIEW {schema}.top AS SELECT id FROM {schema}.late")
    admin("CREATE TEMPORARY TABLE mine AS SELECT 1 AS id")
    for refused in (f"{schema}.late", f"{schema}.bound", f"{schema}.top", "pg_catalog.pg_class", "svv_tables"):
        with pytest.raises(ServerError, match="a materialized view cannot reference"):
            admin(f"CREATE MATERIALIZED VIEW {schema}.m AS SELECT COUNT(*) AS n FROM {refused}")
    with pytest.raises(ServerError, match="temporary"):
        admin(f"CREATE MATERIALIZED VIEW {schema}.m AS SELECT id FROM mine")
    with pytest.raises(ServerError, match="cannot reference"):
        admin(
            f"CREATE MATERIALIZED VIEW {schema}.m AS SELECT id FROM {schema}.t WHERE id IN (SELECT id FROM {schema}.late)"
        )
    admin(f"CREATE MATERIALIZED VIEW {schema}.m AS SELECT id FROM {schema}.t")
    admin(f"CREATE MATERIALIZED VIEW {schema}.n AS SELECT id FROM {schema}.m")
    assert admin(f"SELECT id FROM {schema}.n") == [(1,)]
    admin("DROP TABLE mine")


def test_a_late_binding_view_is_not_dropped_from_under_a_bound_one(admin: Client, schema: str) -> None:
    admin(f"CREATE VIEW {schema}.late AS SELECT 1 AS id WITH NO SCHEMA BINDING")
    admin(f"CREATE VIEW {schema}.bound AS SELECT id FROM {schema}.late")
    with pytest.raises(ServerError) as error:
        admin(f"DROP VIEW {schema}.late")
    assert error.value.code == "2BP01"
    reads = (
        "SELECT r.relname FROM pg_depend AS i JOIN pg_depend AS n ON n.classid = i.classid AND n.objid = i.objid "
        "JOIN pg_class AS c ON c.oid = i.refobjid JOIN pg_class AS r ON r.oid = n.refobjid JOIN pg_namespace AS s "
        f"ON s.oid = c.relnamespace WHERE i.deptype = 'i' AND n.deptype = 'n' AND s.nspname = '{schema}'"
    )
    assert admin(f"{reads} AND c.relname = 'bound'") == [("late",)]
    admin(f"CREATE OR REPLACE VIEW {schema}.bound AS SELECT 2 AS id WITH NO SCHEMA BINDING")
    assert admin(f"{reads} AND c.relname = 'bound'") == []
    admin(f"DROP VIEW {schema}.late")
    assert admin(f"SELECT id FROM {schema}.bound") == [(2,)]


def test_a_bound_view_is_not_made_over_a_broken_one(admin: Client, schema: str) -> None:
    admin(f"CREATE VIEW {schema}.late AS SELECT id FROM {schema}.missing WITH NO SCHEMA BINDING")
    with pytest.raises(ServerError, match="missing"):
        admin(f"CREATE VIEW {schema}.bound AS SELECT id FROM {schema}.late")


def test_sessions_that_change_views_and_tables_at_once_do_not_harm_each_other(
    sign_in: Callable[..., Client], admin: Client, schema: str
) -> None:
    for table in ("a", "b"):
        admin(f"CREATE TABLE {schema}.{table} (id INTEGER)")
    query = f"SELECT a.id, b.id AS other FROM {schema}.a AS a, {schema}.b AS b"
    admin(f"CREATE VIEW {schema}.v AS {query} WITH NO SCHEMA BINDING")
    clients = [sign_in() for _ in range(4)]

    def work(number: int) -> list[str]:
        failures = []
        for turn in range(15):
            statement = (
                f"ALTER TABLE {schema}.a ADD COLUMN x{turn} INTEGER",
                f"ALTER TABLE {schema}.b ADD COLUMN x{turn} INTEGER",
                f"CREATE OR REPLACE VIEW {schema}.v AS {query} WITH NO SCHEMA BINDING",
                f"SELECT id, other FROM {schema}.v",
            )[number]
            try:
                clients[number](statement)
            except ServerError as error:
                failures.append(error.code)
        return failures

    with ThreadPoolExecutor(4) as pool:
        failures = [code for found in pool.map(work, range(4)) for code in found]
    assert set(failures) <= {"40P01"}  # a deadlock is told and can be tried again; nothing else may happen
    assert admin(f"SELECT id, other FROM {schema}.v") == []


def test_whoever_polls_a_view_is_no_deadlock_for_whoever_changes_what_it_reads(
    sign_in: Callable[..., Client], admin: Client, schema: str
) -> None:
    who = f"CREATE OR REPLACE VIEW {schema}.who AS SELECT id FROM {schema}.t WITH NO SCHEMA BINDING"
    entry = f"CREATE OR REPLACE VIEW {schema}.entry AS SELECT id FROM {schema}.who WITH NO SCHEMA BINDING"
    admin(f"CREATE TABLE {schema}.t (id INTEGER)")
    admin(who)
    admin(entry)
    admin(
        f"CREATE VIEW {schema}.governed AS SELECT w.id FROM {schema}.who AS w, {schema}.entry AS e WITH NO SCHEMA BINDING"
    )
    clients = [sign_in() for _ in range(4)]
    stopping = threading.Event()

    def poll(client: Client) -> tuple[int, set[str]]:
        answers, failures = 0, set()
        while not stopping.is_set():
            try:
                client(f"SELECT id FROM {schema}.governed")
                answers += 1
            except ServerError as error:
                failures.add(error.code)
        return answers, failures

    def work() -> None:
        for turn in range(6):
            for statement in ("BEGIN", who, entry, "COMMIT"):
                admin(statement)
            admin(f"ALTER TABLE {schema}.t ADD COLUMN x{turn} INTEGER")
            admin(f"DROP VIEW {schema}.who")
            admin(who)

    with ThreadPoolExecutor(4) as pool:
        polled = [pool.submit(poll, client) for client in clients]
        try:
            work()
        finally:
            stopping.set()
        found = [each.result() for each in polled]
    assert all(answers for answers, _ in found)
    assert set().union(*(failures for _, failures in found)) <= {"42P01"}


def test_a_definition_that_the_gateway_did_not_write_is_not_bound(admin: Client, user: Client, schema: str) -> None:
    admin(f"GRANT ALL ON SCHEMA {schema} TO u_{schema}")
    forged = f'{{"source": "", "query": "SELECT 1 AS a; ALTER USER u_{schema} SUPERUSER", "column_list": "", "output_names": ["a"], "names": []}}'
    user("SELECT set_config('pg_veil.late_view', %s, false)", "0" * 64 + forged)
    with pytest.raises(ServerError) as error:
        user(f"CREATE VIEW {schema}.v AS SELECT 1 AS a")
    assert error.value.code == "42501"
    assert admin.one(f"SELECT usesuper FROM pg_user WHERE usename = 'u_{schema}'") is False

"""Statements of ours, each broken in one place in a way that a page of Redshift's names an error.

Whoever judges our statements has to refuse all of these: the checks of this folder, and the
embedded engine.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from tests.compiler.worlds import CASES
from veil.compiler import compile_view
from veil.warehouse import Layout, qualified, templates
from veil.warehouse.install import _values as values_of

LAYOUT = Layout("immuta", "governed", owner="keeper", impersonation_group="helpers")
"""The names that the recorded views have, too."""

_VALUES = values_of(LAYOUT) | {
    "schemas": "'immuta_system', 'src'",
    "tables": "'customers'",
    "schema": "'immuta_system'",
    "name": "'writer'",
    "database": "'dev'",
    "group": "'helpers'",
    "relation": "1",
    "mentions": "pg_catalog.STRPOS(pg_catalog.LOWER(definition), 'one') > 0",
    "named": "TRUE",
    "grantee": 'ROLE "planners"',
    "system_user": '"keeper"',
    "catalog_role": '"keeper_catalog"',
    "probe_role": '"keeper_probe"',
    "source_schema": '"src"',
}
_SENT_BY_CODE = {
    "lock": f"LOCK TABLE {qualified(LAYOUT.system, 'writer')}",
    "drop view": f"DROP VIEW IF EXISTS {qualified('governed', 'nothing')}",
    "drop group": 'DROP GROUP "nobody"',
    "hand over": f'ALTER TABLE {qualified(LAYOUT.system, "writer")} OWNER TO "keeper"',
    "publish": f"GRANT SELECT ON {qualified(LAYOUT.system, 'user_profile')} TO PUBLIC",
    "advance": f"CALL {qualified(LAYOUT.procedures, 'advance_revision')}(0, 'mark')",
    "empty": f"DELETE FROM {qualified(LAYOUT.system, 'object')}",
}


@dataclass(frozen=True)
class Broken:
    """A statement of ours, by the file that holds it ("reads/users"), by the recorded view ("view
    plain") or by what it is for ("lock"), with what of it becomes what, once; why that is an error,
    and the page that says so. `call` runs what a procedure holds: a body is judged at the latest
    when it runs.
    """

    of: str
    old: str
    new: str
    why: str
    page: str
    call: str = ""

    @cached_property
    def sent(self) -> str:
        """The statement as we send it."""
        if self.of in _SENT_BY_CODE:
            return _SENT_BY_CODE[self.of]
        if self.of.startswith("view "):
            return compile_view(*CASES[self.of.removeprefix("view ")])
        return next(each for each in templates.render(self.of, _VALUES) if self.old in each)

    @property
    def statement(self) -> str:
        """The statement, broken."""
        assert self.old in self.sent, self
        return self.sent.replace(self.old, self.new, 1)


_SKIPS = "r_correlated_subqueries"
_LEADER = "c_SQL_functions_leader_node_only"
_JOINED = "c_join_PG"
_POSTGRESQL = "c_unsupported-postgresql-features"
_FUNCTIONS = "c_unsupported-postgresql-functions"
_TYPES = "c_unsupported-postgresql-datatypes"
_SWITCH = 'CALL "immuta_procedures"."switch_project"(NULL)'
_BATCH = """CALL "immuta_procedures"."{}"('[{{"key": "k", "seed": "s", "source": "s", "kind": "k", "name": "n", "id": "i"}}]')"""

BROKEN = (
    # Relations and columns
    Broken("reads/column_privileges", "identity_type, FALSE", "identity_type, admin_option", "a column of its siblings", "r_SVV_COLUMN_PRIVILEGES"),
    Broken("reads/schema_privileges", "privilege_scope", "privilege_level", "no such column", "r_SVV_SCHEMA_PRIVILEGES"),
    Broken("reads/routines", "pg_catalog.pg_proc_info", "pg_catalog.pg_proc", "PostgreSQL 8.0 has no prokind", "pg_proc"),
    Broken("reads/relation_states", "c.relkind\n", "c.relpersistence\n", "a column of later PostgreSQL", "pg_class"),
    Broken("reads/table_columns", "a.attnotnull", "a.attidentity", "a column of later PostgreSQL", "pg_attribute"),
    Broken("reads/schema_columns", "SELECT schemaname FROM", "SELECT schema_name FROM", "no such column", "r_SVV_EXTERNAL_SCHEMAS"),
    Broken("reads/external_columns", "external_type", "data_type", "no such column", "r_SVV_EXTERNAL_COLUMNS"),
    Broken("reads/users", "pg_catalog.pg_user", "pg_catalog.pg_roles", "a relation of later PostgreSQL", "pg_user"),
    Broken("reads/views", "pg_catalog.pg_views", "pg_catalog.pg_matviews", "a relation of later PostgreSQL", "pg_views"),
    Broken("reads/objects", "id, body, hash", "id, bodies, hash", "a column that our table does not have", "r_SELECT_list"),
    Broken("reads/members_of_roles", "user_name, role_name", "user_name, role", "no such column", "r_SVV_USER_GRANTS"),
    # Functions, and where they run
    Broken("reads/routines", "pg_catalog.FORMAT_TYPE(p.prorettype, NULL)", "pg_catalog.PG_GET_FUNCTION_RESULT(p.prooid)", "a function of later PostgreSQL", _FUNCTIONS),
    Broken("view mask_hash", "pg_catalog.sha2(", "pg_catalog.sha256(", "a function of PostgreSQL's", "r_SHA2"),
    Broken("view mask_hash", "CAST(t.\"small\" AS VARCHAR(64)), 256)", "CAST(t.\"small\" AS VARCHAR(64)))", "too few arguments", "r_SHA2"),
    Broken("view plain", "pg_catalog.rtrim(e.\"name\")", "pg_catalog.format('%s', e.\"name\")", "a function of PostgreSQL's", _FUNCTIONS),
    Broken("view plain", "pg_catalog.max(e.t) AS t", "pg_catalog.array_agg(e.t) AS t", "an aggregate of PostgreSQL's", _FUNCTIONS),
    Broken("view rows_newer_than", "FROM \"raw\".\"customers\" AS t", "FROM (SELECT u.*, pg_catalog.now() AS moment FROM \"raw\".\"customers\" AS u) AS t", "now() runs on the leader node", _LEADER),
    Broken("view plain", "x.\"source\" = 'raw.customers'", "x.\"source\" = pg_catalog.current_schema()", "current_schema() runs on the leader node", _LEADER),
    Broken("view plain", "x.\"source\" = 'raw.customers'", "x.\"source\" IN (SELECT c.relname FROM pg_catalog.pg_class AS c WHERE c.relacl IS NULL)", "a type of the leader node beside a table", _JOINED),
    Broken("reads/objects", ".object", ".object INNER JOIN pg_catalog.pg_group AS g ON g.groname = name AND 1 = ANY (g.grolist)", "a type of the leader node beside a table", _JOINED),
    Broken("reads/revision", "revision, token", "pg_catalog.PG_GET_USERBYID(1), token", "a function of the leader node over a table", _LEADER),
    Broken("procedures/switch_project", "updated_at = pg_catalog.GETDATE(), seal = mark", "updated_at = pg_catalog.NOW(), seal = mark", "now() runs on the leader node", _LEADER, call=_SWITCH),
    Broken("procedures/create_salts", "pg_catalog.SHA2(o.seed::VARCHAR(65535), 224)", "pg_catalog.SHA2(pg_catalog.RANDOM()::VARCHAR(64), 224)", "a volatile function beside an unnest", "limitations-super", call=_BATCH.format("create_salts")),
    Broken("procedures/create_salts", "pg_catalog.RANDOM()::VARCHAR(64) || pg_catalog", "pg_catalog.GEN_RANDOM_UUID()::VARCHAR(64) || pg_catalog", "a function of PostgreSQL's", _FUNCTIONS, call=_BATCH.format("create_salts")),
    # Types, names and limits
    Broken("tables/incoming", "items SUPER", "items JSONB", "no such type", _TYPES),
    Broken("tables/profile", "groups SUPER", "groups VARCHAR(64)[]", "no such type", _TYPES),
    Broken("tables/object", "id VARCHAR(128)", "id UUID", "no such type", _TYPES),
    Broken("tables/revision", "revision BIGINT", "revision BIGSERIAL", "no such type", _TYPES),
    Broken("tables/object", "body VARCHAR(65535)", "body VARCHAR(65536)", "a VARCHAR of more than 65,535 bytes", "r_Character_types"),
    Broken("tables/profile_entry", "name VARCHAR(1024)", "tag VARCHAR(1024)", "a reserved word as a column", "r_pg_keywords"),
    Broken("tables/published", "name VARCHAR(1024)", f"{'n' * 128} VARCHAR(1024)", "a name of more than 127 bytes", "r_names"),
    Broken("tables/published", "name VARCHAR(1024)", "ctid VARCHAR(1024)", "a system column", "r_names"),
    Broken("reads/unsealed", "item FROM", "item AS raw FROM", "a reserved word as an alias", "r_pg_keywords"),
    Broken("view mask_null", "AS VARCHAR(80)", "AS VARCHAR(80)[]", "no such type", _TYPES),
    Broken("view mask_null", "NUMERIC(12, 2)", "NUMERIC(39, 2)", "a DECIMAL of more than 38 digits", "r_Numeric_types201"),
    Broken("view mask_null", "AS TIMESTAMPTZ", "AS INET", "no such type", _TYPES),
    Broken("advance", "'mark'", f"'mark'{', 1' * 31}", "more than 32 arguments", "r_CREATE_PROCEDURE"),
    Broken("lock", "\"writer\"", f"\"{'w' * 128}\"", "a name of more than 127 bytes", "r_names"),
    # Forms
    Broken("procedures/switch_project", "FROM PUBLIC", "FROM PUBLIC CASCADE", "REVOKE has no CASCADE", "r_REVOKE"),
    Broken("publish", "TO PUBLIC", "TO PUBLIC WITH GRANT OPTION", "grant options are for users", "r_GRANT"),
    Broken("read_only", "TO ROLE \"planners\"", "TO GROUP \"helpers\" WITH GRANT OPTION", "grant options are for users", "r_GRANT"),
    Broken("bootstrap/system_user", "GRANT ACCESS SYSTEM TABLE TO ROLE \"keeper_catalog\"", "GRANT ACCESS SYSTEM TABLE TO \"keeper\"", "system permissions are for roles", "r_GRANT"),
    Broken("bootstrap/source_schema", "GRANT SELECT FOR TABLES IN SCHEMA \"src\" TO \"keeper\"", "GRANT SELECT FOR TABLES IN SCHEMA \"src\" TO GROUP \"helpers\"", "scoped permissions are for users and roles", "r_GRANT"),
    Broken("lock", "\"writer\"", "\"writer\" IN EXCLUSIVE MODE", "LOCK has one mode", "r_LOCK"),
    Broken("lock", "\"writer\"", "\"user_profile\"", "LOCK is for tables", "r_LOCK"),
    Broken("drop group", "DROP GROUP", "DROP GROUP IF EXISTS", "no such form", "r_DROP_GROUP"),
    Broken("bootstrap/probe_role", "CREATE ROLE", "CREATE ROLE IF NOT EXISTS", "no such form", "r_CREATE_ROLE"),
    Broken("bootstrap/probe_role", "\"keeper_probe\"", "\"sys:probe\"", "a reserved name of a role", "r_CREATE_ROLE"),
    Broken("bootstrap/impersonation_group", "CREATE GROUP", "CREATE GROUP IF NOT EXISTS", "no such form", "r_CREATE_GROUP"),
    Broken("hand over", "OWNER TO \"keeper\"", "OWNER TO \"keeper\", ADD COLUMN more INTEGER", "one thing at a time", "r_ALTER_TABLE"),
    Broken("tables/profile_entry", "COMPOUND SORTKEY (immuta__userid, kind)", "PARTITION BY RANGE (kind)", "PostgreSQL's partitions", _POSTGRESQL),
    Broken("tables/writer", "CREATE TABLE IF NOT EXISTS", "CREATE UNLOGGED TABLE IF NOT EXISTS", "PostgreSQL's kinds of tables", "r_CREATE_TABLE_NEW"),
    Broken("tables/writer", "nothing INTEGER", "nothing INTEGER CHECK (nothing > 0)", "check constraints", _POSTGRESQL),
    Broken("views/salt_name", "CREATE OR REPLACE VIEW", "CREATE VIEW IF NOT EXISTS", "no such form", "r_CREATE_VIEW"),
    Broken("procedures/add_closed", "SECURITY DEFINER", "NONATOMIC SECURITY DEFINER", "NONATOMIC excludes SECURITY DEFINER", "r_CREATE_PROCEDURE"),
    Broken("procedures/add_closed", "LANGUAGE plpgsql", "LANGUAGE sql", "procedures are plpgsql's", "r_CREATE_PROCEDURE"),
    Broken("procedures/add_closed", "REVOKE ALL ON PROCEDURE", "REVOKE ALL ON ROUTINE", "no such form", "r_REVOKE"),
    Broken("empty", "\"object\"", "ONLY \"immuta_system\".\"object\"", "inheritance", _POSTGRESQL),
    Broken("empty", "\"object\"", "\"object\" RETURNING id", "RETURNING", _POSTGRESQL),
    # Procedures
    Broken("procedures/switch_project", "caller := SESSION_USER", "SET LOCAL statement_timeout TO 1", "SET LOCAL in a procedure", "stored-procedure-constraints", call=_SWITCH),
    Broken("procedures/switch_project", "RAISE EXCEPTION 'veil: % has no profile', caller", "RAISE EXCEPTION 'veil: % has no profile', caller || '.'", "RAISE takes variables", "c_PLpgSQL-statements", call=_SWITCH),
    Broken("procedures/advance_revision", "GET DIAGNOSTICS moved := ROW_COUNT", "GET STACKED DIAGNOSTICS moved := ROW_COUNT", "no such form", "c_PLpgSQL-statements"),
    # What queries are written with
    Broken("reads/databases", "SELECT database_name", "SELECT DISTINCT ON (database_name) database_name", "DISTINCT ON", _POSTGRESQL),
    Broken("reads/databases", "ORDER BY database_name", "ORDER BY database_name FETCH FIRST 1 ROWS ONLY", "LIMIT has this role", "r_ORDER_BY_clause"),
    Broken("reads/revision", ".revision", ".revision FOR UPDATE", "FOR UPDATE", _POSTGRESQL),
    Broken("reads/users", "SELECT usename FROM", "SELECT usename FROM ONLY", "inheritance", _POSTGRESQL),
    Broken("views/unsealed", "pg_catalog.COUNT(*) <> 1", "pg_catalog.COUNT(*) FILTER (WHERE s.name <> '') <> 1", "FILTER", "c_Aggregate_Functions"),
    Broken("views/unsealed", "FROM k\n", "FROM k, LATERAL (SELECT 1 AS one) AS l\n", "LATERAL", _POSTGRESQL),
    Broken("views/unsealed", "WHERE k.salt IS NULL", "WHERE k.salt IS NOT DISTINCT FROM NULL", "no such operator", "r_comparison_condition"),
    Broken("tables/integration", "read_only_role)\nVALUES", "read_only_role)\nOVERRIDING SYSTEM VALUE\nVALUES", "no such form", "r_INSERT_30"),
    Broken("procedures/add_closed", "pg_batch.items AS o;", "pg_batch.items AS o ON CONFLICT DO NOTHING;", "ON CONFLICT", "r_INSERT_30", call=_BATCH.format("add_closed")),
    Broken("view rows_value_in", "IN ('CA', 'US')", "= ANY (ARRAY['CA', 'US'])", "arrays", _POSTGRESQL),
    Broken("view mask_hash", "CAST(NULL AS DATE)", "CAST(t.\"day\"::JSON -> 'x' AS DATE)", "the operators of JSON", _TYPES),
    Broken("view mask_truncate_date", "FROM \"raw\".\"types\" AS t", "FROM types AS t", "a late-binding view qualifies its tables", "r_CREATE_VIEW"),
    Broken("view plain", "WITH caller AS", "WITH RECURSIVE caller AS", "no recursion in a late-binding view", "r_CREATE_VIEW"),
    Broken("view plain", "FROM \"raw\".\"customers\" AS t", "FROM (VALUES (1)) AS t (id)", "VALUES as a table", _POSTGRESQL),
    Broken("view plain", "FROM \"raw\".\"customers\" AS t", "FROM \"raw\".\"customers\" AS t TABLESAMPLE SYSTEM (10)", "TABLESAMPLE", _POSTGRESQL),
    Broken("view plain", "x.\"source\" = 'raw.customers'", "x.\"source\" = ROW('raw.customers')", "row constructors", _POSTGRESQL),
    Broken("views/user_entry", "DATEDIFF(second, n.earlier", "DATEDIFF(fortnight, n.earlier", "no such part of a date", "r_Dateparts_for_datetime_functions"),
    # Queries in queries
    Broken("view plain", "x.\"source\" = 'raw.customers'", "x.\"source\" = 'raw.customers' AND NOT EXISTS (SELECT 1 FROM \"immuta_system\".\"published\" AS y WHERE y.\"name\" = d.w)", "a correlation that skips a query block", _SKIPS),
    Broken("view where_lookup", "AS k1 ON k1.v = t.\"territory\"", "AS k1 ON k1.v = (SELECT pg_catalog.max(y.\"name\") FROM \"immuta_system\".\"published\" AS y WHERE y.\"name\" = t.\"territory\")", "a correlation from ON", _SKIPS),
    Broken("views/unsealed", "HAVING pg_catalog.COUNT(*) <> 1", "HAVING pg_catalog.COUNT(*) <> (SELECT pg_catalog.COUNT(*) FROM \"immuta_system\".salt_digest AS z)", "a subquery in HAVING", "r_scalar_subqueries"),
    Broken("views/unsealed", "GROUP BY s.name", "GROUP BY (SELECT pg_catalog.MAX(z.name) FROM \"immuta_system\".salt_digest AS z)", "a subquery in GROUP BY", "r_scalar_subqueries"),
)  # fmt: skip

"""The engine's catalogs against what Redshift documents, both ways."""

from __future__ import annotations

from typing import Any

import pytest

from tests.local.conftest import Client, ServerError
from tests.surface import load
from veil.local.rewrite.catalogs import HIDDEN_OID, UNANSWERED
from veil.local.rewrite.relations_not_here import RELATIONS_NOT_HERE

CATALOG = load("catalog")
RELATIONS = [name for name in CATALOG if "(" not in name]
"""Without functions that give rows."""
ANSWERED = [name for name in RELATIONS if name not in UNANSWERED]
HIDDEN = "oid (hidden)"

# PostgreSQL 8.0's own, which Redshift inherits and no page describes; nobody's metadata queries
# depend on their columns.
INHERITED = frozenset(
    "pg_aggregate pg_am pg_amop pg_amproc pg_cast pg_conversion pg_indexes pg_inherits pg_opclass pg_operator pg_rewrite pg_rules "  # noqa: SIM905
    "pg_shadow pg_statio_all_tables pg_statio_sys_tables pg_statio_user_tables pg_statistic pg_stats pg_tablespace pg_trigger".split()
)
NOT_KEPT = (
    "stl_query stv_tbl_perm stl_wlm_query stl_connection_log stv_active_cursors stl_utilitytext stl_scan stl_load_errors "  # noqa: SIM905
    "svl_query_summary stv_wlm_classification_config stv_wlm_service_class_config stv_wlm_service_class_state stv_blocklist "
    "stl_vacuum stv_slices stl_commit_stats stv_partitions stl_tr_conflict stl_plan_info stl_insert stl_delete stl_explain "
    "stl_alert_event_log".split()
)
"""Relations that have their columns and refuse to be read."""

_FAMILIES = {
    "boolean": {16},
    "text": {18, 19, 25, 1042, 1043},
    "number": {20, 21, 23, 26, 28, 24, 700, 701, 1700},
    "moment": {1114, 1184, 702},
}


def family(documented: str) -> str | None:
    """Of what kind a documented type is; None for arrays and what has no kind of its own."""
    bare = documented.split("(", maxsplit=1)[0].strip('" ').removesuffix(" without time zone")
    kinds: dict[str, tuple[str, ...]] = {
        "boolean": ("boolean", "bool"),
        "text": ("text", "varchar", "char", "character", "name"),
        "number": ("integer", "int", "smallint", "bigint", "long", "oid", "real", "double precision", "numeric", "xid", "float"),
        "moment": ("timestamp", "timestamptz", "time", "abstime"),
    }  # fmt: skip
    return next((kind for kind, names in kinds.items() if bare in names), None)


def described(client: Client, relation: str) -> list[tuple[str, int]]:
    """Names and type numbers of the columns of `SELECT *`."""
    with client.connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {relation} LIMIT 0")
        return [(column[0], column[1]) for column in cursor.description]


@pytest.mark.parametrize("relation", ANSWERED)
def test_a_relation_has_exactly_the_documented_columns_in_order(admin: Client, user: Client, relation: str) -> None:
    documented = [(name, kind) for name, kind in CATALOG[relation]["columns"] if kind != HIDDEN]
    for client in (admin, user):
        found = described(client, relation)
        assert [name for name, _ in found] == [name for name, _ in documented]
        wrong = [
            (name, documented_type, oid)
            for (name, oid), (_, documented_type) in zip(found, documented, strict=True)
            if (kind := family(documented_type)) is not None and oid not in _FAMILIES[kind]
        ]
        assert not wrong


@pytest.mark.parametrize("relation", [name for name in ANSWERED if CATALOG[name].get("absent")])
def test_columns_that_redshift_does_not_have_are_errors(admin: Client, relation: str) -> None:
    for column in CATALOG[relation]["absent"]:
        with pytest.raises(ServerError) as refused:
            admin(f"SELECT r.{column} FROM {relation} AS r LIMIT 0")
        assert refused.value.code == "42703", column


@pytest.mark.parametrize("relation", sorted(UNANSWERED))
def test_a_documented_relation_that_the_engine_cannot_answer_is_refused_by_name(admin: Client, relation: str) -> None:
    assert relation in CATALOG
    with pytest.raises(ServerError) as refused:
        admin(f"SELECT * FROM {relation}")
    assert refused.value.code == "0A000"
    assert relation in refused.value.message
    assert "local engine" in refused.value.hint


def test_system_relations_that_only_a_cluster_has_are_refused_by_name(admin: Client) -> None:
    """Not as if nobody had them: whoever asks is told that a cluster answers."""
    assert not RELATIONS_NOT_HERE & {*CATALOG, *NOT_KEPT, *UNANSWERED}
    for relation in sorted(RELATIONS_NOT_HERE):
        for named in (relation, f"pg_catalog.{relation}"):
            with pytest.raises(ServerError) as refused:
                admin(f"SELECT * FROM {named}")
            assert (refused.value.code, refused.value.message) == ("0A000", f"{relation} is not supported"), relation
            assert "local engine" in refused.value.hint


@pytest.mark.parametrize("relation", ["pg_statio_all_tables", "pg_statio_user_tables"])
def test_descriptions_are_found_by_the_statistics_of_tables(admin: Client, schema: str, relation: str) -> None:
    admin(f"CREATE TABLE {schema}.t (a INTEGER, b INTEGER)")
    admin(f"COMMENT ON COLUMN {schema}.t.b IS 'the second'")
    assert admin(
        f"SELECT st.relname, d.objsubid, d.description FROM pg_catalog.{relation} AS st "
        f"JOIN pg_catalog.pg_description AS d ON d.objoid = st.relid WHERE st.schemaname = '{schema}'"
    ) == [("t", 2, "the second")]


@pytest.mark.parametrize("relation", NOT_KEPT)
def test_a_view_over_a_log_can_be_made_and_reading_it_is_refused(admin: Client, schema: str, relation: str) -> None:
    admin(f"CREATE VIEW {schema}.v AS SELECT * FROM {relation}")
    for source in (relation, f"{schema}.v"):
        with pytest.raises(ServerError) as refused:
            admin(f"SELECT * FROM {source}")
        assert refused.value.code == "0A000"
        assert relation in refused.value.message
        assert "local engine" in refused.value.hint


def test_no_catalog_relation_exists_that_redshift_does_not_have(admin: Client) -> None:
    listed = {row[0] for row in admin("""
        SELECT c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE n.nspname = 'pg_catalog' AND c.relkind IN ('r', 'v')
    """)}  # fmt: skip
    readable: set[str] = set()
    for name in listed - set(CATALOG) - INHERITED:
        try:
            admin(f"SELECT 1 FROM pg_catalog.{name} LIMIT 0")
        except ServerError as refused:
            assert refused.code == "42P01", name
        else:
            readable.add(name)
    assert not readable


# What PostgreSQL 8.0 had in information_schema beside what pages of Redshift's use: its
# documentation, "The Information Schema".
INFORMATION = frozenset(
    "information_schema_catalog_name applicable_roles check_constraints column_domain_usage column_udt_usage "  # noqa: SIM905
    "constraint_column_usage constraint_table_usage data_type_privileges domain_constraints domain_udt_usage domains element_types "
    "enabled_roles parameters referential_constraints role_column_grants role_routine_grants role_table_grants role_usage_grants "
    "routine_privileges routines sql_features sql_implementation_info sql_sizing triggers usage_privileges view_column_usage "
    "view_table_usage".split()
)


def test_no_relation_of_information_schema_exists_that_postgresql_8_0_did_not_have(admin: Client) -> None:
    listed = {row[0] for row in admin("""
        SELECT c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE n.nspname = 'information_schema'
    """)}  # fmt: skip
    documented = {name.partition(".")[2] for name in CATALOG if name.startswith("information_schema.")}
    assert listed > documented | INFORMATION
    for name in sorted(listed):
        if name in documented | INFORMATION:
            admin(f"SELECT 1 FROM information_schema.{name} LIMIT 0")
            continue
        with pytest.raises(ServerError) as refused:
            admin(f"SELECT 1 FROM information_schema.{name} LIMIT 0")
        assert refused.value.code == "42P01", name


@pytest.mark.parametrize("relation", sorted(HIDDEN_OID))
def test_an_oid_can_be_read_and_is_not_part_of_the_star(admin: Client, relation: str) -> None:
    visible = [name for name, _ in described(admin, relation)]
    assert "oid" not in visible
    assert HIDDEN_OID[relation].split() == visible
    admin(f"SELECT oid, x.oid FROM {relation} AS x LIMIT 1")
    assert [name for name, _ in described(admin, f"(SELECT * FROM pg_catalog.{relation}) AS y")] == visible


def test_the_star_of_several_relations_hides_each_oid(admin: Client) -> None:
    names: list[Any] = [
        name for name, _ in described(admin, "pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace")
    ]
    assert names == HIDDEN_OID["pg_class"].split() + HIDDEN_OID["pg_namespace"].split()
    with admin.connection.cursor() as cursor:
        cursor.execute("SELECT n.*, c.relname FROM pg_class AS c JOIN pg_namespace n ON n.oid = c.relnamespace LIMIT 0")
        assert [column[0] for column in cursor.description] == [*HIDDEN_OID["pg_namespace"].split(), "relname"]


def test_the_engine_s_own_schemas_and_stand_ins_show_to_nobody(admin: Client, user: Client) -> None:
    for client in (admin, user):
        assert client("SELECT 1 FROM pg_namespace WHERE nspname LIKE 'pg_veil%'") == []
        assert client("SELECT 1 FROM pg_class WHERE relname = 'information_schema_tables'") == []
        assert client("SELECT 1 FROM information_schema.schemata WHERE schema_name LIKE 'pg_veil%'") == []
        with pytest.raises(ServerError) as refused:
            client("SELECT 1 FROM pg_veil.pg_class")
        assert refused.value.code == "42501"


def test_a_catalog_s_name_stays_its_alias(admin: Client, schema: str) -> None:
    admin(f"CREATE TABLE {schema}.t (id INTEGER)")
    query = (
        "SELECT pg_class.relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = pg_class.relnamespace "
        f"WHERE pg_namespace.nspname = '{schema}'"
    )
    assert admin(query) == [("t",)]
    admin(f"CREATE VIEW {schema}.v AS {query}")
    assert sorted(admin(f"SELECT relname FROM {schema}.v")) == [("t",), ("v",)]
    shown = admin.one(f"SELECT definition FROM pg_views WHERE schemaname = '{schema}' AND viewname = 'v'")
    assert "pg_veil" not in shown
    assert "pg_class" in shown


def test_superusers_alone_see_what_is_documented_for_them(admin: Client, user: Client, schema: str) -> None:
    admin(f"CREATE TABLE {schema}.t AS SELECT 1 AS one")
    assert admin(f"""SELECT "table", tbl_rows FROM svv_table_info WHERE "schema" = '{schema}'""") == [("t", 1)]
    for relation in ("svv_table_info", "svl_user_info", "stv_locks", "pg_user_info"):
        assert user(f"SELECT 1 FROM {relation}") == [], relation
    assert user.one("SELECT COUNT(*) FROM pg_class_info") == 0
    assert admin.one("SELECT COUNT(*) FROM pg_class_info") > 100
    assert {row[0].strip() for row in user("SELECT user_name FROM stv_sessions")} == {f"u_{schema}"}

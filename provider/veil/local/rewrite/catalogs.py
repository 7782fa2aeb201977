"""Which catalog relations a query may read, and what answers for them.

Redshift has the catalogs of PostgreSQL 8.0, with additions, and its own SVV, STV, STL, SVL and SYS
relations. The server that runs here has those of PostgreSQL 18. So `pg_class` and its like are read
from views that have Redshift's columns, what PostgreSQL added later does not exist, and what
Redshift has and this engine cannot answer is refused by name.

Source: Amazon Redshift Database Developer Guide, "System tables and views reference"; PostgreSQL
8.0, "System Catalogs".
"""

from __future__ import annotations

from veil.local.rewrite.edits import Sql
from veil.local.rewrite.errors import LOCAL_LIMIT, RefusalError
from veil.local.rewrite.lexer import quote_name
from veil.local.rewrite.relations_not_here import RELATIONS_NOT_HERE
from veil.local.rewrite.sources import Source


def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_AS_OF_8_0 = _names(
    "pg_attrdef pg_attribute pg_class pg_constraint pg_database pg_default_acl pg_index pg_language pg_locks "
    "pg_namespace pg_proc pg_settings pg_stat_activity pg_statio_all_tables pg_statio_sys_tables "
    "pg_statio_user_tables pg_tables pg_type"
)
"""Relations of pg_catalog for which one of the same name in pg_veil answers."""

_INFORMATION_SCHEMA = _names("columns key_column_usage schemata table_constraints tables views")
"""The same in information_schema."""

HIDDEN_OID = {
    "pg_attrdef": ("adrelid adnum adbin adsrc"),
    "pg_class": (
        "relname relnamespace reltype relowner relam relfilenode reltablespace relpages reltuples reltoastrelid "
        "reltoastidxid relhasindex relisshared relkind relnatts relexternid relisreplicated relispinned "
        "reldiststyle relprojbaseid relchecks reltriggers relukeys relfkeys relrefs relhasoids relhaspkey "
        "relhasrules relhassubclass relacl"
    ),
    "pg_constraint": (
        "conname connamespace contype condeferrable condeferred conrelid contypid confrelid confupdtype "
        "confdeltype confmatchtype conkey confkey conbin consrc"
    ),
    "pg_database": (
        "datname datdba encoding datistemplate datallowconn datlastsysoid datvacuumxid datfrozenxid dattablespace "
        "datconfig datacl"
    ),
    "pg_default_acl": ("defacluser defaclnamespace defaclobjtype defaclacl"),
    "pg_language": ("lanname lanispl lanpltrusted lanplcallfoid lanvalidator lanacl"),
    "pg_namespace": ("nspname nspowner nspacl"),
    "pg_proc": (
        "proname pronamespace proowner prolang proisagg prosecdef proisstrict proretset provolatile pronargs "
        "prorettype proargtypes proargnames prosrc probin proacl"
    ),
    "pg_type": (
        "typname typnamespace typowner typlen typbyval typtype typisdefined typdelim typrelid typelem typinput "
        "typoutput typreceive typsend typanalyze typalign typstorage typnotnull typbasetype typtypmod typndims "
        "typdefaultbin typdefault"
    ),
}
"""The columns of relations with an `oid` that, as a system column of PostgreSQL 8.0, is not part of
`*`.
"""

KNOWN_COLUMNS = {name: _names(columns) | {"oid"} for name, columns in HIDDEN_OID.items()} | {
    "pg_attribute": _names(
        "attrelid attname atttypid attstattarget attlen attnum attndims attcacheoff atttypmod attbyval attstorage attalign "
        "attnotnull atthasdef attisdropped attislocal attinhcount attencodingtype attencrypttype attisdistkey "
        "attispreloaded attsortkeyord"
    ),
    "pg_description": _names("objoid classoid objsubid description"),
    "pg_user": _names("usename usesysid usecreatedb usesuper usecatupd passwd valuntil useconfig"),
    "svv_external_columns": _names(
        "schemaname tablename columnname external_type columnnum part_key is_nullable redshift_database_name"
    ),
    "svv_external_schemas": _names("esoid eskind schemaname esowner databasename esoptions"),
    "svv_external_tables": _names(
        "schemaname tablename tabletype location input_format output_format serialization_lib serde_parameters compressed "
        "parameters redshift_database_name"
    ),
}
"""The columns of catalogs that clients ask with aliases in WHERE."""

NOT_JOINED = {
    "pg_attribute_info": _names("attacl"),
    "pg_class": _names("relacl"),
    "pg_class_info": _names("relacl relcreationtime"),
    "pg_constraint": _names("conkey confkey"),
    "pg_database": _names("datvacuumxid datfrozenxid datconfig datacl"),
    "pg_database_info": _names("datvacuumxid datfrozenxid datconfig datacl"),
    "pg_default_acl": _names("defaclacl"),
    "pg_group": _names("grolist"),
    "pg_index": _names("indkey indclass"),
    "pg_language": _names("lanacl"),
    "pg_namespace": _names("nspacl"),
    "pg_proc": _names("proargtypes proargnames probin proacl"),
    "pg_proc_info": _names("proargtypes proargnames probin proacl proargmodes proallargtypes"),
    "pg_stat_activity": _names("query_start"),
    "pg_type": _names("typinput typoutput typreceive typsend typanalyze"),
    "pg_user": _names("valuntil useconfig"),
    "pg_user_info": _names("valuntil useconfig"),
}
"""Columns of types that no query may touch which reads users' tables besides. Source: "Querying the
catalog tables" (c_join_PG).
"""

UNANSWERED = _names(
    "pg_statistic_indicator stl_ddltext svv_query_state sys_connection_log "
    "sys_procedure_call sys_query_history sys_query_text sys_session_history sys_transaction_history"
)
"""Documented relations that the local engine has no rows for: logs and storage figures that it does
not keep. Others of the kind are in `sql/28_not_kept.sql`: views over them can be made, and reading
one is refused.
"""

_LATER = _names(
    "pg_aios pg_auth_members pg_authid pg_available_extension_versions pg_available_extensions "
    "pg_backend_memory_contexts pg_collation pg_config pg_cursors pg_db_role_setting pg_enum pg_event_trigger "
    "pg_extension pg_file_settings pg_foreign_data_wrapper pg_foreign_server pg_foreign_table pg_hba_file_rules "
    "pg_ident_file_mappings pg_init_privs pg_largeobject pg_largeobject_metadata pg_matviews pg_opfamily "
    "pg_parameter_acl pg_partitioned_table pg_policies pg_policy pg_prepared_statements pg_prepared_xacts "
    "pg_publication pg_publication_namespace pg_publication_rel pg_publication_tables pg_range "
    "pg_replication_origin pg_replication_origin_status pg_replication_slots pg_roles pg_seclabel pg_seclabels "
    "pg_sequence pg_sequences pg_shdepend pg_shdescription pg_shmem_allocations pg_shmem_allocations_numa "
    "pg_shseclabel pg_stat_all_indexes pg_stat_all_tables pg_stat_archiver pg_stat_bgwriter pg_stat_checkpointer "
    "pg_stat_database pg_stat_database_conflicts pg_stat_gssapi pg_stat_io pg_stat_progress_analyze "
    "pg_stat_progress_basebackup pg_stat_progress_cluster pg_stat_progress_copy pg_stat_progress_create_index "
    "pg_stat_progress_vacuum pg_stat_recovery_prefetch pg_stat_replication pg_stat_replication_slots pg_stat_slru "
    "pg_stat_ssl pg_stat_subscription pg_stat_subscription_stats pg_stat_sys_indexes pg_stat_sys_tables "
    "pg_stat_user_functions pg_stat_user_indexes pg_stat_user_tables pg_stat_wal pg_stat_wal_receiver "
    "pg_stat_xact_all_tables pg_stat_xact_sys_tables pg_stat_xact_user_functions pg_stat_xact_user_tables "
    "pg_statio_all_indexes pg_statio_all_sequences pg_statio_sys_indexes "
    "pg_statio_sys_sequences pg_statio_user_indexes pg_statio_user_sequences "
    "pg_statistic_ext pg_statistic_ext_data pg_stats_ext pg_stats_ext_exprs pg_subscription "
    "pg_subscription_rel pg_timezone_abbrevs pg_timezone_names pg_transform pg_ts_config pg_ts_config_map "
    "pg_ts_dict pg_ts_parser pg_ts_template pg_user_mapping pg_user_mappings pg_wait_events"
)
"""Relations that came after PostgreSQL 8.0, or that it had and Redshift does not show."""

_LATER_INFORMATION_SCHEMA = _names(
    "_pg_foreign_data_wrappers _pg_foreign_servers _pg_foreign_table_columns _pg_foreign_tables _pg_user_mappings "
    "administrable_role_authorizations attributes character_sets check_constraint_routine_usage "
    "collation_character_set_applicability collations column_column_usage column_options foreign_data_wrapper_options "
    "foreign_data_wrappers foreign_server_options foreign_servers foreign_table_options foreign_tables role_udt_grants "
    "routine_column_usage routine_routine_usage routine_sequence_usage routine_table_usage sequences sql_parts transforms "
    "triggered_update_columns udt_privileges user_defined_types user_mapping_options user_mappings view_routine_usage"
)
"""Those of information_schema that PostgreSQL 8.0 did not have (its documentation, "The Information
Schema").
"""


def plan_catalogs(sql: Sql, tables: list[Source]) -> None:
    """Plans that what a query reads of the catalog has Redshift's columns.

    Raises:
        RefusalError: Redshift has no such relation, or this engine has nothing to answer it with.
    """
    hiding: list[Source] = []
    for table in tables:
        if not table.is_catalog:
            continue
        schema, name = (table.parts[-2] if len(table.parts) > 1 else "pg_catalog"), table.parts[-1]
        if schema == "information_schema" and name in _INFORMATION_SCHEMA:
            _read_from(sql, table, f"pg_veil.information_schema_{name}")
        elif schema == "pg_catalog" and name in _AS_OF_8_0:
            _read_from(sql, table, f"pg_veil.{name}")
            hiding += [table] if name in HIDDEN_OID else []
        elif schema == "pg_catalog" and name in UNANSWERED | RELATIONS_NOT_HERE:
            raise RefusalError("0A000", f"{name} is not supported", LOCAL_LIMIT)
        elif name in {"pg_catalog": _LATER, "information_schema": _LATER_INFORMATION_SCHEMA}.get(schema, ()):
            raise RefusalError("42P01", f'relation "{".".join(table.parts)}" does not exist')
    if hiding:
        _hide_oids(sql, tables, hiding)


def check_joined(sql: Sql, tables: list[Source], start: int, end: int) -> None:
    """Refuses columns of catalogs whose types the compute nodes do not have, where a query reads
    users' tables, too.

    Raises:
        RefusalError: there is one between the two tokens.
    """
    if all(table.is_catalog for table in tables):
        return
    for table in tables:
        columns = NOT_JOINED.get(table.parts[-1], frozenset()) if table.is_catalog else frozenset()
        for at in range(start, end) if columns else ():
            if sql.is_name(at) and sql.name(at) in columns and _is_of(sql, at, table):
                raise RefusalError(
                    "0A000",
                    "Specified types or functions (one per INFO message) not supported on Redshift tables.",
                    f'Column "{sql.name(at)}" of {table.parts[-1]} has a type of the leader node.',
                )


def _is_of(sql: Sql, at: int, table: Source) -> bool:
    """Whether a column's name may mean the one of this relation."""
    if sql.word(at - 1) == ".":
        return sql.is_name(at - 2) and sql.name(at - 2) in (table.alias, table.parts[-1])
    return sql.word(at - 1) != "as" and sql.word(at + 1) not in ("(", ".")


def _read_from(sql: Sql, table: Source, relation: str) -> None:
    alias = f" AS {quote_name(table.alias)}" if table.end == table.name_end else ""
    sql.replace(table.start, table.name_end, relation + alias)
    if len(table.parts) == 2 and alias:
        _shorten(sql, table)


def _shorten(sql: Sql, table: Source) -> None:
    """Plans that `schema.relation.column` is `relation.column`, since the schema is another now."""
    for at in range(len(sql.tokens) - 4):
        if at == table.start or sql.word(at - 1) == "." or not (sql.is_name(at) and sql.is_name(at + 2)):
            continue
        if sql.word(at + 1) == sql.word(at + 3) == "." and (sql.name(at), sql.name(at + 2)) == table.parts:
            sql.remove(at, at + 2)


def _hide_oids(sql: Sql, tables: list[Source], hiding: list[Source]) -> None:
    """Plans that `*` stands for all columns but a hidden oid. `*` over a USING or NATURAL join
    stays as it is.
    """
    for at in range(max(table.start for table in hiding)):
        if sql.word(at) != "*":
            continue
        if sql.word(at - 1) == "." and sql.is_name(at - 2):
            qualifier = sql.name(at - 2)
            matching = [table for table in hiding if table.alias == qualifier and table.start > at]
            if matching:
                sql.replace(at - 2, at + 1, _listed(matching[0]))
        elif sql.word(at - 1) in ("select", "all", "distinct", ",") and sql.word(at + 1) in (",", "from"):
            read = _read_by(sql, at, tables)
            if any(table in hiding for table in read):
                columns = [_listed(table) if table in hiding else f"{quote_name(table.alias)}.*" for table in read]
                sql.replace(at, at + 1, ", ".join(columns))


def _listed(table: Source) -> str:
    alias = quote_name(table.alias)
    return ", ".join(f"{alias}.{column}" for column in HIDDEN_OID[table.parts[-1]].split())


def _read_by(sql: Sql, at: int, tables: list[Source]) -> list[Source]:
    """The relations in the FROM clause of the SELECT whose list the position is in; none where they
    cannot be told apart.
    """
    starts = {table.start: table for table in tables}
    read: list[Source] = []
    end = sql.end_of_query(at)
    while at < end:
        word = sql.word(at)
        if word in ("using", "natural") or (word == "(" and sql.word(at - 1) in ("from", ",", "join")):
            return []
        if at in starts:
            read.append(starts[at])
        at = sql.closing(at) + 1 if word == "(" else at + 1
    return read

-- Further relations that Redshift documents, as far as this engine knows their rows. The ones about things that do not exist here (data shares,
-- masking policies, models, …) are empty, as on a cluster that has none.
CREATE FUNCTION pg_veil.own_id() RETURNS integer LANGUAGE sql STABLE AS $$
  SELECT r.oid::integer FROM pg_catalog.pg_roles AS r WHERE r.rolname = CURRENT_USER
$$;

CREATE VIEW pg_catalog.pg_class_info AS
SELECT c.oid AS reloid, c.relname, c.relnamespace, c.reltype, c.relowner, c.relam, c.relfilenode, c.reltablespace, c.relpages, c.reltuples, c.reltoastrelid,
  c.reltoastidxid, c.relhasindex, c.relisshared, c.relkind, c.relnatts, c.relexternid, c.relisreplicated, c.relispinned, c.reldiststyle, c.relprojbaseid,
  c.relchecks, c.reltriggers, c.relukeys, c.relfkeys, c.relrefs, c.relhasoids, c.relhaspkey, c.relhasrules, c.relhassubclass, c.relacl,
  CASE WHEN c.reldiststyle = 9 THEN 11 ELSE 0 END AS releffectivediststyle, NULL::timestamp AS relcreationtime
FROM pg_veil.pg_class AS c WHERE pg_veil.is_superuser() OR c.relowner = pg_veil.own_id();

CREATE VIEW pg_catalog.pg_attribute_info AS
SELECT a.*, o.attacl
FROM pg_veil.pg_attribute AS a JOIN pg_catalog.pg_attribute AS o ON o.attrelid = a.attrelid AND o.attnum = a.attnum;

CREATE VIEW pg_catalog.pg_database_info AS
SELECT d.oid AS datid, d.datname, d.datdba, d.encoding, d.datistemplate, d.datallowconn, d.datlastsysoid, d.datvacuumxid, d.datfrozenxid, d.dattablespace,
  d.datconfig, d.datacl, 'UNLIMITED'::text AS datconnlimit
FROM pg_veil.pg_database AS d;

CREATE VIEW pg_catalog.pg_external_schema AS
SELECT s.esoid::oid AS esoid, s.eskind::integer AS eskind, s.databasename::text AS esdbname, s.esoptions::text AS esoptions FROM pg_catalog.svv_external_schemas AS s;
CREATE VIEW pg_catalog.pg_library AS
SELECT NULL::name AS name, NULL::oid AS language_oid, NULL::integer AS file_store_id, NULL::integer AS owner WHERE false;

CREATE VIEW pg_catalog.pg_table_def AS
SELECT n.nspname AS schemaname, c.relname AS tablename, a.attname AS "column", pg_veil.type_name(a.atttypid, a.atttypmod)::text AS type,
  'none'::character(32) AS encoding, false AS distkey, 0 AS sortkey, a.attnotnull AS notnull
FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'v', 'm', 'p') AND n.nspname = ANY (pg_catalog.current_schemas(true)) AND pg_catalog.pg_table_is_visible(c.oid)
  AND pg_catalog.has_table_privilege(c.oid, 'SELECT');

CREATE VIEW pg_catalog.svl_user_info AS
SELECT u.usename::text AS usename, u.usesysid, u.usecreatedb, u.usesuper, u.usecatupd, u.useconnlimit::text AS useconnlimit,
  'RESTRICTED'::text AS syslogaccess, NULL::timestamp AS last_ddl_ts, 0 AS sessiontimeout, NULL::text AS external_id
FROM pg_catalog.pg_user_info AS u WHERE pg_veil.is_superuser();

CREATE VIEW pg_catalog.stv_recents AS
SELECT a.usesysid::integer AS userid, CASE a.state WHEN 'active' THEN 'Running' ELSE 'Done' END::character(20) AS status, a.query_start::timestamp AS starttime,
  (EXTRACT(EPOCH FROM (CASE a.state WHEN 'active' THEN pg_catalog.clock_timestamp() ELSE a.state_change END - a.query_start)) * 1000000)::bigint::integer AS duration,
  a.usename::character(50) AS user_name, a.datname::character(50) AS db_name, pg_catalog.left(a.query, 600)::character(600) AS query,
  CASE a.state WHEN 'active' THEN a.pid ELSE -1 END AS pid
FROM pg_catalog.pg_stat_activity AS a
WHERE a.backend_type = 'client backend' AND a.usename <> 'rdsdb' AND (pg_veil.is_superuser() OR a.usename = CURRENT_USER);
CREATE VIEW pg_catalog.stv_inflight AS
SELECT a.usesysid::integer AS userid, 0 AS slice, a.pid AS query, ''::character(320) AS label, COALESCE(a.backend_xid::text::bigint, 0) AS xid, a.pid,
  a.query_start::timestamp AS starttime, pg_catalog.left(a.query, 100)::character(100) AS text, 0 AS suspended, 0 AS insert_pristine,
  0 AS concurrency_scaling_status
FROM pg_catalog.pg_stat_activity AS a
WHERE a.backend_type = 'client backend' AND a.state = 'active' AND a.usename <> 'rdsdb' AND (pg_veil.is_superuser() OR a.usename = CURRENT_USER);
CREATE VIEW pg_catalog.stv_locks AS
SELECT l.relation::bigint AS table_id, NULL::timestamp AS last_commit, NULL::timestamp AS last_update, COALESCE(a.backend_xid::text::bigint, 0) AS lock_owner,
  l.pid::bigint AS lock_owner_pid, a.xact_start::timestamp AS lock_owner_start_ts, NULL::timestamp AS lock_owner_end_ts,
  CASE WHEN l.granted THEN 'Holding write lock' ELSE 'Waiting for write lock' END::character(22) AS lock_status
FROM pg_catalog.pg_locks AS l JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid
WHERE l.locktype = 'relation' AND l.mode IN ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock') AND pg_veil.is_superuser();

CREATE VIEW pg_catalog.svv_mv_info AS
SELECT pg_catalog.current_database()::character(128) AS database_name, n.nspname::character(128) AS schema_name,
  pg_catalog.pg_get_userbyid(c.relowner)::character(128) AS user_name, c.relname::character(128) AS name, 'f'::character(1) AS is_stale, 0 AS state,
  'f'::character(1) AS autorewrite, 'f'::character(1) AS autorefresh
FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind = 'm' AND (pg_veil.is_superuser() OR c.relowner::integer = pg_veil.own_id());
CREATE VIEW pg_catalog.svv_mv_dependency AS
SELECT DISTINCT pg_catalog.current_database()::character(128) AS database_name, n.nspname::character(128) AS schema_name, c.relname::character(128) AS name,
  pg_catalog.current_database()::character(128) AS dependent_database_name, tn.nspname::character(128) AS dependent_schema_name,
  t.relname::character(128) AS dependent_name
FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_rewrite AS r ON r.ev_class = c.oid
JOIN pg_catalog.pg_depend AS d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> c.oid
JOIN pg_catalog.pg_class AS t ON t.oid = d.refobjid JOIN pg_catalog.pg_namespace AS tn ON tn.oid = t.relnamespace
WHERE c.relkind = 'm' AND (pg_veil.is_superuser() OR c.relowner::integer = pg_veil.own_id());

CREATE FUNCTION pg_veil.row_count(target oid) RETURNS bigint LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  found bigint;
BEGIN
  EXECUTE 'SELECT count(*) FROM ' || target::regclass INTO found;
  RETURN found;
END $$;
CREATE VIEW pg_catalog.svv_table_info AS
SELECT w."database", w."schema", w.table_id, w."table", 'N'::text AS encoded, 'AUTO(EVEN)'::text AS diststyle, 'AUTO(SORTKEY)'::text AS sortkey1,
  w.max_varchar, NULL::character(32) AS sortkey1_enc, 0 AS sortkey_num, w.size, 0::numeric(10, 4) AS pct_used, 0::bigint AS empty, NULL::numeric(5, 2) AS unsorted,
  0::numeric(5, 2) AS stats_off, w.tbl_rows, NULL::numeric(19, 2) AS skew_sortkey1, NULL::numeric(19, 2) AS skew_rows,
  w.tbl_rows AS estimated_visible_rows, NULL::text AS risk_event, NULL::numeric(12, 2) AS vacuum_sort_benefit, NULL::timestamp AS create_time
FROM (
  SELECT pg_catalog.current_database()::text AS "database", n.nspname::text AS "schema", c.oid AS table_id, c.relname::text AS "table",
    (SELECT COALESCE(pg_catalog.max(a.atttypmod - 4), 0) FROM pg_catalog.pg_attribute AS a
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND a.atttypid = 'varchar'::regtype AND a.atttypmod > 4) AS max_varchar,
    (pg_catalog.pg_relation_size(c.oid) / 1048576 + 1)::bigint AS size, pg_veil.row_count(c.oid)::numeric(38, 0) AS tbl_rows
  FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_veil', 'pg_veil_private', 'pg_toast')
    AND pg_veil.is_superuser()
) AS w WHERE w.tbl_rows > 0;

-- What is about things that do not exist here.
CREATE VIEW pg_catalog.svv_attached_masking_policy AS SELECT NULL::text AS "policy_name", NULL::text AS "schema_name", NULL::text AS "table_name",
  NULL::text AS "table_type", NULL::text AS "grantor", NULL::text AS "grantee", NULL::text AS "grantee_type", NULL::integer AS "priority",
  NULL::text AS "input_columns", NULL::text AS "output_columns", NULL::boolean AS "is_masking_datashare_on" WHERE false;
CREATE VIEW pg_catalog.svv_datashare_consumers AS SELECT NULL::varchar(128) AS "share_name", NULL::varchar(16) AS "consumer_account",
  NULL::varchar(64) AS "consumer_namespace", NULL::timestamp AS "share_date" WHERE false;
CREATE VIEW pg_catalog.svv_datashare_objects AS SELECT NULL::varchar(8) AS "share_type", NULL::varchar(128) AS "share_name",
  NULL::varchar(64) AS "object_type", NULL::varchar(512) AS "object_name", NULL::varchar(16) AS "producer_account",
  NULL::varchar(64) AS "producer_namespace", NULL::boolean AS "include_new" WHERE false;
CREATE VIEW pg_catalog.svv_datashare_privileges AS SELECT NULL::text AS "datashare_name", NULL::text AS "privilege_type",
  NULL::integer AS "identity_id", NULL::text AS "identity_name", NULL::text AS "identity_type", NULL::boolean AS "admin_option" WHERE false;
CREATE VIEW pg_catalog.svv_datashares AS SELECT NULL::varchar(128) AS "share_name", NULL::integer AS "share_id", NULL::integer AS "share_owner",
  NULL::varchar(128) AS "source_database", NULL::varchar(128) AS "consumer_database", NULL::varchar(8) AS "share_type",
  NULL::timestamp AS "createdate", NULL::boolean AS "is_publicaccessible", NULL::varchar(256) AS "share_acl",
  NULL::varchar(16) AS "producer_account", NULL::varchar(64) AS "producer_namespace", NULL::varchar(64) AS "managed_by" WHERE false;
CREATE VIEW pg_catalog.svv_identity_providers AS SELECT NULL::integer AS "uid", NULL::text AS "name", NULL::text AS "type",
  NULL::text AS "instanceid", NULL::text AS "namespc", NULL::text AS "params", NULL::boolean AS "enabled" WHERE false;
CREATE VIEW pg_catalog.svv_masking_policy AS SELECT NULL::text AS "policy_database", NULL::text AS "policy_name", NULL::text AS "input_columns",
  NULL::text AS "policy_expression", NULL::text AS "policy_modified_by", NULL::timestamp AS "policy_modified_time" WHERE false;
CREATE VIEW pg_catalog.svv_ml_model_privileges AS SELECT NULL::text AS "namespace_name", NULL::text AS "model_name",
  NULL::integer AS "model_version", NULL::text AS "privilege_type", NULL::integer AS "identity_id", NULL::text AS "identity_name",
  NULL::text AS "identity_type", NULL::boolean AS "admin_option" WHERE false;
CREATE VIEW pg_catalog.svv_rls_applied_policy AS SELECT NULL::text AS "username", NULL::integer AS "query", NULL::bigint AS "xid",
  NULL::integer AS "pid", NULL::timestamp AS "recordtime", NULL::char(1) AS "command", NULL::text AS "datname", NULL::text AS "relschema",
  NULL::text AS "relname", NULL::text AS "polname", NULL::char(1) AS "poldefault" WHERE false;
CREATE VIEW pg_catalog.svv_rls_attached_policy AS SELECT NULL::text AS "relschema", NULL::text AS "relname", NULL::text AS "relkind",
  NULL::text AS "polname", NULL::text AS "grantor", NULL::text AS "grantee", NULL::text AS "granteekind", NULL::boolean AS "is_pol_on",
  NULL::boolean AS "is_rls_on", NULL::character(3) AS "rls_conjunction_type" WHERE false;
CREATE VIEW pg_catalog.svv_rls_policy AS SELECT NULL::text AS "poldb", NULL::text AS "polname", NULL::text AS "polalias", NULL::text AS "polatts",
  NULL::text AS "polqual", NULL::boolean AS "polenabled", NULL::text AS "polmodifiedby", NULL::timestamp AS "polmodifiedtime" WHERE false;
CREATE VIEW pg_catalog.svv_rls_relation AS SELECT NULL::text AS "datname", NULL::text AS "relschema", NULL::text AS "relname",
  NULL::text AS "relkind", NULL::boolean AS "is_rls_on", NULL::boolean AS "is_rls_datashare_on", NULL::character(3) AS "rls_conjunction_type",
  NULL::character(3) AS "rls_datashare_conjunction_type" WHERE false;
CREATE VIEW pg_catalog.svv_schema_quota_state AS SELECT NULL::integer AS "schema_id", NULL::character(128) AS "schema_name",
  NULL::integer AS "schema_owner", NULL::integer AS "quota", NULL::integer AS "disk_usage", NULL::double precision AS "disk_usage_pct" WHERE false;
CREATE VIEW pg_catalog.sys_applied_masking_policy_log AS SELECT NULL::text AS "policy_name", NULL::text AS "user_id",
  NULL::timestamp AS "record_time", NULL::integer AS "session_id", NULL::bigint AS "transaction_id", NULL::integer AS "query_id",
  NULL::text AS "database_name", NULL::text AS "relation_name", NULL::text AS "schema_name", NULL::bigint AS "attachment_id",
  NULL::text AS "relation_kind", NULL::character(36) AS "query_uuid" WHERE false;

GRANT SELECT ON pg_catalog.pg_class_info, pg_catalog.pg_attribute_info, pg_catalog.pg_database_info, pg_catalog.pg_external_schema,
  pg_catalog.pg_library, pg_catalog.pg_table_def, pg_catalog.svl_user_info, pg_catalog.stv_recents, pg_catalog.stv_inflight, pg_catalog.stv_locks,
  pg_catalog.svv_mv_info, pg_catalog.svv_mv_dependency, pg_catalog.svv_table_info, pg_catalog.svv_attached_masking_policy,
  pg_catalog.svv_datashare_consumers, pg_catalog.svv_datashare_objects, pg_catalog.svv_datashare_privileges, pg_catalog.svv_datashares,
  pg_catalog.svv_identity_providers, pg_catalog.svv_masking_policy, pg_catalog.svv_ml_model_privileges, pg_catalog.svv_rls_applied_policy,
  pg_catalog.svv_rls_attached_policy, pg_catalog.svv_rls_policy, pg_catalog.svv_rls_relation, pg_catalog.svv_schema_quota_state,
  pg_catalog.sys_applied_masking_policy_log TO PUBLIC;

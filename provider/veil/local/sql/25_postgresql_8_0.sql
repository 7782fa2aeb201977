-- PostgreSQL 8.0's catalogs, which Redshift kept and added to, over those of the server that runs here. The gateway reads
-- pg_veil.pg_x where a query reads pg_x, and pg_veil.information_schema_x where it reads information_schema.x. What belongs to the engine itself shows to nobody.
CREATE VIEW pg_veil.own_namespace AS SELECT n.oid FROM pg_catalog.pg_namespace AS n WHERE n.nspname IN ('pg_veil', 'pg_veil_private');
CREATE VIEW pg_veil.pg_namespace AS
SELECT n.oid, n.nspname, n.nspowner::integer AS nspowner, n.nspacl
FROM pg_catalog.pg_namespace AS n WHERE n.nspname NOT IN ('pg_veil', 'pg_veil_private');

CREATE VIEW pg_veil.pg_class AS
SELECT c.oid, c.relname, c.relnamespace, c.reltype, c.relowner::integer AS relowner, c.relam, c.relfilenode, c.reltablespace, c.relpages,
  GREATEST(c.reltuples, 0)::real AS reltuples, c.reltoastrelid, 0::oid AS reltoastidxid, c.relhasindex, c.relisshared,
  -- A materialized view is a table here, too, and an external table is in no catalog of PostgreSQL's.
  CASE c.relkind WHEN 'p' THEN 'r' ELSE c.relkind END::"char" AS relkind,
  c.relnatts, 0::oid AS relexternid, false AS relisreplicated, false AS relispinned,
  CASE WHEN c.relkind IN ('r', 'p') THEN 9 ELSE 0 END::smallint AS reldiststyle, 0::oid AS relprojbaseid, c.relchecks, 0::smallint AS reltriggers,
  0::smallint AS relukeys, 0::smallint AS relfkeys, 0::smallint AS relrefs, true AS relhasoids,
  EXISTS (SELECT 1 FROM pg_veil.table_key AS k WHERE k.conrelid = c.oid AND k.kind = 'p') AS relhaspkey,
  c.relhasrules, c.relhassubclass, c.relacl
FROM pg_catalog.pg_class AS c
WHERE c.relnamespace NOT IN (SELECT o.oid FROM pg_veil.own_namespace AS o)
  AND c.oid NOT IN (SELECT e.view FROM pg_veil.external_table AS e);

CREATE VIEW pg_veil.pg_attribute AS
SELECT a.attrelid, a.attname, a.atttypid, a.attstattarget::integer AS attstattarget, a.attlen, a.attnum, a.attndims::integer AS attndims, -1 AS attcacheoff,
  a.atttypmod, a.attbyval, a.attstorage, a.attalign, a.attnotnull, a.atthasdef, a.attisdropped, a.attislocal, a.attinhcount::integer AS attinhcount,
  0::smallint AS attencodingtype, 0::smallint AS attencrypttype, false AS attisdistkey, false AS attispreloaded, 0 AS attsortkeyord
FROM pg_catalog.pg_attribute AS a;

CREATE VIEW pg_veil.pg_attrdef AS
SELECT d.oid, d.adrelid, d.adnum, d.adbin::text AS adbin, pg_catalog.pg_get_expr(d.adbin, d.adrelid) AS adsrc FROM pg_catalog.pg_attrdef AS d
UNION ALL SELECT a.attrelid, a.attrelid, a.attnum, NULL, pg_veil.identity_default(a.attrelid, a.attnum)
FROM pg_catalog.pg_attribute AS a WHERE a.attidentity <> '';

CREATE VIEW pg_veil.pg_constraint AS
SELECT k.oid, k.conname, k.connamespace, k.contype, k.condeferrable, k.condeferred, k.conrelid, k.contypid, k.confrelid, k.confupdtype, k.confdeltype,
  k.confmatchtype, k.conkey, k.confkey, k.conbin::text AS conbin, pg_catalog.pg_get_expr(k.conbin, k.conrelid) AS consrc
FROM pg_catalog.pg_constraint AS k
WHERE k.contype <> 'n' AND k.connamespace NOT IN (SELECT o.oid FROM pg_veil.own_namespace AS o)
UNION ALL SELECT k.oid, k.name, k.relnamespace, k.kind, false, false, k.conrelid, 0, k.confrelid, 'a', 'a', 'u', k.conkey, k.confkey, NULL, NULL
FROM pg_veil.present_key AS k;

CREATE VIEW pg_veil.pg_database AS
SELECT d.oid, d.datname, d.datdba::integer AS datdba, d.encoding, d.datistemplate, d.datallowconn, 0::oid AS datlastsysoid, '0'::xid AS datvacuumxid,
  d.datfrozenxid, d.dattablespace, NULL::text[] AS datconfig, d.datacl
FROM pg_catalog.pg_database AS d WHERE d.datname <> 'postgres';

CREATE VIEW pg_veil.pg_default_acl AS
SELECT d.oid, d.defaclrole::integer AS defacluser, d.defaclnamespace, d.defaclobjtype::character(1) AS defaclobjtype, d.defaclacl
FROM pg_catalog.pg_default_acl AS d
WHERE pg_catalog.pg_get_userbyid(d.defaclrole) <> 'rdsdb'
  AND (SELECT r.rolsuper OR r.oid = d.defaclrole FROM pg_catalog.pg_roles AS r WHERE r.rolname = CURRENT_USER);

CREATE VIEW pg_veil.pg_index AS
SELECT i.indexrelid, i.indrelid, i.indkey, i.indclass, i.indnatts, i.indisunique, i.indisprimary, i.indisclustered,
  i.indexprs::text AS indexprs, i.indpred::text AS indpred
FROM pg_catalog.pg_index AS i;

CREATE VIEW pg_veil.pg_language AS
SELECT l.oid, l.lanname, l.lanispl, l.lanpltrusted, l.lanplcallfoid, l.lanvalidator, l.lanacl FROM pg_catalog.pg_language AS l;

CREATE VIEW pg_veil.pg_locks AS
SELECT l.relation, l.database, COALESCE(l.transactionid, '0'::xid) AS transaction, l.pid, l.mode, l.granted
FROM pg_catalog.pg_locks AS l WHERE l.locktype IN ('relation', 'transactionid');

CREATE VIEW pg_veil.pg_proc AS
SELECT p.oid, p.proname, p.pronamespace, p.proowner::integer AS proowner, p.prolang, p.proisagg, p.prosecdef, p.proisstrict, p.proretset, p.provolatile,
  p.pronargs, p.prorettype, p.proargtypes, p.proargnames, p.prosrc, p.probin::bytea AS probin, p.proacl
FROM pg_veil.proc_verbatim AS p WHERE p.pronamespace NOT IN (SELECT o.oid FROM pg_veil.own_namespace AS o);

DROP VIEW pg_catalog.pg_proc_info;
CREATE VIEW pg_catalog.pg_proc_info AS
SELECT p.oid AS prooid, p.proname, p.pronamespace, p.proowner::integer AS proowner, p.prolang, p.proisagg, p.prosecdef, p.proisstrict, p.proretset,
  p.provolatile, p.pronargs, p.prorettype, p.proargtypes, p.proargnames, p.prosrc, p.probin::bytea AS probin, p.proacl, p.prokind, p.proargmodes, p.proallargtypes
FROM pg_veil.proc_verbatim AS p WHERE p.pronamespace NOT IN (SELECT o.oid FROM pg_veil.own_namespace AS o);

CREATE VIEW pg_veil.pg_settings AS
SELECT s.name, s.setting, s.category, s.short_desc, s.extra_desc, s.context, s.vartype, s.source, s.min_val, s.max_val
FROM pg_catalog.pg_settings AS s WHERE s.name NOT LIKE E'pg\\_veil%';

CREATE VIEW pg_veil.pg_stat_activity AS
SELECT a.datid, a.datname, a.pid AS procpid, a.usesysid::integer AS usesysid, a.usename, a.query AS current_query, a.query_start
FROM pg_catalog.pg_stat_activity AS a WHERE a.backend_type = 'client backend' AND a.usename <> 'rdsdb';

-- What metadata extractors of catalogs (Amundsen's for Redshift) join the descriptions of tables and columns to. Nothing is counted here.
CREATE VIEW pg_veil.pg_statio_all_tables AS
SELECT c.oid AS relid, n.nspname AS schemaname, c.relname, 0::bigint AS heap_blks_read, 0::bigint AS heap_blks_hit, 0::bigint AS idx_blks_read,
  0::bigint AS idx_blks_hit, 0::bigint AS toast_blks_read, 0::bigint AS toast_blks_hit, 0::bigint AS tidx_blks_read, 0::bigint AS tidx_blks_hit
FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_veil', 'pg_veil_private');
CREATE VIEW pg_veil.pg_statio_sys_tables AS
SELECT * FROM pg_veil.pg_statio_all_tables WHERE schemaname IN ('pg_catalog', 'information_schema', 'pg_toast');
CREATE VIEW pg_veil.pg_statio_user_tables AS
SELECT * FROM pg_veil.pg_statio_all_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema', 'pg_toast');

CREATE VIEW pg_veil.pg_tables AS
SELECT t.schemaname, t.tablename, t.tableowner, t.tablespace, t.hasindexes, t.hasrules, t.hastriggers
FROM pg_catalog.pg_tables AS t WHERE t.schemaname NOT IN ('pg_veil', 'pg_veil_private');

CREATE VIEW pg_veil.pg_type AS
SELECT t.oid, t.typname, t.typnamespace, t.typowner::integer AS typowner, t.typlen, t.typbyval, t.typtype, t.typisdefined, t.typdelim, t.typrelid, t.typelem,
  t.typinput, t.typoutput, t.typreceive, t.typsend, t.typanalyze, t.typalign, t.typstorage, t.typnotnull, t.typbasetype, t.typtypmod,
  t.typndims::integer AS typndims, t.typdefaultbin::text AS typdefaultbin, t.typdefault
FROM pg_catalog.pg_type AS t WHERE t.typnamespace NOT IN (SELECT o.oid FROM pg_veil.own_namespace AS o);

-- information_schema as it was in 8.0: without the columns that came later.
CREATE VIEW pg_veil.information_schema_columns AS
SELECT table_catalog, table_schema, table_name, column_name, ordinal_position, column_default, is_nullable, data_type, character_maximum_length,
  character_octet_length, numeric_precision, numeric_precision_radix, numeric_scale, datetime_precision, interval_type, interval_precision::text,
  character_set_catalog, character_set_schema, character_set_name, collation_catalog, collation_schema, collation_name, domain_catalog, domain_schema,
  domain_name, udt_catalog, udt_schema, udt_name, scope_catalog, scope_schema, scope_name, maximum_cardinality, dtd_identifier, is_self_referencing
FROM information_schema.columns WHERE table_schema NOT IN ('pg_veil', 'pg_veil_private');
CREATE VIEW pg_veil.information_schema_key_column_usage AS
SELECT pg_catalog.current_database() AS constraint_catalog, n.nspname AS constraint_schema, k.name AS constraint_name,
  pg_catalog.current_database() AS table_catalog, n.nspname AS table_schema, k.relname AS table_name, a.attname AS column_name, p.n::integer AS ordinal_position
FROM pg_veil.present_key AS k JOIN pg_catalog.pg_namespace AS n ON n.oid = k.relnamespace
CROSS JOIN LATERAL pg_catalog.unnest(k.conkey) WITH ORDINALITY AS p(attnum, n)
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = p.attnum
WHERE pg_catalog.pg_has_role(k.relowner, 'USAGE') OR pg_catalog.has_table_privilege(k.conrelid, 'SELECT, INSERT, UPDATE, DELETE, REFERENCES');
CREATE VIEW pg_veil.information_schema_table_constraints AS
SELECT pg_catalog.current_database() AS constraint_catalog, n.nspname AS constraint_schema, k.name AS constraint_name,
  pg_catalog.current_database() AS table_catalog, n.nspname AS table_schema, k.relname AS table_name,
  CASE k.kind WHEN 'p' THEN 'PRIMARY KEY' WHEN 'u' THEN 'UNIQUE' ELSE 'FOREIGN KEY' END AS constraint_type, 'NO' AS is_deferrable, 'NO' AS initially_deferred
FROM pg_veil.present_key AS k JOIN pg_catalog.pg_namespace AS n ON n.oid = k.relnamespace
WHERE pg_catalog.pg_has_role(k.relowner, 'USAGE') OR pg_catalog.has_table_privilege(k.conrelid, 'INSERT, UPDATE, DELETE, REFERENCES');
CREATE VIEW pg_veil.information_schema_tables AS
SELECT table_catalog, table_schema, table_name, table_type, self_referencing_column_name, reference_generation, user_defined_type_catalog,
  user_defined_type_schema, user_defined_type_name
FROM information_schema.tables WHERE table_schema NOT IN ('pg_veil', 'pg_veil_private');
CREATE VIEW pg_veil.information_schema_views AS
SELECT table_catalog, table_schema, table_name, view_definition, check_option, is_updatable, is_insertable_into
FROM information_schema.views WHERE table_schema NOT IN ('pg_veil', 'pg_veil_private');
CREATE VIEW pg_veil.information_schema_schemata AS
SELECT catalog_name, schema_name, schema_owner, default_character_set_catalog, default_character_set_schema, default_character_set_name, sql_path
FROM information_schema.schemata WHERE schema_name NOT IN ('pg_veil', 'pg_veil_private');

GRANT SELECT ON pg_veil.pg_namespace, pg_veil.pg_class, pg_veil.pg_attribute, pg_veil.pg_attrdef,
  pg_veil.pg_constraint, pg_veil.pg_database, pg_veil.pg_default_acl, pg_veil.pg_index,
  pg_veil.pg_language, pg_veil.pg_locks, pg_veil.pg_proc, pg_catalog.pg_proc_info, pg_veil.pg_settings,
  pg_veil.pg_stat_activity, pg_veil.pg_statio_all_tables, pg_veil.pg_statio_sys_tables, pg_veil.pg_statio_user_tables, pg_veil.pg_tables, pg_veil.pg_type, pg_veil.information_schema_columns,
  pg_veil.information_schema_key_column_usage, pg_veil.information_schema_table_constraints, pg_veil.information_schema_tables,
  pg_veil.information_schema_views, pg_veil.information_schema_schemata, pg_veil.own_namespace TO PUBLIC;

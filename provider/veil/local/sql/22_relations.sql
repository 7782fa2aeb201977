-- Relations and their columns, in Redshift's words.
CREATE VIEW pg_veil.relation AS
SELECT c.oid, n.nspname AS schema_name, c.relname AS table_name, c.relkind, c.relacl, pg_catalog.pg_get_userbyid(c.relowner) AS owner,
  CASE WHEN e.view IS NOT NULL THEN 'EXTERNAL TABLE' WHEN c.relkind IN ('v', 'm') THEN 'VIEW' ELSE 'TABLE' END AS kind
FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace LEFT JOIN pg_veil.external_table AS e ON e.view = c.oid
WHERE c.relkind IN ('r', 'v', 'm', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_veil', 'pg_veil_private', 'pg_toast')
  -- The session's own temporary tables show, as AWS's driver rests on (write_dataframe into one); those of others do not.
  AND (n.nspname NOT LIKE E'pg\\_temp%' OR n.oid = pg_catalog.pg_my_temp_schema()) AND n.nspname NOT LIKE E'pg\\_toast%'
  AND ((SELECT r.rolsuper OR pg_veil.has_permission('ACCESS CATALOG') FROM pg_catalog.pg_roles AS r WHERE r.rolname = CURRENT_USER) OR pg_catalog.has_table_privilege(c.oid, 'SELECT, INSERT, UPDATE, DELETE')
    AND (e.view IS NULL OR pg_catalog.has_schema_privilege(n.oid, 'USAGE')));

CREATE VIEW pg_catalog.svv_tables AS
SELECT pg_catalog.current_database()::varchar AS table_catalog, schema_name::varchar AS table_schema, table_name::varchar,
  CASE WHEN kind = 'TABLE' THEN 'BASE TABLE' ELSE kind END::varchar AS table_type, pg_catalog.obj_description(oid, 'pg_class')::varchar AS remarks
FROM pg_veil.relation;
CREATE VIEW pg_veil.own_tables AS
SELECT pg_catalog.current_database()::varchar AS database_name, schema_name::varchar, table_name::varchar, kind::varchar AS table_type,
  pg_catalog.array_to_string(relacl, '~')::varchar AS table_acl, pg_catalog.obj_description(oid, 'pg_class')::varchar AS remarks, owner::varchar
FROM pg_veil.relation;
CALL pg_veil.make_cluster_wide('pg_veil.own_tables', 'every_table');
CREATE VIEW pg_catalog.svv_all_tables AS
SELECT database_name, schema_name, table_name, table_type, table_acl, remarks FROM pg_veil.every_table;
CREATE VIEW pg_catalog.svv_redshift_tables AS
SELECT database_name, schema_name, table_name, table_type, table_acl, remarks, owner AS table_owner FROM pg_veil.every_table
WHERE table_type <> 'EXTERNAL TABLE';

CREATE VIEW pg_veil.relation_column AS
SELECT r.oid, r.schema_name, r.table_name, a.attname AS column_name, a.attnum::integer AS ordinal_position, a.atttypid, a.atttypmod, a.attacl,
  COALESCE(pg_catalog.pg_get_expr(d.adbin, d.adrelid), CASE WHEN a.attidentity <> '' THEN pg_veil.identity_default(a.attrelid, a.attnum) END) AS column_default,
  -- An identity column is not listed as NOT NULL.
  CASE WHEN a.attnotnull AND a.attidentity = '' THEN 'NO' ELSE 'YES' END AS is_nullable,
  pg_veil.type_name(a.atttypid, CASE a.atttypid WHEN 'interval'::regtype THEN a.atttypmod ELSE -1 END) AS data_type, pg_veil.type_name(a.atttypid, a.atttypmod) AS sized_type, r.kind,
  CASE WHEN a.atttypid IN ('varchar'::regtype, 'bpchar'::regtype, 'text'::regtype)
    THEN CASE WHEN a.atttypmod > 4 THEN a.atttypmod - 4 ELSE 65535 END END AS character_maximum_length,
  CASE a.atttypid WHEN 'int2'::regtype THEN 16 WHEN 'int4'::regtype THEN 32 WHEN 'int8'::regtype THEN 64 WHEN 'float4'::regtype THEN 24
    WHEN 'float8'::regtype THEN 53 WHEN 'numeric'::regtype THEN CASE WHEN a.atttypmod > 4 THEN ((a.atttypmod - 4) >> 16) & 65535 ELSE 38 END END AS numeric_precision,
  CASE WHEN a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype) THEN 0
    WHEN a.atttypid = 'numeric'::regtype THEN CASE WHEN a.atttypmod > 4 THEN (a.atttypmod - 4) & 2047 ELSE 0 END END AS numeric_scale,
  pg_catalog.col_description(a.attrelid, a.attnum) AS remarks
FROM pg_veil.relation AS r
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
-- A late-binding view that cannot be bound has no columns to show.
WHERE NOT EXISTS (SELECT 1 FROM pg_veil.late_view AS l WHERE l.view = r.oid AND l.problem IS NOT NULL);

CREATE VIEW pg_catalog.svv_columns AS
SELECT pg_catalog.current_database()::varchar AS table_catalog, schema_name::varchar AS table_schema, table_name::varchar, column_name::varchar, ordinal_position,
  column_default::varchar, is_nullable::varchar, data_type, character_maximum_length, numeric_precision,
  CASE WHEN atttypid = 'numeric'::regtype THEN 10 WHEN numeric_precision IS NOT NULL THEN 2 END AS numeric_precision_radix, numeric_scale,
  NULL::integer AS datetime_precision, NULL::varchar AS interval_type, NULL::varchar AS interval_precision, NULL::varchar AS character_set_catalog,
  NULL::varchar AS character_set_schema, NULL::varchar AS character_set_name, NULL::varchar AS collation_catalog, NULL::varchar AS collation_schema,
  NULL::varchar AS collation_name, NULL::varchar AS domain_name, remarks::varchar
FROM pg_veil.relation_column;
CREATE VIEW pg_veil.own_columns AS
SELECT pg_catalog.current_database()::varchar AS database_name, schema_name::varchar, table_name::varchar, column_name::varchar, ordinal_position,
  column_default::varchar, is_nullable::varchar, data_type, character_maximum_length, numeric_precision, numeric_scale, remarks::varchar,
  sized_type, pg_catalog.array_to_string(attacl, '~')::varchar AS column_acl, kind::varchar,
  CASE atttypid WHEN 'interval'::regtype THEN pg_catalog.format_type(atttypid, atttypmod) ELSE data_type END::varchar AS shown_type
FROM pg_veil.relation_column;
CALL pg_veil.make_cluster_wide('pg_veil.own_columns', 'every_column');
CREATE VIEW pg_catalog.svv_all_columns AS
SELECT database_name, schema_name, table_name, column_name, ordinal_position, column_default, is_nullable, data_type, character_maximum_length,
  numeric_precision, numeric_scale, remarks
FROM pg_veil.every_column;
CREATE VIEW pg_catalog.svv_redshift_columns AS
SELECT database_name, schema_name, table_name, column_name, ordinal_position, sized_type AS data_type, column_default, is_nullable,
  'none'::varchar AS encoding, false AS distkey, 0 AS sortkey, column_acl, remarks
FROM pg_veil.every_column WHERE kind <> 'EXTERNAL TABLE';

CREATE VIEW pg_veil.own_schemas AS
SELECT pg_catalog.current_database()::varchar AS database_name, n.nspname::varchar AS schema_name, n.nspowner::integer AS schema_owner,
  CASE WHEN e.schema IS NULL THEN 'local' ELSE 'external' END::varchar AS schema_type, pg_catalog.array_to_string(n.nspacl, '~')::varchar AS schema_acl,
  e.database_name::varchar AS source_database, e.options::varchar AS schema_option
FROM pg_catalog.pg_namespace AS n LEFT JOIN pg_veil.external_schema AS e ON e.schema = n.oid WHERE n.nspname NOT LIKE E'pg\\_veil%' AND n.nspname NOT LIKE E'pg\\_t%';
CALL pg_veil.make_cluster_wide('pg_veil.own_schemas', 'every_schema');
CREATE VIEW pg_catalog.svv_all_schemas AS SELECT * FROM pg_veil.every_schema;
CREATE VIEW pg_catalog.svv_redshift_schemas AS
SELECT database_name, schema_name, schema_owner, schema_type, schema_acl, schema_option FROM pg_veil.every_schema
WHERE schema_type <> 'external';
CREATE VIEW pg_catalog.svv_redshift_databases AS
SELECT datname::varchar AS database_name, datdba::integer AS database_owner, 'local'::varchar AS database_type,
  pg_catalog.array_to_string(datacl, '~')::varchar AS database_acl, NULL::varchar AS database_options, 'Snapshot Isolation'::varchar AS database_isolation_level
FROM pg_catalog.pg_database WHERE datname <> 'postgres' AND NOT datistemplate;
CREATE VIEW pg_catalog.stv_db_isolation_level AS
SELECT datname::char(128) AS db_name, 'Snapshot Isolation'::char(128) AS isolation_level
FROM pg_catalog.pg_database WHERE datname <> 'postgres' AND NOT datistemplate;
CREATE VIEW pg_veil.own_functions AS
SELECT pg_catalog.current_database()::varchar AS database_name, n.nspname::varchar AS schema_name, p.proname::varchar AS function_name,
  CASE WHEN p.prokind = 'p' THEN 'STORED PROCEDURE' ELSE 'REGULAR FUNCTION' END::varchar AS function_type,
  pg_catalog.oidvectortypes(p.proargtypes)::varchar AS argument_type, pg_catalog.pg_get_function_result(p.oid)::varchar AS result_type
FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_veil', 'pg_veil_private');
CALL pg_veil.make_cluster_wide('pg_veil.own_functions', 'every_function');
CREATE VIEW pg_catalog.svv_redshift_functions AS SELECT * FROM pg_veil.every_function;

-- Who holds which lock.
CREATE VIEW pg_catalog.svv_transactions AS
SELECT a.usename::text AS txn_owner, a.datname::text AS txn_db, COALESCE(a.backend_xid::text::bigint, 0) AS xid, l.pid,
  a.xact_start::timestamp AS txn_start, l.mode::text AS lock_mode, l.locktype::text AS lockable_object_type, l.relation::integer AS relation, l.granted
FROM pg_catalog.pg_locks AS l JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid WHERE l.pid <> pg_catalog.pg_backend_pid();
CREATE VIEW pg_catalog.stv_sessions AS
SELECT a.backend_start::timestamp AS starttime, a.pid AS process, a.usename::char(50) AS user_name, a.datname::char(50) AS db_name, 0 AS timeout_sec
FROM pg_catalog.pg_stat_activity AS a WHERE a.backend_type = 'client backend';

-- SHOW.
CREATE VIEW pg_veil.show_databases AS
SELECT database_name, database_owner, database_type, database_acl, NULL::varchar AS parameters, database_isolation_level FROM pg_catalog.svv_redshift_databases;
CREATE VIEW pg_veil.show_schemas AS SELECT * FROM pg_catalog.svv_all_schemas;
CREATE VIEW pg_veil.show_tables AS SELECT database_name, schema_name, table_name, table_type, table_acl, remarks, owner FROM pg_veil.every_table;
CREATE VIEW pg_veil.show_columns AS SELECT * FROM pg_catalog.svv_all_columns;

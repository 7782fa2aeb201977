-- External schemas and tables, in Redshift's words. Who may use a schema sees what is in it.
CREATE VIEW pg_catalog.svv_external_schemas AS
SELECT n.oid::integer AS esoid, 1::smallint AS eskind, n.nspname AS schemaname, n.nspowner::integer AS esowner, e.database_name AS databasename, e.options AS esoptions
FROM pg_veil.external_schema AS e JOIN pg_catalog.pg_namespace AS n ON n.oid = e.schema WHERE pg_catalog.has_schema_privilege(n.oid, 'USAGE');
CREATE VIEW pg_catalog.svv_external_databases AS
SELECT DISTINCT 1 AS eskind, s.esoptions, s.databasename, NULL::text AS location, NULL::text AS parameters FROM pg_catalog.svv_external_schemas AS s;

CREATE VIEW pg_veil.visible_external_table AS
SELECT n.nspname::text AS schemaname, c.relname::text AS tablename, e.definition AS d,
  CASE e.definition ->> 'format' WHEN 'parquet' THEN 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat' ELSE 'org.apache.hadoop.mapred.TextInputFormat' END AS input_format,
  CASE e.definition ->> 'format' WHEN 'parquet' THEN 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat'
    ELSE 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat' END AS output_format
FROM pg_veil.external_table AS e JOIN pg_catalog.pg_class AS c ON c.oid = e.view JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE pg_catalog.has_schema_privilege(n.oid, 'USAGE');

CREATE VIEW pg_veil.own_external_tables AS
SELECT pg_catalog.current_database()::varchar AS redshift_database_name, schemaname, tablename, 'TABLE'::text AS tabletype, d ->> 'location' AS location,
  input_format, output_format, d ->> 'serialization_lib' AS serialization_lib,
  CASE WHEN d ->> 'format' = 'parquet' THEN '{"serialization.format":"1"}' ELSE pg_catalog.jsonb_build_object('field.delim', d ->> 'delimiter')::text END AS serde_parameters,
  0 AS compressed, (d -> 'properties')::text AS parameters
FROM pg_veil.visible_external_table;
CALL pg_veil.make_cluster_wide('pg_veil.own_external_tables', 'every_external_table');
CREATE VIEW pg_catalog.svv_external_tables AS SELECT * FROM pg_veil.every_external_table;

CREATE VIEW pg_veil.own_external_columns AS
SELECT pg_catalog.current_database()::varchar AS redshift_database_name, t.schemaname, t.tablename, c.v ->> 'name' AS columnname, c.v ->> 'external_type' AS external_type,
  c.n::integer AS columnnum, GREATEST(0, c.n - pg_catalog.jsonb_array_length(t.d -> 'columns') + (t.d ->> 'partition_columns')::integer)::integer AS part_key,
  ''::text AS is_nullable
FROM pg_veil.visible_external_table AS t CROSS JOIN LATERAL pg_catalog.jsonb_array_elements(t.d -> 'columns') WITH ORDINALITY AS c(v, n);
CALL pg_veil.make_cluster_wide('pg_veil.own_external_columns', 'every_external_column');
CREATE VIEW pg_catalog.svv_external_columns AS SELECT * FROM pg_veil.every_external_column;

CREATE VIEW pg_catalog.svv_external_partitions AS
SELECT t.schemaname, t.tablename, (p.v -> 'values')::text AS values, p.v ->> 'location' AS location, t.input_format, t.output_format,
  t.d ->> 'serialization_lib' AS serialization_lib, NULL::text AS serde_parameters, 0 AS compressed, NULL::text AS parameters
FROM pg_veil.visible_external_table AS t CROSS JOIN LATERAL pg_catalog.jsonb_array_elements(t.d -> 'partitions') AS p(v);

GRANT SELECT ON pg_catalog.svv_external_schemas, pg_catalog.svv_external_databases, pg_catalog.svv_external_tables, pg_catalog.svv_external_columns,
  pg_catalog.svv_external_partitions TO PUBLIC;

SELECT current_database() AS "name";
SELECT n.nspname AS "schema", c.relname AS "table", CASE c.relkind WHEN 'r' THEN 'TABLE' WHEN 'v' THEN 'VIEW' END AS "type" FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'v') AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2;
SELECT table_schema, table_name, column_name, ordinal_position, is_nullable, data_type, character_maximum_length, numeric_precision, numeric_scale FROM svv_columns WHERE table_schema = 'asked' ORDER BY table_name, ordinal_position;
SELECT * FROM information_schema.tables WHERE table_schema = 'asked';
SELECT "$Table"."id" AS "id", "$Table"."name" AS "name" FROM "asked"."people" "$Table" LIMIT 1000;
SELECT "rows"."name" AS "name", COUNT(*) AS "count" FROM (SELECT "id", "name" FROM "asked"."people") "rows" GROUP BY "name" LIMIT 1001;
SELECT schemaname, tablename, columnname, external_type FROM svv_external_columns ORDER BY 1, 2;

SELECT
    table_schema, table_name, column_name, data_type, character_maximum_length, numeric_precision, numeric_scale
FROM pg_catalog.svv_columns
WHERE
    table_schema IN ({schemas}) AND ({named})
    AND table_schema NOT IN (SELECT schemaname FROM pg_catalog.svv_external_schemas)
ORDER BY table_schema, table_name, ordinal_position;

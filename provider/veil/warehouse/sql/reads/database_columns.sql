SELECT
    schema_name, table_name, column_name, data_type, character_maximum_length, numeric_precision, numeric_scale
FROM pg_catalog.svv_all_columns
WHERE database_name = {database} AND schema_name IN ({schemas}) AND ({named})
ORDER BY schema_name, table_name, ordinal_position;

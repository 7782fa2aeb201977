SELECT database_name, schema_name, schema_type, source_database, schema_option FROM pg_catalog.svv_all_schemas
ORDER BY database_name, schema_name;

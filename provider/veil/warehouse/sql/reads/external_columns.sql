SELECT schemaname, tablename, columnname, external_type
FROM pg_catalog.svv_external_columns
WHERE redshift_database_name = {database} AND schemaname IN ({schemas}) AND ({named})
ORDER BY schemaname, tablename, columnnum;

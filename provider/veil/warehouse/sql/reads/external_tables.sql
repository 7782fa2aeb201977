SELECT schemaname, tablename
FROM pg_catalog.svv_external_tables
WHERE redshift_database_name = {database} AND schemaname IN ({schemas})
ORDER BY schemaname, tablename;

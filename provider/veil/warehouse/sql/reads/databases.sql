SELECT database_name FROM pg_catalog.svv_redshift_databases ORDER BY database_name;

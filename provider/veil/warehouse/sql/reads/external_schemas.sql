SELECT schemaname FROM pg_catalog.svv_external_schemas WHERE schemaname IN ({schemas});

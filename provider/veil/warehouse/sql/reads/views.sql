SELECT schemaname, viewname, viewowner, definition
FROM pg_catalog.pg_views
WHERE schemaname IN ({schemas}) AND ({named});

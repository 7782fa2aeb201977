SELECT n.nspname
FROM pg_catalog.pg_external_schema AS e
INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = e.esoid
WHERE n.nspname IN ({schemas});

SELECT n.nspname, pg_catalog.PG_GET_USERBYID(n.nspowner)
FROM pg_catalog.pg_namespace AS n
WHERE n.nspname IN ({schemas});

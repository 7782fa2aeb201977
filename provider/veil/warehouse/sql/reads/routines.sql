SELECT n.nspname, p.proname, p.prosrc, pg_catalog.PG_GET_USERBYID(p.proowner), p.prosecdef
FROM pg_catalog.pg_proc AS p
INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
WHERE n.nspname IN ({schemas});

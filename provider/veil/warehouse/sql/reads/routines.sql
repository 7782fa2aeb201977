SELECT
    n.nspname, p.proname, p.prosrc, pg_catalog.PG_GET_USERBYID(p.proowner), p.prosecdef, p.prokind,
    pg_catalog.OIDVECTORTYPES(p.proargtypes)
FROM pg_catalog.pg_proc_info AS p
INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
WHERE n.nspname IN ({schemas});

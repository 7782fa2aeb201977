SELECT
    n.nspname, p.proname, p.prosrc, pg_catalog.PG_GET_USERBYID(p.proowner), p.prosecdef, p.prokind,
    pg_catalog.OIDVECTORTYPES(p.proargtypes), l.lanname, pg_catalog.ARRAY_TO_STRING(p.proargnames, ','), p.provolatile,
    p.proisstrict, p.proretset, pg_catalog.FORMAT_TYPE(p.prorettype, NULL)
FROM pg_catalog.pg_proc_info AS p
INNER JOIN pg_catalog.pg_language AS l ON l.oid = p.prolang
INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
WHERE n.nspname IN ({schemas});

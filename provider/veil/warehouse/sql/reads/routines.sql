SELECT
    n.nspname, p.proname, p.prosrc, pg_catalog.PG_GET_USERBYID(p.proowner), p.prosecdef,
    CASE WHEN p.prokind = 'p' THEN 'PROCEDURE ' ELSE 'FUNCTION ' END
    || QUOTE_IDENT(n.nspname) || '.' || QUOTE_IDENT(p.proname) || '(' || OIDVECTORTYPES(p.proargtypes) || ')'
FROM pg_catalog.pg_proc_info AS p
INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
WHERE n.nspname IN ({schemas});

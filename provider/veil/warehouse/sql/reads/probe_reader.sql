-- Of whom the view is, and whether its table's schema is closed to this account: else reading it would prove nothing.
SELECT
    v.viewowner,
    CASE WHEN pg_catalog.HAS_SCHEMA_PRIVILEGE(n.nspname, 'USAGE') THEN 1 ELSE 0 END AS may_use
FROM pg_catalog.pg_views AS v
INNER JOIN pg_catalog.pg_namespace AS n ON n.nspname = {name}
WHERE v.schemaname = {schema} AND v.viewname = 'reader';

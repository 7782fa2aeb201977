SELECT n.nspname, c.relname
FROM pg_catalog.pg_class AS c
INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE
    n.nspname IN ({schemas}) AND c.relkind IN ('r', 'v', 'm')
    AND pg_catalog.HAS_SCHEMA_PRIVILEGE(n.nspname, 'USAGE') AND pg_catalog.HAS_TABLE_PRIVILEGE(c.oid, 'SELECT');

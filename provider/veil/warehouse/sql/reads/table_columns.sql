SELECT
    c.relname, c.relkind, a.attname, pg_catalog.FORMAT_TYPE(a.atttypid, a.atttypmod), a.attnotnull, a.atthasdef
FROM pg_catalog.pg_class AS c
INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE n.nspname IN ({schemas}) AND c.relkind IN ('r', 'v', 'm')
ORDER BY c.relname, a.attnum;

-- What stands in the schemas that hold a table of one of these names and are called as ours are.
SELECT
    n.nspname, pg_catalog.PG_GET_USERBYID(c.relowner), CURRENT_USER,
    c.relname, c.relkind, a.attname, pg_catalog.FORMAT_TYPE(a.atttypid, a.atttypmod), a.attnotnull, a.atthasdef
FROM pg_catalog.pg_class AS c
INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE
    c.relkind IN ('r', 'v', 'm') AND pg_catalog.RIGHT(n.nspname, 7) = '_system'
    AND c.relnamespace IN (SELECT m.relnamespace FROM pg_catalog.pg_class AS m WHERE m.relname IN ({tables}) AND m.relkind = 'r')
ORDER BY n.nspname, c.relname, a.attnum;

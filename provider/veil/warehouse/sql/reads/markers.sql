SELECT n.nspname, pg_catalog.PG_GET_USERBYID(c.relowner), CURRENT_USER
FROM pg_catalog.pg_class AS c
INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relname IN ({tables}) AND c.relkind = 'r' AND pg_catalog.RIGHT(n.nspname, 7) = '_system'
ORDER BY n.nspname;

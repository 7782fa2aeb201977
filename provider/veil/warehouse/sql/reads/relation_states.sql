SELECT n.nspname, c.relname, pg_catalog.PG_GET_USERBYID(c.relowner), c.relkind
FROM pg_catalog.pg_class AS c
INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname IN ({schemas}) AND c.relkind IN ('r', 'v', 'm') AND ({named});

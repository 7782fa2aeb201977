SELECT n.nspname, c.relname, a.attname, d.description
FROM pg_catalog.pg_description AS d
INNER JOIN pg_catalog.pg_class AS k ON k.oid = d.classoid AND k.relname = 'pg_class'
INNER JOIN pg_catalog.pg_class AS c ON c.oid = d.objoid
INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = d.objoid AND a.attnum = d.objsubid AND d.objsubid > 0
WHERE n.nspname IN ({schemas}) AND c.relkind = 'v';

SELECT DISTINCT t.txn_owner, t.pid, t.txn_start
FROM pg_catalog.svv_transactions AS t
INNER JOIN pg_catalog.pg_class AS c ON c.oid = t.relation
INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE t.granted AND n.nspname = {schema} AND c.relname = {name} AND t.pid <> pg_catalog.PG_BACKEND_PID()
ORDER BY t.txn_start;

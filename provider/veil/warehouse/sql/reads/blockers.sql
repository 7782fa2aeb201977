SELECT DISTINCT t.txn_owner, t.pid, t.txn_start
FROM pg_catalog.svv_transactions AS t
WHERE t.granted AND t.relation = {relation} AND t.pid <> pg_catalog.PG_BACKEND_PID()
ORDER BY t.txn_start;

SELECT privilege_type, identity_name, identity_type, privilege_scope
FROM pg_catalog.svv_database_privileges
WHERE database_name = pg_catalog.CURRENT_DATABASE();

SELECT namespace_name, relation_name, column_name, privilege_type, identity_name, identity_type, FALSE
FROM pg_catalog.svv_column_privileges
WHERE namespace_name IN ({schemas});

SELECT namespace_name, privilege_type, identity_name, identity_type, privilege_scope, admin_option
FROM pg_catalog.svv_schema_privileges
WHERE namespace_name IN ({schemas});

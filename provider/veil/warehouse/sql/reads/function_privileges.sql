SELECT function_name, privilege_type, identity_name, identity_type
FROM pg_catalog.svv_function_privileges
WHERE namespace_name IN ({schemas});

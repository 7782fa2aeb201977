SELECT namespace_name, function_name, argument_types, privilege_type, identity_name, identity_type
FROM pg_catalog.svv_function_privileges
WHERE namespace_name IN ({schemas});

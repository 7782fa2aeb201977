SELECT schema_name, owner_name, privilege_type, grantee_name, grantee_type, object_type
FROM pg_catalog.svv_default_privileges
WHERE schema_name IS NULL OR schema_name IN ('', {schemas});

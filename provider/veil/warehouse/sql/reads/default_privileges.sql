SELECT schema_name, owner_name, privilege_type, grantee_name, grantee_type
FROM pg_catalog.svv_default_privileges
WHERE object_type = 'RELATION' AND (schema_name IS NULL OR schema_name IN ('', {schemas}));

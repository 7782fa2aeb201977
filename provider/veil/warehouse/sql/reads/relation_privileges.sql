SELECT namespace_name, relation_name, '', privilege_type, identity_name, identity_type, admin_option
FROM pg_catalog.svv_relation_privileges
WHERE namespace_name IN ({schemas});

SELECT identity_name FROM pg_catalog.svv_relation_privileges
WHERE relation_name = 'writer' AND privilege_type = 'SELECT' AND identity_type = 'role';

SELECT identity_name, system_privilege FROM pg_catalog.svv_system_privileges WHERE identity_type = 'role';

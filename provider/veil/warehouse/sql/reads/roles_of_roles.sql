SELECT role_name, granted_role_name FROM pg_catalog.svv_role_grants;

SELECT user_name, role_name FROM pg_catalog.svv_user_grants;

SELECT role_name FROM pg_catalog.svv_user_grants WHERE user_name = {user};

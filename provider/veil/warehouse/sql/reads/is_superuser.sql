SELECT usesuper FROM pg_catalog.pg_user WHERE usename = CURRENT_USER;

SELECT usename FROM pg_catalog.pg_user;

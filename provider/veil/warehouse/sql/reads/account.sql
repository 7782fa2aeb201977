SELECT usename, usesuper, pg_catalog.HAS_DATABASE_PRIVILEGE(pg_catalog.CURRENT_DATABASE(), 'CREATE')
FROM pg_catalog.pg_user WHERE usename = CURRENT_USER;

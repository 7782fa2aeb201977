SELECT u.usename, g.groname FROM pg_catalog.pg_group AS g, pg_catalog.pg_user AS u
WHERE u.usesysid = ANY(g.grolist);

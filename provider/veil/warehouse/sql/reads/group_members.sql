SELECT u.usename
FROM pg_catalog.pg_group AS g
LEFT JOIN pg_catalog.pg_user AS u ON u.usesysid = ANY(g.grolist)
WHERE g.groname = {group};

-- sealing_salt(): the salt that users' own rows are sealed with; NULL where there is not exactly one.
SELECT CASE WHEN pg_catalog.COUNT(*) = 1 THEN pg_catalog.MAX(s.salt) END AS salt
FROM {system}.salt AS s
WHERE s.name = 'seal'

-- own_salts(which): the names of the salts that our procedure made, of those for which `which` holds of `s`.
SELECT s.name
FROM {system}.salt AS s
LEFT JOIN {system}.salt_digest AS d
    ON d.name = s.name
    AND d.digest = {{salt_digest(s)}}
WHERE {{which}}
GROUP BY s.name
HAVING pg_catalog.COUNT(*) = 1 AND pg_catalog.COUNT(d.digest) = 1

-- open_requests(user, source): in a procedure about requests: puts into `found_rows` how many requests of a user are open for a
-- data source. One counts with the seal of request_access, and until an apply ends it.
SELECT pg_catalog.COUNT(q.source) INTO found_rows
FROM {system}.access_request AS q
CROSS JOIN (
    {{sealing_salt()}}
) AS k
LEFT JOIN {system}.request_end AS x
    ON x.immuta__userid = q.immuta__userid AND x.source = q.source AND x.ended_at >= q.requested_at
WHERE
    q.immuta__userid || '|' = {{user}} || '|'
    AND q.source || '|' = {{source}} || '|'
    AND x.source IS NULL
    AND q.seal = {{request_seal(k.salt, q.immuta__userid, q.source, q.reason, q.requested_at)}};

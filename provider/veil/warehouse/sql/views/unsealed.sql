-- What none of our procedures wrote, by what tells rows apart: salts, the projects that users act in, what they agreed to, and
-- what they asked for or were approved for. Planners read it, so it shows neither a salt nor anything that is made of one.
CREATE OR REPLACE VIEW {system}.unsealed AS
WITH k AS (
    {{sealing_salt()}}
)
SELECT
    'salt' AS kind,
    s.name AS name,
    '' AS item
FROM {system}.salt AS s
LEFT JOIN {system}.salt_digest AS d
    ON d.name = s.name
    AND d.digest = {{salt_digest(s)}}
GROUP BY s.name
HAVING pg_catalog.COUNT(*) <> 1 OR pg_catalog.COUNT(d.digest) <> 1
UNION ALL
SELECT
    'salt' AS kind,
    'seal' AS name,
    '' AS item
FROM k
WHERE k.salt IS NULL
UNION ALL
SELECT
    'runtime' AS kind,
    r.immuta__userid AS name,
    '' AS item
FROM {system}.runtime AS r
CROSS JOIN k
WHERE
    CASE
        WHEN r.seal = {{runtime_seal(k.salt, r.immuta__userid, r.current_project)}}
            THEN 0
        ELSE 1
    END = 1
UNION ALL
SELECT
    'acknowledgement' AS kind,
    a.immuta__userid AS name,
    a.purpose AS item
FROM {system}.acknowledgement AS a
CROSS JOIN k
WHERE
    CASE
        WHEN a.seal = {{acknowledgement_seal(k.salt, a.immuta__userid, a.purpose, a.text_hash)}}
            THEN 0
        ELSE 1
    END = 1
UNION ALL
SELECT
    'request' AS kind,
    q.immuta__userid AS name,
    q.source AS item
FROM {system}.access_request AS q
CROSS JOIN k
WHERE
    CASE
        WHEN q.seal = {{request_seal(k.salt, q.immuta__userid, q.source, q.reason, q.requested_at)}}
            THEN 0
        ELSE 1
    END = 1
UNION ALL
SELECT
    'approval' AS kind,
    a.immuta__userid AS name,
    a.source AS item
FROM {system}.approval AS a
CROSS JOIN k
WHERE
    CASE
        WHEN a.seal = {{approval_seal(k.salt, a.immuta__userid, a.source, a.approver, a.approved_at, a.expires_at)}}
            THEN 0
        ELSE 1
    END = 1
WITH NO SCHEMA BINDING;
REVOKE ALL ON TABLE {system}.unsealed FROM PUBLIC;

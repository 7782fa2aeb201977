DELETE FROM {system}.salt
WHERE
    name IS NULL
    OR name NOT IN (
        {{own_salts(s.name IS NOT NULL)}}
    );
DELETE FROM {system}.runtime
WHERE
    CASE
        WHEN seal = {{runtime_seal((SELECT pg_catalog.MAX(s.salt) FROM {system}.salt AS s WHERE s.name = 'seal'), immuta__userid, current_project)}}
            THEN 0
        ELSE 1
    END = 1;
DELETE FROM {system}.acknowledgement
WHERE
    CASE
        WHEN seal = {{acknowledgement_seal((SELECT pg_catalog.MAX(s.salt) FROM {system}.salt AS s WHERE s.name = 'seal'), immuta__userid, purpose, text_hash)}}
            THEN 0
        ELSE 1
    END = 1;
DELETE FROM {system}.access_request
WHERE
    CASE
        WHEN seal = {{request_seal((SELECT pg_catalog.MAX(s.salt) FROM {system}.salt AS s WHERE s.name = 'seal'), immuta__userid, source, reason, requested_at)}}
            THEN 0
        ELSE 1
    END = 1;
DELETE FROM {system}.approval
WHERE
    CASE
        WHEN seal = {{approval_seal((SELECT pg_catalog.MAX(s.salt) FROM {system}.salt AS s WHERE s.name = 'seal'), immuta__userid, source, approver, approved_at, expires_at)}}
            THEN 0
        ELSE 1
    END = 1;

-- What none of our procedures wrote, by what tells rows apart: salts, the projects that users act in, and what they agreed
-- to. Planners read it, so it shows neither a salt nor anything that is made of one.
CREATE OR REPLACE VIEW {system}.unsealed AS
WITH k AS (
    SELECT CASE WHEN pg_catalog.COUNT(*) = 1 THEN pg_catalog.MAX(s.salt) END AS salt
    FROM {system}.salt AS s
    WHERE s.name = 'seal'
)
SELECT
    'salt' AS kind,
    s.name AS name,
    '' AS item
FROM {system}.salt AS s
LEFT JOIN {system}.salt_digest AS d
    ON d.name = s.name
    AND d.digest = pg_catalog.SHA2('salt' || pg_catalog.CHR(31) || s.name || pg_catalog.CHR(31) || s.salt, 256)
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
        WHEN r.seal = pg_catalog.SHA2(
            k.salt || pg_catalog.SHA2(
                'runtime' || pg_catalog.CHR(31) || r.immuta__userid || pg_catalog.CHR(31) || COALESCE(r.current_project, ''),
                256
            ),
            256
        )
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
        WHEN a.seal = pg_catalog.SHA2(
            k.salt || pg_catalog.SHA2(
                'acknowledgement' || pg_catalog.CHR(31) || a.immuta__userid || pg_catalog.CHR(31) || a.purpose
                || pg_catalog.CHR(31) || a.text_hash,
                256
            ),
            256
        )
            THEN 0
        ELSE 1
    END = 1
WITH NO SCHEMA BINDING;
REVOKE ALL ON TABLE {system}.unsealed FROM PUBLIC;

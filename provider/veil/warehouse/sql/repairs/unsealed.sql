DELETE FROM {system}.salt
WHERE
    name IS NULL
    OR name NOT IN (
        SELECT s.name
        FROM {system}.salt AS s
        LEFT JOIN {system}.salt_digest AS d
            ON d.name = s.name
            AND d.digest = pg_catalog.SHA2('salt' || pg_catalog.CHR(31) || s.name || pg_catalog.CHR(31) || s.salt, 256)
        WHERE s.name IS NOT NULL
        GROUP BY s.name
        HAVING pg_catalog.COUNT(*) = 1 AND pg_catalog.COUNT(d.digest) = 1
    );
DELETE FROM {system}.runtime
WHERE
    CASE
        WHEN seal = pg_catalog.SHA2(
            (SELECT pg_catalog.MAX(s.salt) FROM {system}.salt AS s WHERE s.name = 'seal') || pg_catalog.SHA2(
                'runtime' || pg_catalog.CHR(31) || immuta__userid || pg_catalog.CHR(31) || COALESCE(current_project, ''),
                256
            ),
            256
        )
            THEN 0
        ELSE 1
    END = 1;
DELETE FROM {system}.acknowledgement
WHERE
    CASE
        WHEN seal = pg_catalog.SHA2(
            (SELECT pg_catalog.MAX(s.salt) FROM {system}.salt AS s WHERE s.name = 'seal') || pg_catalog.SHA2(
                'acknowledgement' || pg_catalog.CHR(31) || immuta__userid || pg_catalog.CHR(31) || purpose
                || pg_catalog.CHR(31) || text_hash,
                256
            ),
            256
        )
            THEN 0
        ELSE 1
    END = 1;

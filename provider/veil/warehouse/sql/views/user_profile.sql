-- The caller's own row; none unless exactly one matches. The bars at the ends keep engines that ignore trailing
-- blanks from taking one user for another. The aggregate and the LIMIT are fences: no predicate of a caller's runs
-- before these. A current project counts with the seal of switch_project alone. GETDATE() keeps a result from being reused
-- for somebody else.
CREATE OR REPLACE VIEW {system}.user_profile AS
SELECT
    w.immuta__userid AS immuta__userid,
    w.current_project AS current_project,
    w.equalized AS equalized,
    CASE WHEN w.equalized = 0 THEN w.immuta__userid END AS username
FROM (
    SELECT
        pg_catalog.MAX(p.immuta__userid) AS immuta__userid,
        pg_catalog.MAX(r.current_project) AS current_project,
        pg_catalog.MAX(CASE WHEN q.kind IS NULL THEN 0 ELSE 1 END) AS equalized
    FROM {system}.profile AS p
    CROSS JOIN (
        SELECT CASE WHEN pg_catalog.COUNT(*) = 1 THEN pg_catalog.MAX(s.salt) END AS salt
        FROM {system}.salt AS s
        WHERE s.name = 'seal'
    ) AS k
    LEFT JOIN {system}.runtime AS r
        ON r.immuta__userid = p.immuta__userid
        AND r.seal = pg_catalog.SHA2(
            k.salt || pg_catalog.SHA2(
                'runtime' || pg_catalog.CHR(31) || p.immuta__userid || pg_catalog.CHR(31) || COALESCE(r.current_project, ''),
                256
            ),
            256
        )
    LEFT JOIN {system}.project_entry AS q ON q.project = r.current_project AND q.kind = 'equalized'
    WHERE
        p.immuta__userid = CAST(CURRENT_USER AS VARCHAR(256))
        AND p.immuta__userid || '|' = CAST(CURRENT_USER AS VARCHAR(256)) || '|'
        AND pg_catalog.GETDATE() IS NOT NULL
    HAVING pg_catalog.COUNT(p.immuta__userid) = 1
    LIMIT 1
) AS w
WITH NO SCHEMA BINDING;
REVOKE ALL ON TABLE {system}.user_profile FROM PUBLIC;
GRANT SELECT ON TABLE {system}.user_profile TO PUBLIC;

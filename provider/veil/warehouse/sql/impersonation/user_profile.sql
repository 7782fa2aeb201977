-- As views/user_profile, and the row of another user while the session asks for it. The session's request is not to be
-- trusted: it is honoured for members of the group with a live grant for that very user, and shows nothing otherwise. In a
-- procedure that runs with its owner's rights, who asks and whose session it is are two: it shows nothing there either.
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
    LEFT JOIN {system}.impersonation AS i
        ON i.as_user = p.immuta__userid AND i.immuta__userid = CAST(CURRENT_USER AS VARCHAR(256))
    WHERE
        pg_catalog.GETDATE() IS NOT NULL
        AND CASE
            WHEN COALESCE(pg_catalog.CURRENT_SETTING('app.immuta_impersonate', FALSE), '') || '|' = '|'
                THEN p.immuta__userid || '|' = CAST(CURRENT_USER AS VARCHAR(256)) || '|'
            ELSE
                p.immuta__userid || '|' = pg_catalog.CURRENT_SETTING('app.immuta_impersonate', FALSE) || '|'
                AND p.immuta__userid || '|' = i.as_user || '|'
                AND i.immuta__userid || '|' = CAST(CURRENT_USER AS VARCHAR(256)) || '|'
                AND CAST(SESSION_USER AS VARCHAR(256)) || '|' = CAST(CURRENT_USER AS VARCHAR(256)) || '|'
                AND pg_catalog.USER_IS_MEMBER_OF(CURRENT_USER, {impersonation_group})
        END
    HAVING pg_catalog.COUNT(p.immuta__userid) = 1
    LIMIT 1
) AS w
WITH NO SCHEMA BINDING;
REVOKE ALL ON TABLE {system}.user_profile FROM PUBLIC;
GRANT SELECT ON TABLE {system}.user_profile TO PUBLIC;

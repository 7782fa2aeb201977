-- As views/caller, and the row of another user while the session asks for it. The session's request is not to be
-- trusted: it is honoured for members of the group with a live grant for that very user, and shows nothing otherwise. In a
-- procedure that runs with its owner's rights, who asks and whose session it is are two: it shows nothing there either.
CREATE OR REPLACE VIEW {system}.caller AS
{{shown_caller()}}
FROM (
    {{caller_row()}}
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
REVOKE ALL ON TABLE {system}.caller FROM PUBLIC;

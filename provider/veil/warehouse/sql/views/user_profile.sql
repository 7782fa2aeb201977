-- The caller's own row; none unless exactly one matches. The bars at the ends keep engines that ignore trailing
-- blanks from taking one user for another. The aggregate and the LIMIT are fences: no predicate of a caller's runs
-- before these. A current project counts with the seal of switch_project alone. GETDATE() keeps a result from being reused
-- for somebody else.
CREATE OR REPLACE VIEW {system}.user_profile AS
{{shown_profile()}}
FROM (
    {{profile_row()}}
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

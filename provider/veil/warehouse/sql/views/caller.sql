-- Who asks, and in which project: one row, and none unless exactly one profile matches. PUBLIC reads it by way of
-- user_profile and governed views. The bars at the ends keep engines that ignore trailing blanks from taking one user for
-- another. The aggregate and the LIMIT are fences: no predicate of a caller's runs before these. A current project counts
-- with the seal of switch_project alone. GETDATE() keeps a result from being reused for somebody else.
CREATE OR REPLACE VIEW {system}.caller AS
{{shown_caller()}}
FROM (
    {{caller_row()}}
    WHERE
        p.immuta__userid = CAST(CURRENT_USER AS VARCHAR(256))
        AND p.immuta__userid || '|' = CAST(CURRENT_USER AS VARCHAR(256)) || '|'
        AND pg_catalog.GETDATE() IS NOT NULL
    HAVING pg_catalog.COUNT(p.immuta__userid) = 1
    LIMIT 1
) AS w
WITH NO SCHEMA BINDING;
REVOKE ALL ON TABLE {system}.caller FROM PUBLIC;

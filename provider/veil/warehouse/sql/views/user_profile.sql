-- The caller's own row of the table profile, for people to read: that of the impersonated user while one is, and in an
-- equalized project what all its members hold. Who the caller is, is decided once, by the view caller. The LIMIT is a
-- fence: no predicate of a caller's runs before the joins.
CREATE OR REPLACE VIEW {system}.user_profile AS
SELECT
    w.immuta__userid AS immuta__userid,
    w.groups AS groups,
    w.attributes AS attributes,
    w.projects AS projects,
    w.valid_tables AS valid_tables,
    w.updated_at AS updated_at,
    w.current_project AS current_project,
    w.equalized AS equalized,
    w.username AS username
FROM (
    SELECT
        c.immuta__userid AS immuta__userid,
        c.current_project AS current_project,
        c.equalized AS equalized,
        c.username AS username,
        CASE WHEN c.equalized = 0 THEN p.groups ELSE s.groups END AS groups,
        CASE WHEN c.equalized = 0 THEN p.attributes ELSE s.attributes END AS attributes,
        CASE WHEN c.equalized = 0 THEN p.projects ELSE s.projects END AS projects,
        CASE WHEN c.equalized = 0 THEN p.valid_tables ELSE s.valid_tables END AS valid_tables,
        CASE WHEN c.equalized = 0 THEN p.updated_at ELSE s.updated_at END AS updated_at
    FROM {system}.caller AS c
    INNER JOIN {system}.profile AS p
        ON p.immuta__userid = c.immuta__userid AND p.immuta__userid || '|' = c.immuta__userid || '|'
    LEFT JOIN {system}.profile_entry AS m
        ON c.equalized = 1 AND m.immuta__userid = c.immuta__userid AND m.kind = 'project' AND m.value = c.current_project
    LEFT JOIN {system}.project_profile AS s ON s.project = m.value
    LIMIT 1
) AS w
WITH NO SCHEMA BINDING;
REVOKE ALL ON TABLE {system}.user_profile FROM PUBLIC;
GRANT SELECT ON TABLE {system}.user_profile TO PUBLIC;

-- What holds for the caller now. A purpose of the current project counts once the caller has agreed to it in the words
-- that it has now, and with it those above it. The LIMIT is a fence: no predicate of a caller's runs before these.
CREATE OR REPLACE VIEW {system}.user_entry AS
SELECT
    w.kind AS kind,
    w.name AS name,
    w.value AS value
FROM (
    SELECT DISTINCT
        CASE WHEN e.kind IN ('project_purpose', 'covering_purpose') THEN 'purpose' ELSE e.kind END AS kind,
        CASE WHEN e.kind IN ('group', 'attribute', 'subscription') THEN e.name ELSE '' END AS name,
        e.value AS value
    FROM {system}.user_profile AS u
    INNER JOIN {system}.profile_entry AS e ON e.immuta__userid = u.immuta__userid
    LEFT JOIN (
        SELECT DISTINCT a.purpose AS purpose
        FROM {system}.user_profile AS v
        INNER JOIN {system}.profile_entry AS c
            ON c.immuta__userid = v.immuta__userid AND c.kind = 'project_purpose' AND c.name = v.current_project
        INNER JOIN {system}.profile_entry AS q
            ON q.immuta__userid = v.immuta__userid AND q.kind = 'acknowledgement' AND q.name = c.value
        INNER JOIN {system}.acknowledgement AS a
            ON a.immuta__userid = q.immuta__userid AND a.purpose = q.name AND a.text_hash = q.value
    ) AS agreed ON agreed.purpose = CASE WHEN e.kind = 'covering_purpose' THEN e.name ELSE e.value END
    WHERE
        (e.expires_at IS NULL OR e.expires_at > pg_catalog.GETDATE())
        AND (
            e.kind IN ('group', 'attribute', 'subscription')
            OR (e.kind IN ('project_source', 'project_salt') AND e.name = u.current_project)
            OR (e.kind = 'project_purpose' AND e.name = u.current_project AND agreed.purpose IS NOT NULL)
            OR (e.kind = 'covering_purpose' AND agreed.purpose IS NOT NULL)
        )
    LIMIT 2147483647
) AS w
WITH NO SCHEMA BINDING;
REVOKE ALL ON TABLE {system}.user_entry FROM PUBLIC;
GRANT SELECT ON TABLE {system}.user_entry TO PUBLIC;

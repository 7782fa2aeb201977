-- What holds for the caller now. A purpose of the current project counts once the caller has agreed to it in the words
-- that it has now. The LIMIT is a fence: no predicate of a caller's runs before these.
CREATE OR REPLACE VIEW {system}.user_entry AS
SELECT
    w.kind AS kind,
    w.name AS name,
    w.value AS value
FROM (
    SELECT
        CASE WHEN e.kind = 'project_purpose' THEN 'purpose' ELSE e.kind END AS kind,
        CASE WHEN e.kind IN ('project_purpose', 'project_source') THEN '' ELSE e.name END AS name,
        e.value AS value
    FROM {system}.user_profile AS u
    INNER JOIN {system}.profile_entry AS e ON e.immuta__userid = u.immuta__userid
    LEFT JOIN (
        SELECT DISTINCT a.purpose AS purpose
        FROM {system}.user_profile AS v
        INNER JOIN {system}.profile_entry AS q ON q.immuta__userid = v.immuta__userid AND q.kind = 'acknowledgement'
        INNER JOIN {system}.acknowledgement AS a
            ON a.immuta__userid = q.immuta__userid AND a.purpose = q.name AND a.text_hash = q.value
    ) AS agreed ON agreed.purpose = e.value
    WHERE
        (e.expires_at IS NULL OR e.expires_at > pg_catalog.GETDATE())
        AND (
            e.kind IN ('group', 'attribute', 'subscription')
            OR (e.kind = 'project_source' AND e.name = u.current_project)
            OR (e.kind = 'project_purpose' AND e.name = u.current_project AND agreed.purpose IS NOT NULL)
        )
    LIMIT 2147483647
) AS w
WITH NO SCHEMA BINDING;
REVOKE ALL ON TABLE {system}.user_entry FROM PUBLIC;
GRANT SELECT ON TABLE {system}.user_entry TO PUBLIC;

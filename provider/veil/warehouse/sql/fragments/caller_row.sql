-- caller_row(): what the view caller shows of a profile `p`; whose that is, is for the view to say.
SELECT
    pg_catalog.MAX(p.immuta__userid) AS immuta__userid,
    pg_catalog.MAX(r.current_project) AS current_project,
    pg_catalog.MAX(CASE WHEN q.kind IS NULL THEN 0 ELSE 1 END) AS equalized
FROM {system}.profile AS p
CROSS JOIN (
    {{sealing_salt()}}
) AS k
LEFT JOIN {system}.runtime AS r
    ON r.immuta__userid = p.immuta__userid
    AND r.seal = {{runtime_seal(k.salt, p.immuta__userid, r.current_project)}}
LEFT JOIN {system}.project_entry AS q ON q.project = r.current_project AND q.kind = 'equalized'

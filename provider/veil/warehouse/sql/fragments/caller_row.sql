-- caller_row(): what the view caller shows of a profile `p`; whose that is, is for the view to say.
SELECT
    pg_catalog.MAX(p.immuta__userid) AS immuta__userid,
    pg_catalog.MAX(r.current_project) AS current_project,
    pg_catalog.MAX(CASE WHEN q.kind IS NULL THEN 0 ELSE 1 END) AS equalized
{{profiles_and_projects()}}

-- profiles_and_projects(): each profile `p`, with the project `r` that its user acts in, `q` where it is equalized. A project counts with
-- the seal of switch_project alone.
FROM {system}.profile AS p
CROSS JOIN (
    {{sealing_salt()}}
) AS k
LEFT JOIN {system}.runtime AS r
    ON r.immuta__userid = p.immuta__userid
    AND r.seal = {{runtime_seal(k.salt, p.immuta__userid, r.current_project)}}
LEFT JOIN {system}.project_entry AS q ON q.project = r.current_project AND q.kind = 'equalized'

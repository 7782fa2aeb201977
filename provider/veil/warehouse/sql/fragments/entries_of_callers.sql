-- entries_of_callers(): everything that holds for each row of `u`, which is a caller, for whom that is decided and when. Where
-- nobody knows when, what ends at some time is unknown: it may be over, and who must not hold it may hold it.
SELECT
    'caller' AS kind,
    CASE WHEN u.equalized = 0 THEN 'alone' ELSE 'equalized' END AS name,
    COALESCE(u.username, '') AS value,
    2 AS strength,
    u.whom AS whom,
    u.decided_at AS decided_at
FROM u
UNION ALL
SELECT
    'current_project' AS kind,
    '' AS name,
    u.current_project AS value,
    2 AS strength,
    u.whom AS whom,
    u.decided_at AS decided_at
FROM u
WHERE u.current_project IS NOT NULL
UNION ALL
SELECT
    e.kind AS kind,
    CASE WHEN e.kind IN ('project_source', 'project_salt') THEN '' ELSE e.name END AS name,
    e.value AS value,
    CASE WHEN e.expires_at IS NULL OR u.decided_at IS NOT NULL THEN 2 ELSE 1 END AS strength,
    u.whom AS whom,
    u.decided_at AS decided_at
FROM u
INNER JOIN {system}.profile_entry AS e ON e.immuta__userid = u.immuta__userid
LEFT JOIN (
    SELECT u.whom AS whom
    FROM u
    INNER JOIN {system}.project_entry AS m ON m.project = u.current_project AND m.kind = 'member'
    LEFT JOIN {system}.profile AS p ON p.immuta__userid = m.value AND m.strength = 2
    GROUP BY u.whom
    HAVING
        pg_catalog.COUNT(*) = pg_catalog.COUNT(p.immuta__userid)
        AND pg_catalog.COUNT(*) = pg_catalog.COUNT(DISTINCT m.value)
        AND pg_catalog.MAX(CASE WHEN m.value = u.immuta__userid THEN 1 ELSE 0 END) = 1
) AS complete ON complete.whom = u.whom
WHERE
    (e.expires_at IS NULL OR u.decided_at IS NULL OR e.expires_at > u.decided_at)
    AND (
        (e.kind IN ('group', 'attribute', 'subscription') AND u.equalized = 0)
        OR (
            e.kind IN ('project_source', 'project_salt') AND e.name = u.current_project
            AND (u.equalized = 0 OR complete.whom IS NOT NULL)
        )
    )
UNION ALL
SELECT
    'subscription' AS kind,
    '' AS name,
    a.source AS value,
    CASE WHEN a.expires_at IS NULL OR u.decided_at IS NOT NULL THEN 2 ELSE 1 END AS strength,
    u.whom AS whom,
    u.decided_at AS decided_at
FROM u
INNER JOIN (
    {{live_approvals()}}
) AS a ON a.immuta__userid = u.immuta__userid
WHERE u.equalized = 0 AND (a.expires_at IS NULL OR u.decided_at IS NULL OR a.expires_at > u.decided_at)
UNION ALL
SELECT
    s.kind AS kind,
    s.name AS name,
    s.value AS value,
    CASE WHEN s.expires_at IS NULL OR u.decided_at IS NOT NULL THEN s.strength ELSE 1 END AS strength,
    u.whom AS whom,
    u.decided_at AS decided_at
FROM u
INNER JOIN {system}.profile_entry AS m
    ON m.immuta__userid = u.immuta__userid AND m.kind = 'project' AND m.value = u.current_project
INNER JOIN {system}.project_entry AS s ON s.project = u.current_project
WHERE
    u.equalized = 1
    AND s.kind IN ('group', 'attribute', 'subscription')
    AND (s.expires_at IS NULL OR u.decided_at IS NULL OR s.expires_at > u.decided_at)
UNION ALL
SELECT
    'purpose' AS kind,
    '' AS name,
    above.value AS value,
    pg_catalog.MAX(CASE WHEN asked.agreed = asked.people THEN 2 ELSE 1 END) AS strength,
    asked.whom AS whom,
    pg_catalog.MAX(asked.decided_at) AS decided_at
FROM (
    SELECT
        u.immuta__userid AS immuta__userid,
        u.current_project AS current_project,
        u.whom AS whom,
        u.decided_at AS decided_at,
        c.value AS purpose,
        pg_catalog.COUNT(DISTINCT COALESCE(m.value, u.immuta__userid)) AS people,
        pg_catalog.COUNT(DISTINCT a.immuta__userid) AS agreed
    FROM u
    CROSS JOIN (
        {{sealing_salt()}}
    ) AS k
    INNER JOIN {system}.profile_entry AS c
        ON c.immuta__userid = u.immuta__userid AND c.kind = 'project_purpose' AND c.name = u.current_project
    INNER JOIN {system}.profile_entry AS q
        ON q.immuta__userid = u.immuta__userid AND q.kind = 'acknowledgement' AND q.name = c.value
    LEFT JOIN {system}.project_entry AS m
        ON u.equalized = 1 AND m.project = u.current_project AND m.kind = 'member'
    LEFT JOIN {system}.acknowledgement AS a
        ON a.immuta__userid = COALESCE(m.value, u.immuta__userid)
        AND a.purpose = q.name AND a.text_hash = q.value AND COALESCE(m.strength, 2) = 2
        AND a.seal = {{acknowledgement_seal(k.salt, a.immuta__userid, a.purpose, a.text_hash)}}
    GROUP BY u.immuta__userid, u.current_project, u.whom, u.decided_at, c.value
) AS asked
INNER JOIN {system}.profile_entry AS above
    ON asked.agreed > 0
    AND above.immuta__userid = asked.immuta__userid
    AND (
        (above.kind = 'project_purpose' AND above.name = asked.current_project AND above.value = asked.purpose)
        OR (above.kind = 'covering_purpose' AND above.name = asked.purpose)
    )
GROUP BY above.value, asked.whom

-- What holds for the caller now, and who that is: an entry of kind `caller`, named `alone` or, in an equalized project,
-- `equalized`, with the name that the caller may be called by; and one of kind `current_project`.
-- A purpose of the current project counts once the caller has agreed to it in the words that it has now, and with it
-- those above it. Agreed to is what the seal of acknowledge_purpose tells. In an equalized project all this is what its
-- members share: strength 2 is what each of them holds, or has agreed to, strength 1 what some do and others do not.
-- PUBLIC does not select here, or a member would read what the others hold.
-- A member who has not exactly one profile sees nothing, so an equalized project has no data sources while it has such a
-- member. The profiles themselves are asked, and that the caller is among the members whose sight was made equal.
-- Each entry says for whom it was found. Who the caller is may change while a query runs, so that an engine that asks
-- twice hears of two: then there is no entry at all. The window is what compares all of them, before the first is
-- given out, and a fence: no predicate of a caller's runs before these.
-- Now is decided here too, whatever time zone the caller set: in an hour that comes twice there, they see nothing.
-- Who was approved at run time is subscribed, as long as they act in no equalized project.
CREATE OR REPLACE VIEW {system}.user_entry AS
WITH u AS (
    SELECT
        p.immuta__userid AS immuta__userid,
        p.current_project AS current_project,
        p.equalized AS equalized,
        p.username AS username,
        CAST(p.equalized AS VARCHAR(1)) || CAST(pg_catalog.LEN(p.immuta__userid) AS VARCHAR(8)) || ':' || p.immuta__userid
        || COALESCE('+' || p.current_project, '-') || '|' AS whom,
        n.moment AS decided_at
    FROM {system}.caller AS p
    CROSS JOIN (
        {{utc_now()}}
    ) AS n
)
SELECT
    w.kind AS kind,
    w.name AS name,
    w.value AS value,
    w.strength AS strength,
    w.whom AS whom,
    w.decided_at AS decided_at
FROM (
    SELECT
        f.kind AS kind,
        f.name AS name,
        f.value AS value,
        f.strength AS strength,
        f.whom AS whom,
        f.decided_at AS decided_at,
        pg_catalog.MIN(f.whom) OVER () AS lowest,
        pg_catalog.MAX(f.whom) OVER () AS highest
    FROM (
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
            2 AS strength,
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
            (e.expires_at IS NULL OR e.expires_at > u.decided_at)
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
            2 AS strength,
            u.whom AS whom,
            u.decided_at AS decided_at
        FROM u
        INNER JOIN (
            {{live_approvals()}}
        ) AS a ON a.immuta__userid = u.immuta__userid
        WHERE u.equalized = 0 AND (a.expires_at IS NULL OR a.expires_at > u.decided_at)
        UNION ALL
        SELECT
            s.kind AS kind,
            s.name AS name,
            s.value AS value,
            s.strength AS strength,
            u.whom AS whom,
            u.decided_at AS decided_at
        FROM u
        INNER JOIN {system}.profile_entry AS m
            ON m.immuta__userid = u.immuta__userid AND m.kind = 'project' AND m.value = u.current_project
        INNER JOIN {system}.project_entry AS s ON s.project = u.current_project
        WHERE
            u.equalized = 1
            AND s.kind IN ('group', 'attribute', 'subscription')
            AND (s.expires_at IS NULL OR s.expires_at > u.decided_at)
        UNION ALL
        SELECT
            'purpose' AS kind,
            '' AS name,
            above.value AS value,
            pg_catalog.MAX(CASE WHEN asked.agreed = asked.people THEN 2 ELSE 1 END) AS strength,
            pg_catalog.MAX(asked.whom) AS whom,
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
        GROUP BY above.value
    ) AS f
) AS w
WHERE w.lowest = w.highest
WITH NO SCHEMA BINDING;
REVOKE ALL ON TABLE {system}.user_entry FROM PUBLIC;

-- What holds for whoever the session's user is, or may ask to be: the entries of user_entry, for each of them. It asks for
-- no setting, so that however often an engine evaluates it in a query it is the same, whatever changes meanwhile. A view that
-- is to know that somebody does not hold a value looks here, at the rows for whom all else was decided: a value that is not in
-- user_entry may be missing since that was evaluated for another caller. It has more people than the session may be,
-- who count for nothing. Without a moment, by the session's time zone, what ends at some time is unknown. PUBLIC does not
-- select here.
CREATE OR REPLACE VIEW {system}.possible_entry AS
WITH u AS (
    SELECT
        p.immuta__userid AS immuta__userid,
        p.current_project AS current_project,
        p.equalized AS equalized,
        p.username AS username,
        {{whom(p)}} AS whom,
        n.moment AS decided_at
    FROM (
        {{shown_caller()}}
        FROM (
            SELECT
                p.immuta__userid AS immuta__userid,
                r.current_project AS current_project,
                CASE WHEN q.kind IS NULL THEN 0 ELSE 1 END AS equalized
            {{profiles_and_projects()}}
            INNER JOIN (
                SELECT o.immuta__userid AS immuta__userid
                FROM {system}.profile AS o
                WHERE o.immuta__userid = CAST(CURRENT_USER AS VARCHAR(256))
                UNION
                SELECT i.as_user AS immuta__userid
                FROM {system}.impersonation AS i
                WHERE i.immuta__userid = CAST(CURRENT_USER AS VARCHAR(256))
            ) AS m ON m.immuta__userid = p.immuta__userid
        ) AS w
    ) AS p
    LEFT JOIN (
        {{utc_now()}}
    ) AS n ON 1 = 1
)
SELECT
    f.kind AS kind,
    f.name AS name,
    f.value AS value,
    f.strength AS strength,
    f.whom AS whom,
    f.decided_at AS decided_at
FROM (
    {{entries_of_callers()}}
) AS f
WITH NO SCHEMA BINDING;
REVOKE ALL ON TABLE {system}.possible_entry FROM PUBLIC;

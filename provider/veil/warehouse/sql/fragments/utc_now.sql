-- utc_now(): the moment in UTC, as `moment`. GETDATE() is in the time zone that the caller set, and brought back; in the hour that
-- comes twice, when summer time ends, nobody knows which of two moments it means, and there is no row.
SELECT n.moment AS moment
FROM (
    SELECT
        CAST(c.clock AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS moment,
        CAST(c.clock - INTERVAL '1 hour' AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS earlier,
        CAST(c.clock + INTERVAL '1 hour' AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS later
    FROM (SELECT pg_catalog.GETDATE() AS clock) AS c
) AS n
WHERE DATEDIFF(second, n.earlier, n.moment) < 5400 AND DATEDIFF(second, n.moment, n.later) < 5400

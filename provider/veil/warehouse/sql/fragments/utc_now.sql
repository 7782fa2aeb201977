-- utc_now(): the moment in UTC, as `moment`. GETDATE() is in the time zone that the caller set, and brought back; in the hour that
-- comes twice, when summer time ends, nobody knows which of two moments it means, and there is no row. Nor is there one for who
-- gave their own zone the name UTC, where that is what AT TIME ZONE takes it to mean, now or at another time of the year: neither
-- this nor a column with a time zone could be brought to UTC. It is told to the second, should GETDATE() have a fraction of one.
SELECT n.moment AS moment
FROM (
    SELECT
        CAST(c.clock AS TIMESTAMPTZ) AS instant,
        CAST(c.clock AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS moment,
        CAST(c.clock - INTERVAL '1 hour' AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS earlier,
        CAST(c.clock + INTERVAL '1 hour' AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS later
    FROM (SELECT {clock} AS clock) AS c
) AS n
WHERE
    DATEDIFF(second, n.earlier, n.moment) < 5400 AND DATEDIFF(second, n.moment, n.later) < 5400
    AND n.instant >= CAST(pg_catalog.TO_CHAR(n.moment, 'YYYY-MM-DD HH24:MI:SS') || '+00' AS TIMESTAMPTZ)
    AND n.instant < CAST(
        pg_catalog.TO_CHAR(n.moment + INTERVAL '1 second', 'YYYY-MM-DD HH24:MI:SS') || '+00' AS TIMESTAMPTZ
    )
    AND TIMESTAMPTZ '2026-01-01 12:00:00+00' AT TIME ZONE 'UTC' = TIMESTAMP '2026-01-01 12:00:00'
    AND TIMESTAMPTZ '2026-07-01 12:00:00+00' AT TIME ZONE 'UTC' = TIMESTAMP '2026-07-01 12:00:00'

-- seconds_of(moment): the seconds since 1970 of a timestamp in UTC, as a text that no setting alters.
CAST(DATEDIFF(second, CAST('1970-01-01 00:00:00' AS TIMESTAMP), {{moment}}) AS VARCHAR(32))

-- requested_source(wanted, key): in a procedure about requests: waits for others about them, and puts into `key` the data source
-- that people call `wanted` and may ask for, and the moment into `at_utc`. Trailing blanks are not ignored.
{{not_as_another()}}
caller := SESSION_USER;
LOCK TABLE {system}.requester;
SELECT w.moment INTO at_utc
FROM (
    {{utc_now()}}
) AS w;
IF at_utc IS NULL THEN
    RAISE EXCEPTION 'veil: what is now cannot be told in the time zone of this session: SET timezone TO ''UTC''';
END IF;
SELECT pg_catalog.COUNT(DISTINCT a.source), pg_catalog.MAX(a.source) INTO found_rows, {{key}}
FROM {system}.approver AS a
WHERE
    (a.source || '|' = {{wanted}} || '|' OR a.shown || '|' = {{wanted}} || '|')
    AND a.kind = 'policy' AND a.name = 'approval';
IF found_rows <> 1 THEN
    RAISE EXCEPTION 'veil: there is nothing named % that access may be asked for', {{wanted}};
END IF;

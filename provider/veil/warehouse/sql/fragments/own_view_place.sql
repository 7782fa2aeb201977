-- own_view_place(): in a procedure that makes or drops views: refuses names that are none of ours and schemas that the
-- caller was not given; into `present` how many things stand there, and into `ours` how many of them are views that veil made.
IF named IS NULL OR named || '|' <> pg_catalog.BTRIM(named) || '|' OR named <> pg_catalog.LOWER(named)
    OR pg_catalog.OCTET_LENGTH(named) NOT BETWEEN 1 AND 127 OR pg_catalog.REGEXP_INSTR(named, '[[:cntrl:]]') > 0
THEN
    RAISE EXCEPTION 'veil: that is no name of a view';
END IF;
SELECT pg_catalog.COUNT(a.view_schema) INTO present
FROM (
    SELECT a.view_schema AS view_schema FROM {system}.applier AS a
    WHERE a.immuta__userid || '|' = CAST(SESSION_USER AS VARCHAR(256)) || '|'
    UNION ALL
    SELECT i.view_schema AS view_schema FROM {system}.integration AS i
    WHERE SESSION_USER = CURRENT_USER
) AS a
WHERE
    a.view_schema || '|' = in_schema || '|'
    AND a.view_schema NOT IN ({own_schemas});
IF present = 0 THEN
    RAISE EXCEPTION 'veil: % may have no views made in that schema', SESSION_USER;
END IF;
SELECT pg_catalog.COUNT(c.relname), pg_catalog.SUM(CASE WHEN c.relkind = 'v' AND o.usename = CURRENT_USER THEN 1 ELSE 0 END)
INTO present, ours
FROM pg_catalog.pg_class AS c
INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
INNER JOIN pg_catalog.pg_user AS o ON o.usesysid = c.relowner
WHERE n.nspname = in_schema AND c.relname = named;
IF present <> 0 AND ours <> 0 THEN
    SELECT pg_catalog.COUNT(m.view_name) INTO ours FROM {system}.made_view AS m
    WHERE m.view_schema || '|' = in_schema || '|' AND m.view_name || '|' = named || '|';
END IF;
IF present <> 0 AND ours = 0 THEN
    RAISE EXCEPTION 'veil: what stands there was not made by veil';
END IF;

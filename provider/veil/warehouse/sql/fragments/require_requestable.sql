-- require_requestable(user, source): in a procedure about requests: refuses where a user has no profile, is refused, or is
-- subscribed or approved already.
SELECT pg_catalog.COUNT(p.immuta__userid) INTO found_rows FROM {system}.profile AS p
WHERE p.immuta__userid || '|' = {{user}} || '|';
IF found_rows <> 1 THEN
    RAISE EXCEPTION 'veil: % has no profile', {{user}};
END IF;
SELECT pg_catalog.COUNT(x.source) INTO found_rows FROM {system}.request_end AS x
WHERE x.immuta__userid = {{user}} AND x.source = {{source}} AND x.refused <> 0
    AND (x.refused_until IS NULL OR x.refused_until > at_utc);
IF found_rows <> 0 THEN
    RAISE EXCEPTION 'veil: access of % to % was refused', {{user}}, {{source}};
END IF;
SELECT pg_catalog.COUNT(e.value) INTO found_rows FROM {system}.profile_entry AS e
WHERE
    e.immuta__userid = {{user}} AND e.kind = 'subscription' AND e.value = {{source}}
    AND (e.expires_at IS NULL OR e.expires_at > at_utc);
IF found_rows = 0 THEN
    SELECT pg_catalog.COUNT(a.source) INTO found_rows
    FROM (
        {{live_approvals()}}
    ) AS a
    WHERE
        a.immuta__userid = {{user}} AND a.source = {{source}}
        AND (a.expires_at IS NULL OR a.expires_at > at_utc);
END IF;
IF found_rows <> 0 THEN
    RAISE EXCEPTION 'veil: % has access to % already', {{user}}, {{source}};
END IF;

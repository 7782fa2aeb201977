-- For everybody with a profile: asks for access to a data source, by the name of its view or its table, and says why. Touches the
-- caller's request only.
CREATE OR REPLACE PROCEDURE {procedures}.request_access(wanted VARCHAR(65535), words VARCHAR(65535)) AS $$
DECLARE
    caller VARCHAR(256);
    asked_for VARCHAR(1024);
    at_utc TIMESTAMP;
    found_rows INTEGER;
    mark VARCHAR(64);
BEGIN
    {{requested_source(wanted, asked_for)}}
    IF words IS NULL OR pg_catalog.BTRIM(words) = '' OR pg_catalog.OCTET_LENGTH(words) > 1000
        OR pg_catalog.REGEXP_INSTR(words, '[[:cntrl:]]') > 0
    THEN
        RAISE EXCEPTION 'veil: a request needs a reason of at most 1000 bytes, without control characters such as line breaks';
    END IF;
    {{require_requestable(caller, asked_for)}}
    -- Times are told to the second: what is asked for in the second of its end would be over as soon as it is asked for.
    SELECT pg_catalog.COUNT(x.source) INTO found_rows FROM {system}.request_end AS x
    WHERE x.immuta__userid = caller AND x.source = asked_for AND x.ended_at >= at_utc;
    IF found_rows <> 0 THEN
        RAISE EXCEPTION 'veil: access of % to % was ended this very second: ask again in a moment', caller, asked_for;
    END IF;
    {{open_requests(caller, asked_for)}}
    IF found_rows <> 0 THEN
        RAISE EXCEPTION 'veil: % has asked for % already: withdraw_request takes that back', caller, asked_for;
    END IF;
    SELECT
        {{request_seal(pg_catalog.MAX(s.salt), caller, asked_for, words, at_utc)}}
    INTO mark
    FROM {system}.salt AS s
    WHERE s.name = 'seal';
    IF mark IS NULL THEN
        RAISE EXCEPTION 'veil: the integration has to be repaired before access is asked for';
    END IF;
    DELETE FROM {system}.access_request WHERE immuta__userid = caller AND source = asked_for;
    INSERT INTO {system}.access_request (immuta__userid, source, reason, requested_at, seal)
    VALUES (caller, asked_for, words, at_utc, mark);
END;
$$ {{as_its_owner()}};
REVOKE ALL ON PROCEDURE {procedures}.request_access(VARCHAR, VARCHAR) FROM PUBLIC;
GRANT EXECUTE ON PROCEDURE {procedures}.request_access(VARCHAR, VARCHAR) TO PUBLIC;

-- For approvers: admits a user who asked for a data source, until as long after as the policies let approvals last. Every policy
-- that admits by name alone has to name the caller, or a group that the caller is in now; nobody approves for themselves.
CREATE OR REPLACE PROCEDURE {procedures}.approve_request(wanted VARCHAR(65535), asker VARCHAR(65535)) AS $$
DECLARE
    caller VARCHAR(256);
    asked_for VARCHAR(1024);
    at_utc TIMESTAMP;
    ends TIMESTAMP;
    found_rows INTEGER;
    lasting INTEGER;
    mark VARCHAR(64);
BEGIN
    {{requested_source(wanted, asked_for)}}
    IF asker IS NULL OR asker = caller THEN
        RAISE EXCEPTION 'veil: nobody approves their own request';
    END IF;
    SELECT pg_catalog.COUNT(*), pg_catalog.MIN(p.seconds) INTO found_rows, lasting
    FROM {system}.approver AS p
    LEFT JOIN (
        SELECT DISTINCT a.policy AS policy
        FROM {system}.approver AS a
        LEFT JOIN {system}.profile_entry AS e
            ON e.immuta__userid = caller AND e.immuta__userid || '|' = caller || '|' AND e.kind = 'group'
            AND e.value = a.name AND (e.expires_at IS NULL OR e.expires_at > at_utc)
        WHERE
            a.source = asked_for
            AND (
                (a.kind = 'user' AND a.name || '|' = caller || '|')
                OR (a.kind = 'group' AND e.value IS NOT NULL)
            )
    ) AS mine ON mine.policy = p.policy
    WHERE p.source = asked_for AND p.kind = 'policy'
    HAVING pg_catalog.COUNT(*) = pg_catalog.COUNT(mine.policy);
    IF found_rows IS NULL OR found_rows = 0 THEN
        RAISE EXCEPTION 'veil: % may not approve requests for %', caller, asked_for;
    END IF;
    {{open_requests(asker, asked_for)}}
    IF found_rows = 0 THEN
        RAISE EXCEPTION 'veil: % has no open request for %', asker, asked_for;
    END IF;
    {{require_requestable(asker, asked_for)}}
    ends := CASE WHEN lasting IS NOT NULL THEN DATEADD(second, lasting, at_utc) END;
    SELECT
        {{approval_seal(pg_catalog.MAX(s.salt), asker, asked_for, caller, at_utc, ends)}}
    INTO mark
    FROM {system}.salt AS s
    WHERE s.name = 'seal';
    IF mark IS NULL THEN
        RAISE EXCEPTION 'veil: the integration has to be repaired before requests are approved';
    END IF;
    DELETE FROM {system}.access_request WHERE immuta__userid = asker AND source = asked_for;
    DELETE FROM {system}.approval WHERE immuta__userid = asker AND source = asked_for;
    INSERT INTO {system}.approval (immuta__userid, source, approver, approved_at, expires_at, seal)
    VALUES (asker, asked_for, caller, at_utc, ends, mark);
END;
$$ {{as_its_owner()}};
REVOKE ALL ON PROCEDURE {procedures}.approve_request(VARCHAR, VARCHAR) FROM PUBLIC;
GRANT EXECUTE ON PROCEDURE {procedures}.approve_request(VARCHAR, VARCHAR) TO PUBLIC;

-- Removes what users asked for, or were approved for, once an apply has ended it, so that it is over whatever becomes of the rows
-- that say so. It waits for users who ask or approve, and takes no lock of writers: an apply calls it when all else is committed.
CREATE OR REPLACE PROCEDURE {procedures}.forget_requests() AS $$
BEGIN
    {{for_appliers()}}
    LOCK TABLE {system}.requester;
    DELETE FROM {system}.access_request
    USING {system}.request_end AS x
    WHERE
        x.immuta__userid = access_request.immuta__userid AND x.source = access_request.source
        AND x.ended_at >= access_request.requested_at;
    DELETE FROM {system}.approval
    USING {system}.request_end AS x
    WHERE x.immuta__userid = approval.immuta__userid AND x.source = approval.source AND x.ended_at >= approval.approved_at;
END;
$$ {{as_its_owner()}};
REVOKE ALL ON PROCEDURE {procedures}.forget_requests() FROM PUBLIC;

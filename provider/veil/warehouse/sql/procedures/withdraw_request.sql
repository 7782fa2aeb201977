-- For everybody: takes back what the caller asked for. Touches the caller's request only.
CREATE OR REPLACE PROCEDURE {procedures}.withdraw_request(wanted VARCHAR(65535)) AS $$
DECLARE
    caller VARCHAR(256);
    asked_for VARCHAR(1024);
    at_utc TIMESTAMP;
    found_rows INTEGER;
BEGIN
    {{requested_source(wanted, asked_for)}}
    {{open_requests(caller, asked_for)}}
    IF found_rows = 0 THEN
        RAISE EXCEPTION 'veil: % has no open request for %', caller, asked_for;
    END IF;
    DELETE FROM {system}.access_request WHERE immuta__userid = caller AND source = asked_for;
END;
$$ {{as_its_owner()}};
REVOKE ALL ON PROCEDURE {procedures}.withdraw_request(VARCHAR) FROM PUBLIC;
GRANT EXECUTE ON PROCEDURE {procedures}.withdraw_request(VARCHAR) TO PUBLIC;

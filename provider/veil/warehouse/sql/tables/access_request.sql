-- Who asks for which data source, and why. Users write it themselves, with request_access, which seals the row; applies never
-- do, so that nobody who asks holds one up. A request that is older than its row in request_end is over. No view reads it.
CREATE TABLE IF NOT EXISTS {system}.access_request (
    immuta__userid VARCHAR(256) NOT NULL,
    source VARCHAR(1024) NOT NULL,
    reason VARCHAR(1024) NOT NULL,
    requested_at TIMESTAMP NOT NULL,
    seal VARCHAR(64)
);
REVOKE ALL ON TABLE {system}.access_request FROM PUBLIC;

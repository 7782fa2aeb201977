-- The texts that users agreed to, by their hashes. Users add to it themselves, with acknowledge_purpose,
-- which seals the row: one without that seal counts for nothing.
CREATE TABLE IF NOT EXISTS {system}.acknowledgement (
    immuta__userid VARCHAR(256) NOT NULL,
    purpose VARCHAR(1024) NOT NULL,
    text_hash VARCHAR(64) NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    seal VARCHAR(64)
);
REVOKE ALL ON TABLE {system}.acknowledgement FROM PUBLIC;

-- When an apply ended what a user had asked for or been approved for: what is no younger is over. `refused` is 1 where
-- nothing may be asked for, or approved, again: until refused_until, or without an end. Only applies write it.
CREATE TABLE IF NOT EXISTS {system}.request_end (
    immuta__userid VARCHAR(256) NOT NULL,
    source VARCHAR(1024) NOT NULL,
    refused INTEGER NOT NULL,
    refused_until TIMESTAMP,
    ended_at TIMESTAMP NOT NULL
);
REVOKE ALL ON TABLE {system}.request_end FROM PUBLIC;

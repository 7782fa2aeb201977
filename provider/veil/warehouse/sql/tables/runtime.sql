-- The project that a user acts in. Users change it themselves, with switch_project, which seals the row: one
-- without that seal counts for nothing.
CREATE TABLE IF NOT EXISTS {system}.runtime (
    immuta__userid VARCHAR(256) NOT NULL,
    current_project VARCHAR(1024),
    updated_at TIMESTAMP NOT NULL,
    seal VARCHAR(64)
);
REVOKE ALL ON TABLE {system}.runtime FROM PUBLIC;

-- One row for each user, for people to read; valid_tables are those that the user is subscribed to by name.
CREATE TABLE IF NOT EXISTS {system}.profile (
    immuta__userid VARCHAR(256) NOT NULL,
    groups SUPER,
    attributes SUPER,
    projects SUPER,
    valid_tables SUPER,
    updated_at TIMESTAMP NOT NULL
);
REVOKE ALL ON TABLE {system}.profile FROM PUBLIC;

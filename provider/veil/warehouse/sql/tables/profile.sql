-- One row for each user, for people to read. `valid_tables` are the data sources that the user could query, in any project or in
-- none, as of `updated_at`: by name, by policy or by project. What ends afterwards without an apply, as a subscription does, stays
-- listed until the next one. NULL where the list is longer than a text. Nothing decides by it.
CREATE TABLE IF NOT EXISTS {system}.profile (
    immuta__userid VARCHAR(256) NOT NULL,
    groups SUPER,
    attributes SUPER,
    projects SUPER,
    valid_tables SUPER,
    updated_at TIMESTAMP NOT NULL
);
REVOKE ALL ON TABLE {system}.profile FROM PUBLIC;

-- What all members of an equalized project hold, one row for each such project, for people to read: what the view
-- user_profile shows them in place of their own rows.
CREATE TABLE IF NOT EXISTS {system}.project_profile (
    project VARCHAR(1024) NOT NULL,
    groups SUPER,
    attributes SUPER,
    projects SUPER,
    valid_tables SUPER,
    updated_at TIMESTAMP NOT NULL
);
REVOKE ALL ON TABLE {system}.project_profile FROM PUBLIC;

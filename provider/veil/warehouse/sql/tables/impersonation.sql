-- Who may act as whom. Counts only for members of the impersonation group, and only where there is one.
CREATE TABLE IF NOT EXISTS {system}.impersonation (
    immuta__userid VARCHAR(256) NOT NULL,
    as_user VARCHAR(256) NOT NULL
);
REVOKE ALL ON TABLE {system}.impersonation FROM PUBLIC;

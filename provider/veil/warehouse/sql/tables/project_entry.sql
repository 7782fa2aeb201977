-- What the members of equalized projects share. The kinds are described at veil.warehouse.rows.ProjectEntryRow.
CREATE TABLE IF NOT EXISTS {system}.project_entry (
    project VARCHAR(1024) NOT NULL,
    kind VARCHAR(64) NOT NULL,
    name VARCHAR(1024) NOT NULL,
    value VARCHAR(1024) NOT NULL,
    strength INTEGER NOT NULL,
    expires_at TIMESTAMP
) COMPOUND SORTKEY (project, kind);
REVOKE ALL ON TABLE {system}.project_entry FROM PUBLIC;

-- The same, flat, for views to read. The kinds are described at veil.warehouse.rows.EntryRow.
CREATE TABLE IF NOT EXISTS {system}.profile_entry (
    immuta__userid VARCHAR(256) NOT NULL,
    kind VARCHAR(64) NOT NULL,
    name VARCHAR(1024) NOT NULL,
    value VARCHAR(1024) NOT NULL,
    expires_at TIMESTAMP
) COMPOUND SORTKEY (immuta__userid, kind);
REVOKE ALL ON TABLE {system}.profile_entry FROM PUBLIC;

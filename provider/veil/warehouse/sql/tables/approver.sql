-- Who may approve requests. The kinds are described at veil.warehouse.rows.ApproverRow.
CREATE TABLE IF NOT EXISTS {system}.approver (
    source VARCHAR(1024) NOT NULL,
    shown VARCHAR(1024) NOT NULL,
    policy VARCHAR(1024) NOT NULL,
    kind VARCHAR(64) NOT NULL,
    name VARCHAR(1024) NOT NULL,
    seconds INTEGER
);
REVOKE ALL ON TABLE {system}.approver FROM PUBLIC;

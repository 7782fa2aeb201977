-- What approvers agreed to with approve_request, which seals the row: one without that seal admits nobody, nor does one that is
-- no younger than its row in request_end. Views read it. Applies never write it, or an approver's open transaction would hold them up.
CREATE TABLE IF NOT EXISTS {system}.approval (
    immuta__userid VARCHAR(256) NOT NULL,
    source VARCHAR(1024) NOT NULL,
    approver VARCHAR(256) NOT NULL,
    approved_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP,
    seal VARCHAR(64)
);
REVOKE ALL ON TABLE {system}.approval FROM PUBLIC;

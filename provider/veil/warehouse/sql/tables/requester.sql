-- Always empty and never read: whoever asks for access, approves or withdraws locks it, and so waits for others who do and for
-- nobody else. Applies do not touch it.
CREATE TABLE IF NOT EXISTS {system}.requester (
    nothing INTEGER
);
REVOKE ALL ON TABLE {system}.requester FROM PUBLIC;

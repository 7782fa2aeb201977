-- One row. Every transaction that writes moves it on, and leaves its token there.
CREATE TABLE IF NOT EXISTS {system}.revision (
    revision BIGINT NOT NULL,
    token VARCHAR(64) NOT NULL
);
REVOKE ALL ON TABLE {system}.revision FROM PUBLIC;
INSERT INTO {system}.revision
SELECT 0, '' FROM (SELECT COUNT(*) AS revisions FROM {system}.revision) AS present WHERE present.revisions = 0;

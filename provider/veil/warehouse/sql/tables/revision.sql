-- One row. Every transaction that writes moves it on, and leaves its token there; the seal tells that it did so by our
-- procedure.
CREATE TABLE IF NOT EXISTS {system}.revision (
    revision BIGINT NOT NULL,
    token VARCHAR(64) NOT NULL,
    seal VARCHAR(64)
);
REVOKE ALL ON TABLE {system}.revision FROM PUBLIC;
INSERT INTO {system}.revision (revision, token, seal)
SELECT 0, '', pg_catalog.LOWER(pg_catalog.SHA2('0' || pg_catalog.CHR(31), 256))
FROM (SELECT pg_catalog.COUNT(r.revision) AS revisions FROM {system}.revision AS r) AS present
WHERE present.revisions = 0;

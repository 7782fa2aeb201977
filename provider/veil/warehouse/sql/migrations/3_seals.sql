-- Salts are known by their digests, and rows that users cause carry a seal; those that are there first.
DELETE FROM {system}.salt WHERE name = 'seal';
CREATE TABLE IF NOT EXISTS {system}.salt_digest (
    name VARCHAR(1024) NOT NULL,
    digest VARCHAR(64) NOT NULL
);
REVOKE ALL ON TABLE {system}.salt_digest FROM PUBLIC;
INSERT INTO {system}.salt (name, salt)
SELECT
    'seal',
    pg_catalog.SHA2(
        {seed} || CAST(pg_catalog.RANDOM() AS VARCHAR(64)) || CAST(pg_catalog.RANDOM() AS VARCHAR(64))
        || CAST(pg_catalog.GETDATE() AS VARCHAR(64)),
        256
    )
FROM (SELECT pg_catalog.COUNT(*) AS salts FROM {system}.salt AS s WHERE s.name = 'seal') AS present
WHERE present.salts = 0;
INSERT INTO {system}.salt_digest (name, digest)
SELECT s.name, pg_catalog.SHA2('salt' || pg_catalog.CHR(31) || s.name || pg_catalog.CHR(31) || s.salt, 256)
FROM {system}.salt AS s;
ALTER TABLE {system}.runtime ADD COLUMN seal VARCHAR(64);
UPDATE {system}.runtime
SET
    seal = pg_catalog.SHA2(
        (SELECT pg_catalog.MAX(s.salt) FROM {system}.salt AS s WHERE s.name = 'seal')
        || pg_catalog.SHA2(
            'runtime' || pg_catalog.CHR(31) || immuta__userid || pg_catalog.CHR(31) || COALESCE(current_project, ''),
            256
        ),
        256
    );
ALTER TABLE {system}.acknowledgement ADD COLUMN seal VARCHAR(64);
UPDATE {system}.acknowledgement
SET
    seal = pg_catalog.SHA2(
        (SELECT pg_catalog.MAX(s.salt) FROM {system}.salt AS s WHERE s.name = 'seal')
        || pg_catalog.SHA2(
            'acknowledgement' || pg_catalog.CHR(31) || immuta__userid || pg_catalog.CHR(31) || purpose
            || pg_catalog.CHR(31) || text_hash,
            256
        ),
        256
    );

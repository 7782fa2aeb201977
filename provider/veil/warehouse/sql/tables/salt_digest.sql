-- By what the salts that our procedure made are known: a salt that is not here, or reads otherwise, is not ours. The one
-- named `seal` is no data source's: users' own rows carry a seal that only who knows it can make.
CREATE TABLE IF NOT EXISTS {system}.salt_digest (
    name VARCHAR(1024) NOT NULL,
    digest VARCHAR(64) NOT NULL
);
REVOKE ALL ON TABLE {system}.salt_digest FROM PUBLIC;
DELETE FROM {system}.salt
WHERE
    name = 'seal'
    AND name NOT IN (
        {{own_salts(s.name = 'seal')}}
    );
DELETE FROM {system}.salt_digest
WHERE name = 'seal' AND name NOT IN (SELECT s.name FROM {system}.salt AS s WHERE s.name = 'seal');
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
SELECT s.name, {{salt_digest(s)}}
FROM {system}.salt AS s
WHERE s.name = 'seal' AND s.name NOT IN (SELECT d.name FROM {system}.salt_digest AS d WHERE d.name = 'seal');

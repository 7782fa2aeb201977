-- Makes salts for data sources that have none of ours: one that its digest does not know goes first. Seeds are in the
-- query log, so what is stored is mixed here.
CREATE OR REPLACE PROCEDURE {procedures}.create_salts(batch VARCHAR(65535)) AS $$
BEGIN
    {{for_system_account()}}
    {{take_batch()}}
    DELETE FROM {system}.salt
    WHERE
        name IN ({{incoming(key)}})
        AND name NOT IN (
            {{own_salts(s.name IS NOT NULL)}}
        );
    DELETE FROM {system}.salt_digest
    WHERE
        name IN ({{incoming(key)}})
        AND name NOT IN (SELECT s.name FROM {system}.salt AS s WHERE s.name IS NOT NULL);
    -- RANDOM() may not stand beside an unnest: the seeds go in first, marked by a length that no salt has.
    INSERT INTO {system}.salt (name, salt)
    SELECT o.key::VARCHAR(65535), pg_catalog.SHA2(o.seed::VARCHAR(65535), 224)
    FROM {system}.incoming AS pg_batch, pg_batch.items AS o
    WHERE o.key::VARCHAR(65535) NOT IN (SELECT s.name FROM {system}.salt AS s WHERE s.name IS NOT NULL);
    UPDATE {system}.salt
    SET
        salt = pg_catalog.SHA2(
            salt || pg_catalog.RANDOM()::VARCHAR(64) || pg_catalog.RANDOM()::VARCHAR(64)
            || pg_catalog.GETDATE()::VARCHAR(64),
            256
        )
    WHERE pg_catalog.LEN(salt) = 56;
    INSERT INTO {system}.salt_digest (name, digest)
    SELECT s.name, {{salt_digest(s)}}
    FROM {system}.salt AS s
    WHERE
        s.name IN ({{incoming(key)}})
        AND s.name NOT IN (SELECT d.name FROM {system}.salt_digest AS d WHERE d.name IS NOT NULL);
    DELETE FROM {system}.incoming;
END;
$$ {{as_its_owner()}};
REVOKE ALL ON PROCEDURE {procedures}.create_salts(VARCHAR) FROM PUBLIC;

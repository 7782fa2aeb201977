-- Makes salts for data sources that have none. Seeds are in the query log, so what is stored is mixed here.
CREATE OR REPLACE PROCEDURE {procedures}.create_salts(batch VARCHAR(65535)) AS $$
BEGIN
    IF SESSION_USER <> CURRENT_USER THEN
        RAISE EXCEPTION 'veil: only the system account may call this procedure';
    END IF;
    LOCK TABLE {system}.writer;
    DELETE FROM {system}.incoming;
    INSERT INTO {system}.incoming (items) SELECT pg_catalog.JSON_PARSE(batch);
    -- RANDOM() may not stand beside an unnest: the seeds go in first, marked by a length that no salt has.
    INSERT INTO {system}.salt (name, salt)
    SELECT o.key::VARCHAR(65535), pg_catalog.SHA2(o.seed::VARCHAR(65535), 224)
    FROM {system}.incoming AS pg_batch, pg_batch.items AS o
    WHERE o.key::VARCHAR(65535) NOT IN (SELECT s.name FROM {system}.salt AS s);
    UPDATE {system}.salt
    SET
        salt = pg_catalog.SHA2(
            salt || pg_catalog.RANDOM()::VARCHAR(64) || pg_catalog.RANDOM()::VARCHAR(64)
            || pg_catalog.GETDATE()::VARCHAR(64),
            256
        )
    WHERE pg_catalog.LEN(salt) = 56;
    DELETE FROM {system}.incoming;
END;
$$ LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog, pg_temp;
REVOKE ALL ON PROCEDURE {procedures}.create_salts(VARCHAR) FROM PUBLIC;

-- Makes salts for data sources that have none. Seeds are in the query log, so what is stored is mixed here.
CREATE OR REPLACE PROCEDURE {procedures}.create_salts(batch VARCHAR(65535)) AS $$
BEGIN
    IF SESSION_USER <> CURRENT_USER THEN
        RAISE EXCEPTION 'veil: only the system account may call this procedure';
    END IF;
    LOCK TABLE {system}.writer;
    DELETE FROM {system}.incoming;
    INSERT INTO {system}.incoming (items) SELECT JSON_PARSE(batch);
    -- RANDOM() may not stand beside an unnest: the seeds go in first, marked by a length that no salt has.
    INSERT INTO {system}.salt (name, salt)
    SELECT o.key::VARCHAR(65535), SHA2(o.seed::VARCHAR(65535), 224)
    FROM {system}.incoming AS x, x.items AS o
    WHERE o.key::VARCHAR(65535) NOT IN (SELECT s.name FROM {system}.salt AS s);
    UPDATE {system}.salt
    SET salt = SHA2(salt || RANDOM()::VARCHAR(64) || RANDOM()::VARCHAR(64) || GETDATE()::VARCHAR(64), 256)
    WHERE LEN(salt) = 56;
    DELETE FROM {system}.incoming;
END;
$$ LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog;
REVOKE ALL ON PROCEDURE {procedures}.create_salts(VARCHAR) FROM PUBLIC;

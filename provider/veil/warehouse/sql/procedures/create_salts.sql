-- Makes salts for data sources that have none. Seeds are in the query log, so what is stored is mixed here.
CREATE OR REPLACE PROCEDURE {procedures}.create_salts(batch VARCHAR(65535)) AS $$
BEGIN
    IF SESSION_USER <> CURRENT_USER THEN
        RAISE EXCEPTION 'veil: only the system account may call this procedure';
    END IF;
    LOCK TABLE {system}.writer;
    INSERT INTO {system}.salt (name, salt)
    SELECT
        o.key::VARCHAR(65535),
        SHA2(o.seed::VARCHAR(65535) || RANDOM()::VARCHAR(64) || RANDOM()::VARCHAR(64) || GETDATE()::VARCHAR(64), 256)
    FROM (SELECT JSON_PARSE(batch) AS items) AS x, x.items AS o
    WHERE o.key::VARCHAR(65535) NOT IN (SELECT s.name FROM {system}.salt AS s);
END;
$$ LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog;
REVOKE ALL ON PROCEDURE {procedures}.create_salts(VARCHAR) FROM PUBLIC;

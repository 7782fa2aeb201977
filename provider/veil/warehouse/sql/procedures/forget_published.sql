-- Forgets the views of data sources.
CREATE OR REPLACE PROCEDURE {procedures}.forget_published(batch VARCHAR(65535)) AS $$
BEGIN
    IF SESSION_USER <> CURRENT_USER THEN
        RAISE EXCEPTION 'veil: only the system account may call this procedure';
    END IF;
    LOCK TABLE {system}.writer;
    DELETE FROM {system}.incoming;
    INSERT INTO {system}.incoming (items) SELECT pg_catalog.JSON_PARSE(batch);
    DELETE FROM {system}.published
    WHERE name IN (SELECT o.key::VARCHAR(65535) FROM {system}.incoming AS pg_batch, pg_batch.items AS o);
    DELETE FROM {system}.incoming;
END;
$$ LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog, pg_temp;
REVOKE ALL ON PROCEDURE {procedures}.forget_published(VARCHAR) FROM PUBLIC;

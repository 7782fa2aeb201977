-- Records which views stand for data sources.
CREATE OR REPLACE PROCEDURE {procedures}.record_published(batch VARCHAR(65535)) AS $$
BEGIN
    IF SESSION_USER <> CURRENT_USER THEN
        RAISE EXCEPTION 'veil: only the system account may call this procedure';
    END IF;
    LOCK TABLE {system}.writer;
    DELETE FROM {system}.incoming;
    INSERT INTO {system}.incoming (items) SELECT pg_catalog.JSON_PARSE(batch);
    DELETE FROM {system}.published
    WHERE name IN (SELECT o.key::VARCHAR(65535) FROM {system}.incoming AS pg_batch, pg_batch.items AS o);
    INSERT INTO {system}.published
        (name, view_schema, view_name, text_hash, compiled_hash, compiler_version, updated_at)
    SELECT
        o.key::VARCHAR(65535),
        o.view_schema::VARCHAR(65535),
        o.view_name::VARCHAR(65535),
        o.text_hash::VARCHAR(65535),
        o.compiled_hash::VARCHAR(65535),
        o.compiler_version::INTEGER,
        pg_catalog.GETDATE()
    FROM {system}.incoming AS pg_batch, pg_batch.items AS o;
    DELETE FROM {system}.incoming;
END;
$$ LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog, pg_temp;
REVOKE ALL ON PROCEDURE {procedures}.record_published(VARCHAR) FROM PUBLIC;

-- Records which views stand for data sources.
CREATE OR REPLACE PROCEDURE {procedures}.record_published(batch VARCHAR(65535)) AS $$
BEGIN
    {{for_system_account()}}
    {{take_batch()}}
    DELETE FROM {system}.published
    WHERE name IN ({{incoming(key)}});
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
$$ {{as_its_owner()}};
REVOKE ALL ON PROCEDURE {procedures}.record_published(VARCHAR) FROM PUBLIC;

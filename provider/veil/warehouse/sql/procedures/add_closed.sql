-- Closes data sources: their views show no rows from here on.
CREATE OR REPLACE PROCEDURE {procedures}.add_closed(batch VARCHAR(65535)) AS $$
BEGIN
    {{for_system_account()}}
    {{take_batch()}}
    INSERT INTO {system}.closed (source, kind, name, id, updated_at)
    SELECT
        o.source::VARCHAR(65535),
        o.kind::VARCHAR(65535),
        o.name::VARCHAR(65535),
        o.id::VARCHAR(65535),
        pg_catalog.GETDATE()
    FROM {system}.incoming AS pg_batch, pg_batch.items AS o;
    DELETE FROM {system}.incoming;
END;
$$ {{as_its_owner()}};
REVOKE ALL ON PROCEDURE {procedures}.add_closed(VARCHAR) FROM PUBLIC;

-- Takes back what closes data sources.
CREATE OR REPLACE PROCEDURE {procedures}.delete_closed(batch VARCHAR(65535)) AS $$
BEGIN
    {{for_system_account()}}
    {{take_batch()}}
    DELETE FROM {system}.closed
    WHERE source || pg_catalog.CHR(31) || id || pg_catalog.CHR(31) IN (
        SELECT o.source::VARCHAR(65535) || pg_catalog.CHR(31) || o.id::VARCHAR(65535) || pg_catalog.CHR(31)
        FROM {system}.incoming AS pg_batch, pg_batch.items AS o
    );
    DELETE FROM {system}.incoming;
END;
$$ {{as_its_owner()}};
REVOKE ALL ON PROCEDURE {procedures}.delete_closed(VARCHAR) FROM PUBLIC;

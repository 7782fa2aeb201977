-- Removes objects, each only where the id is still the given one.
CREATE OR REPLACE PROCEDURE {procedures}.delete_objects(batch VARCHAR(65535)) AS $$
BEGIN
    {{for_system_account()}}
    {{take_batch()}}
    DELETE FROM {system}.object
    WHERE kind || pg_catalog.CHR(31) || id || pg_catalog.CHR(31) || name || pg_catalog.CHR(31) IN (
        SELECT
            o.kind::VARCHAR(65535) || pg_catalog.CHR(31) || o.id::VARCHAR(65535) || pg_catalog.CHR(31)
            || o.name::VARCHAR(65535) || pg_catalog.CHR(31)
        FROM {system}.incoming AS pg_batch, pg_batch.items AS o
    );
    DELETE FROM {system}.ledger
    WHERE kind || pg_catalog.CHR(31) || id || pg_catalog.CHR(31) || name || pg_catalog.CHR(31) IN (
        SELECT o.kind::VARCHAR(65535) || pg_catalog.CHR(31) || o.id::VARCHAR(65535) || pg_catalog.CHR(31) || o.name::VARCHAR(65535) || pg_catalog.CHR(31)
        FROM {system}.incoming AS pg_batch, pg_batch.items AS o
    );
    DELETE FROM {system}.incoming;
END;
$$ {{as_its_owner()}};
REVOKE ALL ON PROCEDURE {procedures}.delete_objects(VARCHAR) FROM PUBLIC;

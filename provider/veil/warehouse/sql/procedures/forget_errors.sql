-- Forgets what became of earlier changes of objects that were changed since.
CREATE OR REPLACE PROCEDURE {procedures}.forget_errors(batch VARCHAR(65535)) AS $$
BEGIN
    {{for_system_account()}}
    {{take_batch()}}
    DELETE FROM {system}.last_error
    WHERE kind || pg_catalog.CHR(31) || name || pg_catalog.CHR(31) IN (
        SELECT o.kind::VARCHAR(65535) || pg_catalog.CHR(31) || o.name::VARCHAR(65535) || pg_catalog.CHR(31)
        FROM {system}.incoming AS pg_batch, pg_batch.items AS o
    );
    DELETE FROM {system}.incoming;
END;
$$ {{as_its_owner()}};
REVOKE ALL ON PROCEDURE {procedures}.forget_errors(VARCHAR) FROM PUBLIC;

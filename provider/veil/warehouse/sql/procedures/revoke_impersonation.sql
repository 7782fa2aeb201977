-- Ends that users may act as others.
CREATE OR REPLACE PROCEDURE {procedures}.revoke_impersonation(batch VARCHAR(65535)) AS $$
BEGIN
    {{for_system_account()}}
    {{take_batch()}}
    DELETE FROM {system}.impersonation
    WHERE immuta__userid || pg_catalog.CHR(31) || as_user || pg_catalog.CHR(31) IN (
        SELECT o.userid::VARCHAR(65535) || pg_catalog.CHR(31) || o.target::VARCHAR(65535) || pg_catalog.CHR(31)
        FROM {system}.incoming AS pg_batch, pg_batch.items AS o
    );
    DELETE FROM {system}.incoming;
END;
$$ {{as_its_owner()}};
REVOKE ALL ON PROCEDURE {procedures}.revoke_impersonation(VARCHAR) FROM PUBLIC;

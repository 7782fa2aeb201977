-- Records what became of a change that failed, in the place of what was recorded of the same object. It takes no lock of writers: what
-- it tells must not wait for what it tells of.
CREATE OR REPLACE PROCEDURE {procedures}.record_error(of_kind VARCHAR(64), of_name VARCHAR(2048), what VARCHAR(64), words VARCHAR(1024)) AS $$
BEGIN
    {{for_appliers()}}
    DELETE FROM {system}.last_error
    WHERE kind || pg_catalog.CHR(31) || name || pg_catalog.CHR(31) = of_kind || pg_catalog.CHR(31) || of_name || pg_catalog.CHR(31);
    INSERT INTO {system}.last_error (kind, name, status, error, happened_at)
    VALUES (of_kind, of_name, what, words, pg_catalog.GETDATE());
END;
$$ {{as_its_owner()}};
REVOKE ALL ON PROCEDURE {procedures}.record_error(VARCHAR, VARCHAR, VARCHAR, VARCHAR) FROM PUBLIC;

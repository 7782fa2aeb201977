-- Ends what users asked for, or were approved for, until now; where it is `refused`, what they ask for later as well.
CREATE OR REPLACE PROCEDURE {procedures}.end_requests(batch VARCHAR(65535)) AS $$
BEGIN
    {{for_system_account()}}
    {{take_batch()}}
    DELETE FROM {system}.request_end
    WHERE immuta__userid || pg_catalog.CHR(31) || source || pg_catalog.CHR(31) IN (
        SELECT o.userid::VARCHAR(65535) || pg_catalog.CHR(31) || o.source::VARCHAR(65535) || pg_catalog.CHR(31)
        FROM {system}.incoming AS pg_batch, pg_batch.items AS o
    );
    INSERT INTO {system}.request_end (immuta__userid, source, refused, refused_until, ended_at)
    SELECT
        o.userid::VARCHAR(65535),
        o.source::VARCHAR(65535),
        o.refused::INTEGER,
        CAST(o.until::VARCHAR(65535) AS TIMESTAMP),
        pg_catalog.GETDATE()
    FROM {system}.incoming AS pg_batch, pg_batch.items AS o;
    DELETE FROM {system}.incoming;
END;
$$ {{as_its_owner()}};
REVOKE ALL ON PROCEDURE {procedures}.end_requests(VARCHAR) FROM PUBLIC;

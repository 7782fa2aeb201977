-- Adds what the members of equalized projects share.
CREATE OR REPLACE PROCEDURE {procedures}.add_project_entries(batch VARCHAR(65535)) AS $$
BEGIN
    {{for_system_account()}}
    {{take_batch()}}
    INSERT INTO {system}.project_entry (project, kind, name, value, strength, expires_at)
    SELECT
        o.project::VARCHAR(65535),
        o.kind::VARCHAR(65535),
        o.name::VARCHAR(65535),
        o.item::VARCHAR(65535),
        o.strength::INTEGER,
        CAST(o.expires::VARCHAR(65535) AS TIMESTAMP)
    FROM {system}.incoming AS pg_batch, pg_batch.items AS o;
    DELETE FROM {system}.incoming;
END;
$$ {{as_its_owner()}};
REVOKE ALL ON PROCEDURE {procedures}.add_project_entries(VARCHAR) FROM PUBLIC;

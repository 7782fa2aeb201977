-- Adds facts about users.
CREATE OR REPLACE PROCEDURE {procedures}.add_entries(batch VARCHAR(65535)) AS $$
BEGIN
    {{for_system_account()}}
    {{take_batch()}}
    INSERT INTO {system}.profile_entry (immuta__userid, kind, name, value, expires_at)
    SELECT
        o.userid::VARCHAR(65535),
        o.kind::VARCHAR(65535),
        o.name::VARCHAR(65535),
        o.item::VARCHAR(65535),
        CAST(o.expires::VARCHAR(65535) AS TIMESTAMP)
    FROM {system}.incoming AS pg_batch, pg_batch.items AS o;
    DELETE FROM {system}.incoming;
END;
$$ {{as_its_owner()}};
REVOKE ALL ON PROCEDURE {procedures}.add_entries(VARCHAR) FROM PUBLIC;

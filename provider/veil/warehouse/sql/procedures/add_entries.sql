-- Adds facts about users.
CREATE OR REPLACE PROCEDURE {procedures}.add_entries(batch VARCHAR(65535)) AS $$
BEGIN
    IF SESSION_USER <> CURRENT_USER THEN
        RAISE EXCEPTION 'veil: only the system account may call this procedure';
    END IF;
    LOCK TABLE {system}.writer;
    DELETE FROM {system}.incoming;
    INSERT INTO {system}.incoming (items) SELECT pg_catalog.JSON_PARSE(batch);
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
$$ LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog, pg_temp;
REVOKE ALL ON PROCEDURE {procedures}.add_entries(VARCHAR) FROM PUBLIC;

-- Puts profiles in place of those of the same users, and removes the users' entries: add_entries brings the new ones.
CREATE OR REPLACE PROCEDURE {procedures}.upsert_profiles(batch VARCHAR(65535)) AS $$
BEGIN
    IF SESSION_USER <> CURRENT_USER THEN
        RAISE EXCEPTION 'veil: only the system account may call this procedure';
    END IF;
    LOCK TABLE {system}.writer;
    DELETE FROM {system}.incoming;
    INSERT INTO {system}.incoming (items) SELECT pg_catalog.JSON_PARSE(batch);
    DELETE FROM {system}.profile_entry
    WHERE immuta__userid IN (
        SELECT o.userid::VARCHAR(65535) FROM {system}.incoming AS pg_batch, pg_batch.items AS o
    );
    DELETE FROM {system}.profile
    WHERE immuta__userid IN (
        SELECT o.userid::VARCHAR(65535) FROM {system}.incoming AS pg_batch, pg_batch.items AS o
    );
    INSERT INTO {system}.profile (immuta__userid, groups, attributes, projects, valid_tables, updated_at)
    SELECT o.userid::VARCHAR(65535), o.groups, o.attributes, o.projects, o.tables, pg_catalog.GETDATE()
    FROM {system}.incoming AS pg_batch, pg_batch.items AS o;
    DELETE FROM {system}.incoming;
END;
$$ LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog, pg_temp;
REVOKE ALL ON PROCEDURE {procedures}.upsert_profiles(VARCHAR) FROM PUBLIC;

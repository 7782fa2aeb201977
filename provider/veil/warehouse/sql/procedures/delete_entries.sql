-- Removes facts about users, whenever they expire.
CREATE OR REPLACE PROCEDURE {procedures}.delete_entries(batch VARCHAR(65535)) AS $$
BEGIN
    IF SESSION_USER <> CURRENT_USER THEN
        RAISE EXCEPTION 'veil: only the system account may call this procedure';
    END IF;
    LOCK TABLE {system}.writer;
    DELETE FROM {system}.profile_entry
    WHERE immuta__userid || CHR(31) || kind || CHR(31) || name || CHR(31) || value || CHR(31) IN (
        SELECT
            o.userid::VARCHAR(65535) || CHR(31) || o.kind::VARCHAR(65535) || CHR(31)
            || o.name::VARCHAR(65535) || CHR(31) || o.item::VARCHAR(65535) || CHR(31)
        FROM (SELECT JSON_PARSE(batch) AS items) AS x, x.items AS o
    );
END;
$$ LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog;
REVOKE ALL ON PROCEDURE {procedures}.delete_entries(VARCHAR) FROM PUBLIC;

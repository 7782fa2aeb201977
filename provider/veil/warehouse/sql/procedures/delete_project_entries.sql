-- Removes what the members of projects share.
CREATE OR REPLACE PROCEDURE {procedures}.delete_project_entries(batch VARCHAR(65535)) AS $$
BEGIN
    IF SESSION_USER <> CURRENT_USER THEN
        RAISE EXCEPTION 'veil: only the system account may call this procedure';
    END IF;
    LOCK TABLE {system}.writer;
    DELETE FROM {system}.incoming;
    INSERT INTO {system}.incoming (items) SELECT pg_catalog.JSON_PARSE(batch);
    DELETE FROM {system}.project_entry
    WHERE project IN (SELECT o.project::VARCHAR(65535) FROM {system}.incoming AS pg_batch, pg_batch.items AS o);
    DELETE FROM {system}.incoming;
END;
$$ LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog, pg_temp;
REVOKE ALL ON PROCEDURE {procedures}.delete_project_entries(VARCHAR) FROM PUBLIC;

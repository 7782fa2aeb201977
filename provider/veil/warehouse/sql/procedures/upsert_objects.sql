-- Puts parts of objects in place of those of the same kind and name; part 0 comes first and removes the old ones.
CREATE OR REPLACE PROCEDURE {procedures}.upsert_objects(batch VARCHAR(65535)) AS $$
BEGIN
    IF SESSION_USER <> CURRENT_USER THEN
        RAISE EXCEPTION 'veil: only the system account may call this procedure';
    END IF;
    LOCK TABLE {system}.writer;
    DELETE FROM {system}.incoming;
    INSERT INTO {system}.incoming (items) SELECT JSON_PARSE(batch);
    DELETE FROM {system}.object
    WHERE kind || CHR(31) || name || CHR(31) IN (
        SELECT o.kind::VARCHAR(65535) || CHR(31) || o.name::VARCHAR(65535) || CHR(31)
        FROM {system}.incoming AS x, x.items AS o
        WHERE o.part::INTEGER = 0
    );
    INSERT INTO {system}.object (kind, name, part, parts, id, body, hash, updated_at)
    SELECT
        n.kind, n.name, n.part, n.parts, n.id, n.body,
        SHA2(
            n.kind || CHR(31) || n.name || CHR(31) || CAST(n.part AS VARCHAR(16)) || CHR(31)
            || CAST(n.parts AS VARCHAR(16)) || CHR(31) || n.id || CHR(31) || n.body,
            256
        ),
        GETDATE()
    FROM (
        SELECT
            o.kind::VARCHAR(65535) AS kind,
            o.name::VARCHAR(65535) AS name,
            o.part::INTEGER AS part,
            o.parts::INTEGER AS parts,
            o.id::VARCHAR(65535) AS id,
            o.body::VARCHAR(65535) AS body
        FROM {system}.incoming AS x, x.items AS o
    ) AS n;
    DELETE FROM {system}.incoming;
END;
$$ LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog;
REVOKE ALL ON PROCEDURE {procedures}.upsert_objects(VARCHAR) FROM PUBLIC;

-- Puts parts of objects in place of those of the same kind and name, and enters them in the ledger; part 0 comes first and
-- removes the old ones.
CREATE OR REPLACE PROCEDURE {procedures}.upsert_objects(batch VARCHAR(65535)) AS $$
BEGIN
    IF SESSION_USER <> CURRENT_USER THEN
        RAISE EXCEPTION 'veil: only the system account may call this procedure';
    END IF;
    LOCK TABLE {system}.writer;
    DELETE FROM {system}.incoming;
    INSERT INTO {system}.incoming (items) SELECT pg_catalog.JSON_PARSE(batch);
    DELETE FROM {system}.object
    WHERE kind || pg_catalog.CHR(31) || name || pg_catalog.CHR(31) IN (
        SELECT o.kind::VARCHAR(65535) || pg_catalog.CHR(31) || o.name::VARCHAR(65535) || pg_catalog.CHR(31)
        FROM {system}.incoming AS pg_batch, pg_batch.items AS o
        WHERE o.part::INTEGER = 0
    );
    DELETE FROM {system}.ledger
    WHERE kind || pg_catalog.CHR(31) || name || pg_catalog.CHR(31) IN (
        SELECT o.kind::VARCHAR(65535) || pg_catalog.CHR(31) || o.name::VARCHAR(65535) || pg_catalog.CHR(31)
        FROM {system}.incoming AS x, x.items AS o
        WHERE o.part::INTEGER = 0
    );
    INSERT INTO {system}.object (kind, name, part, parts, id, body, hash, updated_at)
    SELECT
        n.kind, n.name, n.part, n.parts, n.id, n.body,
        pg_catalog.SHA2(
            n.kind || pg_catalog.CHR(31) || n.name || pg_catalog.CHR(31)
            || CAST(n.part AS VARCHAR(16)) || pg_catalog.CHR(31) || CAST(n.parts AS VARCHAR(16)) || pg_catalog.CHR(31)
            || n.id || pg_catalog.CHR(31) || n.body,
            256
        ),
        pg_catalog.GETDATE()
    FROM (
        SELECT
            o.kind::VARCHAR(65535) AS kind,
            o.name::VARCHAR(65535) AS name,
            o.part::INTEGER AS part,
            o.parts::INTEGER AS parts,
            o.id::VARCHAR(65535) AS id,
            o.body::VARCHAR(65535) AS body
        FROM {system}.incoming AS pg_batch, pg_batch.items AS o
    ) AS n;
    INSERT INTO {system}.ledger (kind, name, part, parts, id, hash)
    SELECT
        n.kind, n.name, n.part, n.parts, n.id,
        pg_catalog.SHA2(
            n.kind || pg_catalog.CHR(31) || n.name || pg_catalog.CHR(31)
            || CAST(n.part AS VARCHAR(16)) || pg_catalog.CHR(31) || CAST(n.parts AS VARCHAR(16)) || pg_catalog.CHR(31)
            || n.id || pg_catalog.CHR(31) || n.body,
            256
        )
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
$$ LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog, pg_temp;
REVOKE ALL ON PROCEDURE {procedures}.upsert_objects(VARCHAR) FROM PUBLIC;

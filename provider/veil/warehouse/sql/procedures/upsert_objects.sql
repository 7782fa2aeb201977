-- Puts parts of objects in place of those of the same kind and name, and enters them in the ledger; part 0 comes first and
-- removes the old ones.
CREATE OR REPLACE PROCEDURE {procedures}.upsert_objects(batch VARCHAR(65535)) AS $$
BEGIN
    {{for_system_account()}}
    {{take_batch()}}
    DELETE FROM {system}.object
    WHERE kind || pg_catalog.CHR(31) || name || pg_catalog.CHR(31) IN (
        SELECT o.kind::VARCHAR(65535) || pg_catalog.CHR(31) || o.name::VARCHAR(65535) || pg_catalog.CHR(31)
        FROM {system}.incoming AS pg_batch, pg_batch.items AS o
        WHERE o.part::INTEGER = 0
    );
    DELETE FROM {system}.ledger
    WHERE kind || pg_catalog.CHR(31) || name || pg_catalog.CHR(31) IN (
        SELECT o.kind::VARCHAR(65535) || pg_catalog.CHR(31) || o.name::VARCHAR(65535) || pg_catalog.CHR(31)
        FROM {system}.incoming AS pg_batch, pg_batch.items AS o
        WHERE o.part::INTEGER = 0
    );
    INSERT INTO {system}.object (kind, name, part, parts, id, body, hash, updated_at)
    SELECT
        n.kind, n.name, n.part, n.parts, n.id, n.body,
        {{object_hash(n)}},
        pg_catalog.GETDATE()
    FROM (
        {{incoming_objects()}}
    ) AS n;
    INSERT INTO {system}.ledger (kind, name, part, parts, id, hash)
    SELECT
        n.kind, n.name, n.part, n.parts, n.id,
        {{object_hash(n)}}
    FROM (
        {{incoming_objects()}}
    ) AS n;
    DELETE FROM {system}.incoming;
END;
$$ {{as_its_owner()}};
REVOKE ALL ON PROCEDURE {procedures}.upsert_objects(VARCHAR) FROM PUBLIC;

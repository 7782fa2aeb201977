-- incoming_objects(): the parts of objects that a procedure was given, as a relation.
SELECT
    o.kind::VARCHAR(65535) AS kind,
    o.name::VARCHAR(65535) AS name,
    o.part::INTEGER AS part,
    o.parts::INTEGER AS parts,
    o.id::VARCHAR(65535) AS id,
    o.body::VARCHAR(65535) AS body
FROM {system}.incoming AS pg_batch, pg_batch.items AS o

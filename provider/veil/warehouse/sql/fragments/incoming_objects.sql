-- incoming_objects(batch): the parts of objects that a procedure was given, as a relation; `batch` is a name for the table.
SELECT
    o.kind::VARCHAR(65535) AS kind,
    o.name::VARCHAR(65535) AS name,
    o.part::INTEGER AS part,
    o.parts::INTEGER AS parts,
    o.id::VARCHAR(65535) AS id,
    o.body::VARCHAR(65535) AS body
FROM {system}.incoming AS {{batch}}, {{batch}}.items AS o

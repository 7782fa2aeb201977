-- object_hash(n): the hash of a part of an object; `decoding.row_hash` makes the same.
pg_catalog.LOWER(
    pg_catalog.SHA2(
        {{n}}.kind || pg_catalog.CHR(31) || {{n}}.name || pg_catalog.CHR(31)
        || CAST({{n}}.part AS VARCHAR(16)) || pg_catalog.CHR(31) || CAST({{n}}.parts AS VARCHAR(16))
        || pg_catalog.CHR(31) || {{n}}.id || pg_catalog.CHR(31) || {{n}}.body,
        256
    )
)

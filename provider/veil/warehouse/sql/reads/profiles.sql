-- Of the lists of tables their digests: with them, many users hold much more than is read of them.
SELECT
    immuta__userid,
    groups,
    attributes,
    projects,
    CASE
        WHEN valid_tables IS NULL THEN ''
        WHEN pg_catalog.JSON_SIZE(valid_tables) > 65535 THEN '?'
        ELSE pg_catalog.LOWER(pg_catalog.SHA2(pg_catalog.JSON_SERIALIZE(valid_tables), 256))
    END AS valid_tables,
    CAST(updated_at AS VARCHAR(64)) AS updated_at
FROM {system}.profile
ORDER BY immuta__userid;

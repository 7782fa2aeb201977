-- Says what governed views and their columns are; without words a comment goes. The names and words are quoted here.
CREATE OR REPLACE PROCEDURE {procedures}.comment_on_views(batch VARCHAR(65535)) AS $$
DECLARE
    told RECORD;
BEGIN
    {{for_system_account()}}
    {{take_batch()}}
    FOR told IN
        SELECT
            o.view_schema::VARCHAR(65535) AS view_schema,
            o.view_name::VARCHAR(65535) AS view_name,
            o.column_name::VARCHAR(65535) AS column_name,
            o.words::VARCHAR(65535) AS words
        FROM {system}.incoming AS pg_batch, pg_batch.items AS o
    LOOP
        EXECUTE 'COMMENT ON ' || CASE WHEN told.column_name IS NULL THEN 'VIEW ' ELSE 'COLUMN ' END
            || pg_catalog.QUOTE_IDENT(told.view_schema) || '.' || pg_catalog.QUOTE_IDENT(told.view_name)
            || COALESCE('.' || pg_catalog.QUOTE_IDENT(told.column_name), '')
            || ' IS ' || COALESCE(pg_catalog.QUOTE_LITERAL(told.words), 'NULL');
    END LOOP;
    DELETE FROM {system}.incoming;
END;
$$ {{as_its_owner()}};
REVOKE ALL ON PROCEDURE {procedures}.comment_on_views(VARCHAR) FROM PUBLIC;

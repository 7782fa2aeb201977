-- Makes a governed view, or replaces one that veil made, for accounts that apply by procedures alone. Names are quoted here; the query
-- is one SELECT: outside of its literals and quoted names stands nothing that could end it or hide a part of it. A backslash stands
-- for another one only where it is doubled, so that a literal ends at the same place however the engine reads backslashes.
CREATE OR REPLACE PROCEDURE {procedures}.create_view(in_schema VARCHAR(256), named VARCHAR(256), query VARCHAR(65535), compiler INTEGER, late_binding INTEGER) AS $$
DECLARE
    bare VARCHAR(65535);
    escapes INTEGER;
    place VARCHAR(1024);
    present INTEGER;
    ours INTEGER;
BEGIN
    {{for_system_account()}}
    {{own_view_place()}}
    bare := pg_catalog.REPLACE(query, pg_catalog.CHR(92) || pg_catalog.CHR(92), '');
    escapes := pg_catalog.STRPOS(bare, pg_catalog.CHR(92));
    bare := pg_catalog.UPPER(pg_catalog.REGEXP_REPLACE(bare, '''[^'']*''|"[^"]*"', ' '));
    IF query IS NULL
        OR pg_catalog.REGEXP_INSTR(query, '^(SELECT|WITH)[[:space:]]') <> 1
        OR pg_catalog.STRPOS(bare, ';') > 0
        OR pg_catalog.STRPOS(bare, '--') > 0
        OR pg_catalog.STRPOS(bare, '/*') > 0
        OR pg_catalog.STRPOS(bare, '$') > 0
        OR pg_catalog.STRPOS(bare, '"') > 0
        OR pg_catalog.STRPOS(bare, '''') > 0
        OR escapes > 0
        OR pg_catalog.REGEXP_INSTR(bare, '[^A-Z0-9_]INTO[^A-Z0-9_]') > 0
    THEN
        RAISE EXCEPTION 'veil: that is not one SELECT without comments';
    END IF;
    place := '"' || pg_catalog.REPLACE(in_schema, '"', '""') || '"."' || pg_catalog.REPLACE(named, '"', '""') || '"';
    EXECUTE 'CREATE OR REPLACE VIEW ' || place || ' AS /* veil compiler ' || CAST(compiler AS VARCHAR(16)) || ' */'
        || pg_catalog.CHR(10) || query
        || CASE WHEN late_binding = 1 THEN pg_catalog.CHR(10) || 'WITH NO SCHEMA BINDING' ELSE '' END;
    EXECUTE 'GRANT SELECT ON ' || place || ' TO PUBLIC';
    DELETE FROM {system}.made_view WHERE view_schema = in_schema AND view_name = named;
    INSERT INTO {system}.made_view (view_schema, view_name) VALUES (in_schema, named);
END;
$$ {{as_its_owner()}};
REVOKE ALL ON PROCEDURE {procedures}.create_view(VARCHAR, VARCHAR, VARCHAR, INTEGER, INTEGER) FROM PUBLIC;

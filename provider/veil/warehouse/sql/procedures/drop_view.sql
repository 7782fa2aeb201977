-- Drops a governed view that veil made, if it is there, for accounts that apply by procedures alone.
CREATE OR REPLACE PROCEDURE {procedures}.drop_view(in_schema VARCHAR(256), named VARCHAR(256)) AS $$
DECLARE
    present INTEGER;
    ours INTEGER;
BEGIN
    {{for_system_account()}}
    {{own_view_place()}}
    IF present <> 0 THEN
        EXECUTE 'DROP VIEW "' || pg_catalog.REPLACE(in_schema, '"', '""') || '"."' || pg_catalog.REPLACE(named, '"', '""') || '"';
    END IF;
    DELETE FROM {system}.made_view WHERE view_schema = in_schema AND view_name = named;
END;
$$ {{as_its_owner()}};
REVOKE ALL ON PROCEDURE {procedures}.drop_view(VARCHAR, VARCHAR) FROM PUBLIC;

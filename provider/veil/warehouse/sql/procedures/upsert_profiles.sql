-- Puts profiles in place of those of the same users, and removes the users' entries: add_entries brings the new ones, and
-- put_valid_tables the data sources that they could query.
CREATE OR REPLACE PROCEDURE {procedures}.upsert_profiles(batch VARCHAR(65535)) AS $$
BEGIN
    {{for_system_account()}}
    {{take_batch()}}
    {{forget_users()}}
    INSERT INTO {system}.profile (immuta__userid, groups, attributes, projects, valid_tables, updated_at)
    SELECT
        o.userid::VARCHAR(65535), o.groups, o.attributes, o.projects, pg_catalog.JSON_PARSE('[]'), pg_catalog.GETDATE()
    FROM {system}.incoming AS pg_batch, pg_batch.items AS o;
    DELETE FROM {system}.incoming;
END;
$$ {{as_its_owner()}};
REVOKE ALL ON PROCEDURE {procedures}.upsert_profiles(VARCHAR) FROM PUBLIC;

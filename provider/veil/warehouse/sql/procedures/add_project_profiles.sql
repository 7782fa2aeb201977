-- Adds the rows of what all members of equalized projects hold; delete_project_entries took away those before them.
CREATE OR REPLACE PROCEDURE {procedures}.add_project_profiles(batch VARCHAR(65535)) AS $$
BEGIN
    {{for_system_account()}}
    {{take_batch()}}
    INSERT INTO {system}.project_profile (project, groups, attributes, projects, valid_tables, updated_at)
    SELECT o.project::VARCHAR(65535), o.groups, o.attributes, o.projects, o.tables, CAST(o.moment::VARCHAR(65535) AS TIMESTAMP)
    FROM {system}.incoming AS pg_batch, pg_batch.items AS o;
    DELETE FROM {system}.incoming;
END;
$$ {{as_its_owner()}};
REVOKE ALL ON PROCEDURE {procedures}.add_project_profiles(VARCHAR) FROM PUBLIC;

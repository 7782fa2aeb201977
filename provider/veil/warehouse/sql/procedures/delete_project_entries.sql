-- Removes what the members of projects share.
CREATE OR REPLACE PROCEDURE {procedures}.delete_project_entries(batch VARCHAR(65535)) AS $$
BEGIN
    {{for_system_account()}}
    {{take_batch()}}
    DELETE FROM {system}.project_entry
    WHERE project IN ({{incoming(project)}});
    DELETE FROM {system}.project_profile
    WHERE project IN ({{incoming(project)}});
    DELETE FROM {system}.incoming;
END;
$$ {{as_its_owner()}};
REVOKE ALL ON PROCEDURE {procedures}.delete_project_entries(VARCHAR) FROM PUBLIC;

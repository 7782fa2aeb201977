-- Removes users' profiles and entries.
CREATE OR REPLACE PROCEDURE {procedures}.delete_profiles(batch VARCHAR(65535)) AS $$
BEGIN
    {{for_system_account()}}
    {{take_batch()}}
    {{forget_users()}}
    DELETE FROM {system}.incoming;
END;
$$ {{as_its_owner()}};
REVOKE ALL ON PROCEDURE {procedures}.delete_profiles(VARCHAR) FROM PUBLIC;

-- Removes who may approve requests for data sources.
CREATE OR REPLACE PROCEDURE {procedures}.delete_approvers(batch VARCHAR(65535)) AS $$
BEGIN
    {{for_system_account()}}
    {{take_batch()}}
    DELETE FROM {system}.approver
    WHERE source IN ({{incoming(source)}});
    DELETE FROM {system}.incoming;
END;
$$ {{as_its_owner()}};
REVOKE ALL ON PROCEDURE {procedures}.delete_approvers(VARCHAR) FROM PUBLIC;

-- Adds who may approve requests.
CREATE OR REPLACE PROCEDURE {procedures}.add_approvers(batch VARCHAR(65535)) AS $$
BEGIN
    {{for_system_account()}}
    {{take_batch()}}
    INSERT INTO {system}.approver (source, shown, policy, kind, name, seconds)
    SELECT
        o.source::VARCHAR(65535),
        o.shown::VARCHAR(65535),
        o.policy::VARCHAR(65535),
        o.kind::VARCHAR(65535),
        o.name::VARCHAR(65535),
        o.seconds::INTEGER
    FROM {system}.incoming AS pg_batch, pg_batch.items AS o;
    DELETE FROM {system}.incoming;
END;
$$ {{as_its_owner()}};
REVOKE ALL ON PROCEDURE {procedures}.add_approvers(VARCHAR) FROM PUBLIC;

-- Writes which data sources users could query as of a moment: for each list those who have it.
CREATE OR REPLACE PROCEDURE {procedures}.put_valid_tables(batch VARCHAR(65535)) AS $$
BEGIN
    {{for_system_account()}}
    {{take_batch()}}
    UPDATE {system}.profile
    SET valid_tables = n.tables, updated_at = CAST(n.moment AS TIMESTAMP)
    FROM (
        SELECT u::VARCHAR(65535) AS userid, pg_item.tables AS tables, pg_item.moment::VARCHAR(65535) AS moment
        FROM {system}.incoming AS pg_batch, pg_batch.items AS pg_item, pg_item.users AS u
    ) AS n
    WHERE profile.immuta__userid = n.userid;
    DELETE FROM {system}.incoming;
END;
$$ {{as_its_owner()}};
REVOKE ALL ON PROCEDURE {procedures}.put_valid_tables(VARCHAR) FROM PUBLIC;

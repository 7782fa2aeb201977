-- Forgets the views of data sources.
CREATE OR REPLACE PROCEDURE {procedures}.forget_published(batch VARCHAR(65535)) AS $$
BEGIN
    {{for_system_account()}}
    {{take_batch()}}
    DELETE FROM {system}.published
    WHERE name IN ({{incoming(key)}});
    DELETE FROM {system}.incoming;
END;
$$ {{as_its_owner()}};
REVOKE ALL ON PROCEDURE {procedures}.forget_published(VARCHAR) FROM PUBLIC;

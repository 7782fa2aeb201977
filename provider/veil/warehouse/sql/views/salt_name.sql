-- The names of salts, for planners, who may not read the salts. A view and no privilege on a column: cross-database queries
-- know none of these.
CREATE OR REPLACE VIEW {system}.salt_name AS
SELECT s.name AS name
FROM {system}.salt AS s
WITH NO SCHEMA BINDING;
REVOKE ALL ON TABLE {system}.salt_name FROM PUBLIC;

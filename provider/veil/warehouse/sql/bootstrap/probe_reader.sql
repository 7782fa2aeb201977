CREATE SCHEMA IF NOT EXISTS {probe_tables};
CREATE TABLE IF NOT EXISTS {probe_tables}.empty (
    nothing INTEGER
);
CREATE SCHEMA IF NOT EXISTS {probe_views};
CREATE OR REPLACE VIEW {probe_views}.reader AS
SELECT e.nothing AS nothing
FROM {probe_tables}.empty AS e
WITH NO SCHEMA BINDING;
GRANT USAGE ON SCHEMA {probe_views} TO {system_user};
GRANT SELECT ON TABLE {probe_views}.reader TO {system_user};

CREATE SCHEMA IF NOT EXISTS fuzz_system;
CREATE TABLE IF NOT EXISTS fuzz_system.profile_rows (
  immuta__userid VARCHAR(128), current_project VARCHAR(128), equalized INTEGER
);
CREATE TABLE IF NOT EXISTS fuzz_system.entry_rows (
  immuta__userid VARCHAR(128), kind VARCHAR(32), name VARCHAR(256), value VARCHAR(1024), strength INTEGER
);
CREATE TABLE IF NOT EXISTS fuzz_system.salt (name VARCHAR(512), salt VARCHAR(512));
CREATE OR REPLACE VIEW fuzz_system.user_profile AS
SELECT p.immuta__userid, p.current_project, p.equalized, CASE WHEN p.equalized = 0 THEN p.immuta__userid END AS username
FROM fuzz_system.profile_rows AS p WHERE p.immuta__userid = CURRENT_USER
WITH NO SCHEMA BINDING;
CREATE OR REPLACE VIEW fuzz_system.user_entry AS
SELECT e.kind, e.name, e.value, e.strength FROM fuzz_system.entry_rows AS e WHERE e.immuta__userid = CURRENT_USER
WITH NO SCHEMA BINDING;
GRANT USAGE ON SCHEMA fuzz_system TO PUBLIC;
GRANT SELECT ON fuzz_system.user_profile TO PUBLIC;

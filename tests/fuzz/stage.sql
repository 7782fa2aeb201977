CREATE SCHEMA IF NOT EXISTS fuzz_system;
CREATE TABLE IF NOT EXISTS fuzz_system.profile_rows (
  immuta__userid VARCHAR(128), current_project VARCHAR(128), equalized INTEGER
);
CREATE TABLE IF NOT EXISTS fuzz_system.entry_rows (
  immuta__userid VARCHAR(128), kind VARCHAR(32), name VARCHAR(256), value VARCHAR(1024), strength INTEGER
);
CREATE TABLE IF NOT EXISTS fuzz_system.salt (name VARCHAR(512), salt VARCHAR(512));
CREATE TABLE IF NOT EXISTS fuzz_system.closed (source VARCHAR(1024), kind VARCHAR(64), name VARCHAR(1024), id VARCHAR(128));
CREATE OR REPLACE VIEW fuzz_system.user_entry AS
SELECT 'caller' AS kind, CASE WHEN p.equalized = 0 THEN 'alone' ELSE 'equalized' END AS name,
  CASE WHEN p.equalized = 0 THEN p.immuta__userid ELSE '' END AS value, 2 AS strength, p.immuta__userid AS whom,
  CAST(GETDATE() AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS decided_at
FROM fuzz_system.profile_rows AS p WHERE p.immuta__userid = CURRENT_USER
UNION ALL
SELECT 'current_project', '', p.current_project, 2, p.immuta__userid, CAST(GETDATE() AS TIMESTAMPTZ) AT TIME ZONE 'UTC'
FROM fuzz_system.profile_rows AS p WHERE p.immuta__userid = CURRENT_USER AND p.current_project IS NOT NULL
UNION ALL
SELECT e.kind, e.name, e.value, e.strength, p.immuta__userid,
  CAST(GETDATE() AS TIMESTAMPTZ) AT TIME ZONE 'UTC' FROM fuzz_system.profile_rows AS p
INNER JOIN fuzz_system.entry_rows AS e ON e.immuta__userid = p.immuta__userid WHERE p.immuta__userid = CURRENT_USER
WITH NO SCHEMA BINDING;
CREATE OR REPLACE VIEW fuzz_system.possible_entry AS
SELECT 'caller' AS kind, CASE WHEN p.equalized = 0 THEN 'alone' ELSE 'equalized' END AS name,
  CASE WHEN p.equalized = 0 THEN p.immuta__userid ELSE '' END AS value, 2 AS strength, p.immuta__userid AS whom,
  CAST(GETDATE() AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS decided_at
FROM fuzz_system.profile_rows AS p
UNION ALL
SELECT 'current_project', '', p.current_project, 2, p.immuta__userid, CAST(GETDATE() AS TIMESTAMPTZ) AT TIME ZONE 'UTC'
FROM fuzz_system.profile_rows AS p WHERE p.current_project IS NOT NULL
UNION ALL
SELECT e.kind, e.name, e.value, e.strength, p.immuta__userid,
  CAST(GETDATE() AS TIMESTAMPTZ) AT TIME ZONE 'UTC' FROM fuzz_system.profile_rows AS p
INNER JOIN fuzz_system.entry_rows AS e ON e.immuta__userid = p.immuta__userid
WITH NO SCHEMA BINDING;
GRANT USAGE ON SCHEMA fuzz_system TO PUBLIC;

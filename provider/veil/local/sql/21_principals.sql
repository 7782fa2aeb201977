-- Users, groups and roles. A user can sign in, a group is a role that cannot, and a role of Redshift's own kind is
-- marked by a connection limit of 0 (the gateway creates it so).
CREATE VIEW pg_veil.principal AS
SELECT oid, rolname AS name, CASE WHEN rolcanlogin OR rolname = 'rdsdb' THEN 'user' WHEN rolconnlimit = 0 THEN 'role' ELSE 'group' END AS kind
FROM pg_catalog.pg_roles WHERE rolname NOT LIKE E'pg\\_%' AND rolname NOT LIKE 'veil scope %';

-- Scoped privileges on the tables of a schema, later ones included: for each there is a role that holds it, named after database, schema and
-- privilege, and whoever is granted it is a member. So it stays apart from what is granted on single tables.
CREATE VIEW pg_veil.scope_role AS
SELECT oid AS role, rolname AS name, pg_catalog.split_part(rolname, ' ', 4)::oid AS schema, pg_catalog.split_part(rolname, ' ', 5)::varchar AS privilege
FROM pg_catalog.pg_roles WHERE rolname LIKE 'veil scope %'
  AND pg_catalog.split_part(rolname, ' ', 3)::oid = (SELECT d.oid FROM pg_catalog.pg_database AS d WHERE d.datname = pg_catalog.current_database());
CREATE FUNCTION pg_veil.may_scope(target oid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_roles AS r, pg_catalog.pg_namespace AS n
    WHERE r.rolname = SESSION_USER AND n.oid = target AND (r.rolsuper OR r.oid = n.nspowner))
$$;
CREATE PROCEDURE pg_veil.scope(giving boolean, wanted text, in_schema text, grantees text[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  target oid := (SELECT n.oid FROM pg_namespace AS n WHERE n.nspname = in_schema); holder text; grantee text;
BEGIN
  IF target IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = '3F000', MESSAGE = 'schema "' || in_schema || '" does not exist';
  ELSIF NOT pg_veil.may_scope(target) THEN
    RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = 'permission denied for schema ' || in_schema;
  END IF;
  holder := 'veil scope ' || (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database()) || ' ' || target || ' ' || wanted;
  IF NOT EXISTS (SELECT 1 FROM pg_roles AS r WHERE r.rolname = holder) THEN
    EXECUTE 'CREATE ROLE ' || quote_ident(holder);
    EXECUTE 'GRANT ' || wanted || ' ON ALL TABLES IN SCHEMA ' || quote_ident(in_schema) || ' TO ' || quote_ident(holder);
  END IF;
  FOREACH grantee IN ARRAY grantees LOOP
    EXECUTE CASE WHEN giving THEN 'GRANT ' ELSE 'REVOKE ' END || quote_ident(holder)
      || CASE WHEN giving THEN ' TO ' ELSE ' FROM ' END || quote_ident(grantee);
  END LOOP;
END $$;
CREATE FUNCTION pg_veil.give_scoped(target oid) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  held record;
BEGIN
  FOR held IN SELECT s.name, s.privilege FROM pg_veil.scope_role AS s JOIN pg_class AS c ON c.relnamespace = s.schema WHERE c.oid = target LOOP
    EXECUTE 'GRANT ' || held.privilege || ' ON ' || target::regclass || ' TO ' || quote_ident(held.name);
  END LOOP;
END $$;

-- System permissions, which only roles are granted. To hold one is to be a member of a role of PostgreSQL's own.
CREATE VIEW pg_veil.system_permission AS
SELECT 'ACCESS SYSTEM TABLE'::varchar AS name, 'pg_read_all_stats'::name AS marker
UNION ALL SELECT 'ACCESS CATALOG', 'pg_read_all_settings';
CREATE FUNCTION pg_veil.has_permission(permission text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT pg_catalog.pg_has_role(CURRENT_USER, p.marker, 'USAGE') FROM pg_veil.system_permission AS p WHERE p.name = permission
$$;

-- SYSLOG ACCESS UNRESTRICTED of users, which is marked in the same way.
CREATE FUNCTION pg_veil.syslog_access(identity oid) RETURNS varchar LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN EXISTS (SELECT 1 FROM pg_catalog.pg_auth_members AS m JOIN pg_catalog.pg_roles AS r ON r.oid = m.roleid
    WHERE r.rolname = 'pg_checkpoint' AND m.member = identity) THEN 'UNRESTRICTED' ELSE 'RESTRICTED' END::varchar
$$;

-- Superusers and holders of ACCESS SYSTEM TABLE see every row of the privilege views, others what concerns themselves.
CREATE FUNCTION pg_veil.may_see(identity oid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT identity = 0 OR EXISTS (SELECT 1 FROM pg_catalog.pg_roles AS r WHERE r.rolname = CURRENT_USER
    AND (r.rolsuper OR r.oid = identity OR pg_veil.is_member(r.oid, identity))) OR pg_veil.has_permission('ACCESS SYSTEM TABLE')
$$;

DROP VIEW pg_catalog.pg_user_mappings;
DROP VIEW pg_catalog.pg_user;
CREATE VIEW pg_catalog.pg_user AS
SELECT rolname AS usename, oid::integer AS usesysid, rolcreatedb AS usecreatedb, rolsuper AS usesuper, rolsuper AS usecatupd,
  '********'::text AS passwd, rolvaliduntil AS valuntil, rolconfig AS useconfig
FROM pg_catalog.pg_roles WHERE rolcanlogin;
CREATE FUNCTION pg_veil.is_superuser() RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT r.rolsuper FROM pg_catalog.pg_roles AS r WHERE r.rolname = CURRENT_USER
$$;
CREATE VIEW pg_veil.user_info AS
SELECT rolname AS usename, oid::integer AS usesysid, rolcreatedb AS usecreatedb, rolsuper AS usesuper, rolsuper AS usecatupd,
  '********'::text AS passwd, rolvaliduntil AS valuntil, rolconfig AS useconfig,
  CASE WHEN rolconnlimit < 0 THEN 'UNLIMITED' ELSE rolconnlimit::text END AS useconnlimit
FROM pg_catalog.pg_roles WHERE rolcanlogin;
CREATE VIEW pg_catalog.pg_user_info AS SELECT * FROM pg_veil.user_info WHERE pg_veil.is_superuser();
DROP VIEW pg_catalog.pg_group;
CREATE VIEW pg_catalog.pg_group AS
SELECT p.name AS groname, p.oid::integer AS grosysid,
  ARRAY(SELECT m.member::integer FROM pg_catalog.pg_auth_members AS m WHERE m.roleid = p.oid ORDER BY m.member) AS grolist
FROM pg_veil.principal AS p WHERE p.kind = 'group';

CREATE VIEW pg_catalog.svv_user_info AS
SELECT u.usename::varchar AS user_name, u.usesysid AS user_id, u.usecreatedb AS createdb, u.usesuper AS superuser, u.usecatupd AS catalog_update,
  u.useconnlimit::varchar AS connection_limit, pg_veil.syslog_access(u.usesysid::oid) AS syslog_access, NULL::timestamp AS last_ddl_timestamp,
  0 AS session_timeout, NULL::varchar AS external_user_id
FROM pg_veil.user_info AS u WHERE pg_veil.may_see(u.usesysid::oid);
CREATE VIEW pg_catalog.svv_roles AS
SELECT p.oid::integer AS role_id, p.name::varchar AS role_name, 'awsuser'::varchar AS role_owner, NULL::varchar AS external_id
FROM pg_veil.principal AS p WHERE p.kind = 'role' AND pg_veil.may_see(p.oid);
CREATE VIEW pg_catalog.svv_user_grants AS
SELECT u.oid::integer AS user_id, u.name::varchar AS user_name, r.oid::integer AS role_id, r.name::varchar AS role_name, m.admin_option
FROM pg_catalog.pg_auth_members AS m
JOIN pg_veil.principal AS u ON u.oid = m.member AND u.kind = 'user'
JOIN pg_veil.principal AS r ON r.oid = m.roleid AND r.kind = 'role'
WHERE pg_veil.may_see(u.oid);
CREATE VIEW pg_catalog.svv_role_grants AS
SELECT r.oid::integer AS role_id, r.name::varchar AS role_name, g.oid::integer AS granted_role_id, g.name::varchar AS granted_role_name
FROM pg_catalog.pg_auth_members AS m
JOIN pg_veil.principal AS r ON r.oid = m.member AND r.kind = 'role'
JOIN pg_veil.principal AS g ON g.oid = m.roleid AND g.kind = 'role'
WHERE pg_veil.may_see(r.oid);
CREATE VIEW pg_catalog.svv_system_privileges AS
SELECT s.name AS system_privilege, p.oid::integer AS identity_id, p.name::varchar AS identity_name, p.kind::varchar AS identity_type
FROM pg_veil.system_permission AS s
JOIN pg_catalog.pg_roles AS marker ON marker.rolname = s.marker
JOIN pg_catalog.pg_auth_members AS m ON m.roleid = marker.oid
JOIN pg_veil.principal AS p ON p.oid = m.member AND p.kind = 'role'
WHERE pg_veil.may_see(p.oid);

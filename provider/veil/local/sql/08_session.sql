-- Who and where.
UPDATE pg_catalog.pg_proc SET proname = 'pg_version' WHERE proname = 'version' AND pronargs = 0;
CREATE FUNCTION pg_catalog.version() RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT 'PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2 20041017 (Red Hat 3.4.2-6.fc3), Redshift 1.0.204000 (veil local engine)'
$$;
CREATE FUNCTION pg_catalog.current_user_id() RETURNS integer LANGUAGE sql STABLE AS $$
  SELECT oid::integer FROM pg_catalog.pg_roles WHERE rolname = CURRENT_USER
$$;
CREATE FUNCTION pg_catalog.current_aws_account() RETURNS varchar LANGUAGE sql STABLE AS $$ SELECT '000000000000'::varchar $$;
CREATE FUNCTION pg_catalog.current_namespace() RETURNS varchar LANGUAGE sql STABLE AS $$
  SELECT '00000000-0000-0000-0000-000000000000'::varchar
$$;

-- Redshift's second argument says whether an undefined variable is an error; PostgreSQL's says the opposite.
UPDATE pg_catalog.pg_proc SET proname = 'pg_current_setting' WHERE proname = 'current_setting' AND pronargs = 2;
CREATE FUNCTION pg_catalog.current_setting(text, boolean) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT pg_catalog.pg_current_setting($1, NOT ($2 OR pg_veil.is_refused('undefined-settings')))
$$;

-- Direct or inherited membership of a role or group. Unlike pg_has_role, superusers are no exception.
CREATE FUNCTION pg_veil.is_member(member oid, of_role oid) RETURNS boolean LANGUAGE sql STABLE AS $$
  WITH RECURSIVE reached(role) AS (
    SELECT m.roleid FROM pg_catalog.pg_auth_members AS m WHERE m.member = $1
    UNION SELECT m.roleid FROM pg_catalog.pg_auth_members AS m JOIN reached AS r ON m.member = r.role
  ) SELECT EXISTS (SELECT 1 FROM reached AS r WHERE r.role = $2)
$$;
CREATE FUNCTION pg_veil.user_is_member_of(member text, of_role text) RETURNS boolean LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  who oid := (SELECT r.oid FROM pg_catalog.pg_roles AS r WHERE r.rolname = member AND r.rolcanlogin);
  whole oid := (SELECT r.oid FROM pg_catalog.pg_roles AS r WHERE r.rolname = of_role AND NOT r.rolcanlogin);
BEGIN
  IF who IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = '42704', MESSAGE = 'user "' || member || '" does not exist';
  ELSIF whole IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = '42704', MESSAGE = 'role "' || of_role || '" does not exist';
  ELSIF member NOT IN (CURRENT_USER, SESSION_USER)
    AND NOT (SELECT r.rolsuper FROM pg_catalog.pg_roles AS r WHERE r.rolname = CURRENT_USER) THEN
    RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = 'permission denied to query the membership of another user';
  END IF;
  RETURN pg_veil.is_member(who, whole);
END $$;
-- Immutable, so that the planner already calls it with a literal, in whatever CASE that stands.
CREATE FUNCTION pg_veil.known_group(of_role text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF pg_veil.is_refused('membership-early') AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_roles AS r WHERE r.rolname = of_role AND NOT r.rolcanlogin) THEN
    RAISE EXCEPTION USING ERRCODE = '42704', MESSAGE = 'role "' || of_role || '" does not exist';
  END IF;
  RETURN of_role;
END $$;
CREATE FUNCTION pg_catalog.user_is_member_of(member text, of_role text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT pg_veil.user_is_member_of(member, pg_veil.known_group(of_role))
$$;
CREATE FUNCTION pg_catalog.role_is_member_of(member text, of_role text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT pg_veil.is_member((SELECT oid FROM pg_catalog.pg_roles WHERE rolname = member), (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = of_role))
$$;

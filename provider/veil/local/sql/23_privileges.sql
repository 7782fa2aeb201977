-- Privileges, one row for each that is granted.
CREATE FUNCTION pg_veil.identity_name(identity oid) RETURNS varchar LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN identity = 0 THEN 'public' ELSE (SELECT p.name FROM pg_veil.principal AS p WHERE p.oid = identity) END::varchar
$$;
CREATE FUNCTION pg_veil.identity_kind(identity oid) RETURNS varchar LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN identity = 0 THEN 'public' ELSE (SELECT p.kind FROM pg_veil.principal AS p WHERE p.oid = identity) END::varchar
$$;
CREATE FUNCTION pg_veil.explode(acl aclitem[]) RETURNS TABLE (privilege_type varchar, identity_id integer, identity_name varchar, identity_type varchar, admin_option boolean)
LANGUAGE sql STABLE AS $$
  SELECT x.privilege_type::varchar, x.grantee::integer, pg_veil.identity_name(x.grantee), pg_veil.identity_kind(x.grantee), x.is_grantable
  FROM pg_catalog.aclexplode(acl) AS x
  WHERE x.privilege_type NOT IN ('MAINTAIN', 'TRIGGER') AND pg_veil.may_see(x.grantee)
    AND (x.grantee = 0 OR pg_veil.identity_kind(x.grantee) IS NOT NULL)
$$;

CREATE VIEW pg_catalog.svv_relation_privileges AS
SELECT n.nspname::varchar AS namespace_name, c.relname::varchar AS relation_name, x.privilege_type, x.identity_id, x.identity_name, x.identity_type, x.admin_option
FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace CROSS JOIN LATERAL pg_veil.explode(c.relacl) AS x
WHERE c.relkind IN ('r', 'v', 'm', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_veil', 'pg_veil_private')
  AND c.oid NOT IN (SELECT e.view FROM pg_veil.external_table AS e)
  AND (NOT pg_veil.is_refused('grants-of-others') OR x.identity_id = 0 OR pg_veil.is_superuser()
    OR pg_veil.syslog_access((SELECT r.oid FROM pg_catalog.pg_roles AS r WHERE r.rolname = CURRENT_USER)) = 'UNRESTRICTED'
    OR x.identity_id::oid IN (SELECT r.oid FROM pg_catalog.pg_roles AS r WHERE r.rolname = CURRENT_USER)
    OR pg_veil.is_member((SELECT r.oid FROM pg_catalog.pg_roles AS r WHERE r.rolname = CURRENT_USER), x.identity_id::oid));
CREATE VIEW pg_catalog.svv_column_privileges AS
SELECT n.nspname::varchar AS namespace_name, c.relname::varchar AS relation_name, a.attname::varchar AS column_name, x.privilege_type, x.identity_id, x.identity_name,
  x.identity_type
FROM pg_catalog.pg_attribute AS a JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
CROSS JOIN LATERAL pg_veil.explode(a.attacl) AS x
WHERE a.attnum > 0 AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_veil', 'pg_veil_private');
CREATE VIEW pg_veil.scoped_privilege AS
SELECT n.nspname::varchar AS namespace_name, s.privilege AS privilege_type, p.oid::integer AS identity_id, p.name::varchar AS identity_name,
  p.kind::varchar AS identity_type, false AS admin_option, 'TABLES'::varchar AS privilege_scope
FROM pg_veil.scope_role AS s JOIN pg_catalog.pg_namespace AS n ON n.oid = s.schema
JOIN pg_catalog.pg_auth_members AS m ON m.roleid = s.role JOIN pg_veil.principal AS p ON p.oid = m.member
WHERE pg_veil.may_see(p.oid);
CREATE VIEW pg_catalog.svv_schema_privileges AS
SELECT n.nspname::varchar AS namespace_name, x.privilege_type, x.identity_id, x.identity_name, x.identity_type, x.admin_option, 'SCHEMA'::varchar AS privilege_scope
FROM pg_catalog.pg_namespace AS n CROSS JOIN LATERAL pg_veil.explode(n.nspacl) AS x
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_veil', 'pg_veil_private', 'pg_toast')
UNION ALL SELECT * FROM pg_veil.scoped_privilege;
CREATE VIEW pg_catalog.svv_database_privileges AS
SELECT d.datname::varchar AS database_name, CASE x.privilege_type WHEN 'TEMPORARY' THEN 'TEMP' ELSE x.privilege_type END::varchar AS privilege_type,
  x.identity_id, x.identity_name, x.identity_type, x.admin_option, 'DATABASE'::varchar AS privilege_scope
FROM pg_catalog.pg_database AS d CROSS JOIN LATERAL pg_veil.explode(COALESCE(d.datacl, pg_catalog.acldefault('d', d.datdba))) AS x
WHERE d.datname = pg_catalog.current_database() AND x.privilege_type <> 'CONNECT';
-- A function that nobody touched is everybody's, and is listed so.
CREATE VIEW pg_catalog.svv_function_privileges AS
SELECT n.nspname::varchar AS namespace_name, p.proname::varchar AS function_name, pg_catalog.oidvectortypes(p.proargtypes)::varchar AS argument_types,
  x.privilege_type, x.identity_id, x.identity_name, x.identity_type, x.admin_option
FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
CROSS JOIN LATERAL pg_veil.explode(COALESCE(p.proacl, pg_catalog.acldefault('f', p.proowner))) AS x
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_veil', 'pg_veil_private');
CREATE VIEW pg_catalog.svv_language_privileges AS
SELECT l.lanname::varchar AS language_name, x.privilege_type, x.identity_id, x.identity_name, x.identity_type, x.admin_option
FROM pg_catalog.pg_language AS l CROSS JOIN LATERAL pg_veil.explode(COALESCE(l.lanacl, pg_catalog.acldefault('l', l.lanowner))) AS x
WHERE l.lanname IN ('sql', 'plpgsql');
CREATE VIEW pg_catalog.svv_default_privileges AS
SELECT COALESCE(n.nspname, '')::varchar AS schema_name, CASE d.defaclobjtype WHEN 'r' THEN 'RELATION' WHEN 'f' THEN 'FUNCTION' ELSE d.defaclobjtype::text END::varchar AS object_type,
  d.defaclrole::integer AS owner_id, pg_veil.identity_name(d.defaclrole) AS owner_name, pg_veil.identity_kind(d.defaclrole) AS owner_type, x.privilege_type,
  x.identity_id AS grantee_id, x.identity_name AS grantee_name, x.identity_type AS grantee_type, x.admin_option
FROM pg_catalog.pg_default_acl AS d LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid = d.defaclnamespace
CROSS JOIN LATERAL pg_veil.explode(d.defaclacl) AS x
WHERE pg_veil.identity_name(d.defaclrole) <> 'rdsdb';

-- Everything above is for everybody to read; the views themselves decide which rows.
GRANT SELECT ON ALL TABLES IN SCHEMA pg_veil TO PUBLIC;
GRANT SELECT ON pg_catalog.pg_user, pg_catalog.pg_user_info, pg_catalog.pg_group, pg_veil.proc_verbatim, pg_catalog.pg_proc_info, pg_catalog.svv_user_info,
  pg_catalog.svv_system_privileges, pg_catalog.svv_roles, pg_catalog.svv_user_grants, pg_catalog.svv_role_grants, pg_catalog.svv_tables, pg_catalog.svv_all_tables, pg_catalog.svv_redshift_tables,
  pg_catalog.svv_columns, pg_catalog.svv_all_columns, pg_catalog.svv_redshift_columns, pg_catalog.svv_all_schemas, pg_catalog.svv_redshift_schemas,
  pg_catalog.svv_redshift_databases, pg_catalog.stv_db_isolation_level, pg_catalog.svv_redshift_functions, pg_catalog.svv_transactions, pg_catalog.stv_sessions, pg_catalog.svv_relation_privileges,
  pg_catalog.svv_column_privileges, pg_catalog.svv_schema_privileges, pg_catalog.svv_database_privileges, pg_catalog.svv_function_privileges,
  pg_catalog.svv_language_privileges, pg_catalog.svv_default_privileges TO PUBLIC;

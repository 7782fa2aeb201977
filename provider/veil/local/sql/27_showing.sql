-- What the SHOW commands list, for every database. Each user sees what the page of the command says: all as a superuser, what is one's own, and
-- what one may use. Source: Amazon Redshift Database Developer Guide, the pages of the SHOW commands (r_SHOW_TABLES, r_SHOW_COLUMNS,
-- r_SHOW_CONSTRAINTS, r_SHOW_PROCEDURES, r_SHOW_FUNCTIONS, r_SHOW_PARAMETERS, r_SHOW_GRANTS, r_SHOW_COLUMN_GRANTS).
DROP VIEW pg_veil.show_tables, pg_veil.show_columns;
CREATE VIEW pg_veil.show_tables AS
SELECT database_name, schema_name, table_name, table_type, table_acl, remarks, owner, NULL::timestamp AS last_altered_time,
  NULL::timestamp AS last_modified_time, CASE table_type WHEN 'TABLE' THEN 'AUTO (ALL)' END::varchar AS dist_style,
  CASE table_type WHEN 'TABLE' THEN 'REGULAR TABLE' WHEN 'VIEW' THEN 'REGULAR VIEW' END::varchar AS table_subtype
FROM pg_veil.every_table;
CREATE VIEW pg_veil.show_columns AS
SELECT database_name, schema_name, table_name, column_name, ordinal_position, column_default, is_nullable,
  shown_type AS data_type, character_maximum_length, numeric_precision,
  numeric_scale, remarks, NULL::varchar AS sort_key_type, NULL::integer AS sort_key, NULL::integer AS dist_key, 'none'::varchar AS encoding,
  NULL::varchar AS collation
FROM pg_veil.every_column;

-- The commands list 10,000 rows at the most: LIMIT takes no more, and without it more are an error.
CREATE FUNCTION pg_veil.row_limit(wanted bigint) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF wanted NOT BETWEEN 0 AND 10000 THEN
    RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = 'LIMIT of a SHOW command must be between 0 and 10000';
  END IF;
  RETURN wanted;
END $$;
CREATE FUNCTION pg_veil.listed(many bigint) RETURNS integer LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF many > 10000 THEN
    RAISE EXCEPTION USING ERRCODE = '54000', MESSAGE = 'a SHOW command lists no more than 10000 rows',
      HINT = 'Narrow the list with LIKE, or say LIMIT.';
  END IF;
  RETURN 0;
END $$;

-- The tables whose constraints a user may see.
CREATE VIEW pg_veil.constrained_table AS
SELECT c.oid, n.nspname AS schema_name, c.relname AS table_name
FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_veil', 'pg_veil_private')
  AND (pg_veil.is_superuser() OR c.relowner::integer = pg_veil.own_id()
    OR pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND pg_catalog.has_table_privilege(c.oid, 'SELECT'));
CREATE VIEW pg_veil.own_primary_keys AS
SELECT pg_catalog.current_database()::varchar AS database_name, t.schema_name::varchar, t.table_name::varchar, k.name::varchar AS pk_name,
  a.attname::varchar AS column_name, p.n::integer AS key_seq
FROM pg_veil.table_key AS k JOIN pg_veil.constrained_table AS t ON t.oid = k.conrelid
CROSS JOIN LATERAL pg_catalog.unnest(k.conkey) WITH ORDINALITY AS p(attnum, n)
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = p.attnum
WHERE k.kind = 'p';
CALL pg_veil.make_cluster_wide('pg_veil.own_primary_keys', 'show_primary_keys');
CREATE VIEW pg_veil.own_foreign_keys AS
SELECT pg_catalog.current_database()::varchar AS pk_database_name, r.schema_name::varchar AS pk_schema_name, r.table_name::varchar AS pk_table_name,
  ra.attname::varchar AS pk_column_name, pg_catalog.current_database()::varchar AS fk_database_name, t.schema_name::varchar AS fk_schema_name,
  t.table_name::varchar AS fk_table_name, a.attname::varchar AS fk_column_name, p.n::integer AS key_seq, k.name::varchar AS fk_name,
  pk.name::varchar AS pk_name, NULL::smallint AS update_rule, NULL::smallint AS delete_rule, NULL::smallint AS deferrability
FROM pg_veil.table_key AS k JOIN pg_veil.constrained_table AS t ON t.oid = k.conrelid
JOIN pg_veil.constrained_table AS r ON r.oid = k.confrelid
CROSS JOIN LATERAL ROWS FROM (pg_catalog.unnest(k.conkey), pg_catalog.unnest(k.confkey)) WITH ORDINALITY AS p(attnum, rattnum, n)
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = p.attnum
JOIN pg_catalog.pg_attribute AS ra ON ra.attrelid = k.confrelid AND ra.attnum = p.rattnum
LEFT JOIN pg_veil.table_key AS pk ON pk.conrelid = k.confrelid AND pk.kind = 'p' AND pk.conkey @> k.confkey AND pk.conkey <@ k.confkey
WHERE k.kind = 'f';
CALL pg_veil.make_cluster_wide('pg_veil.own_foreign_keys', 'show_foreign_keys');

-- Routines and their parameters. A type in a routine's list of arguments has no size, and intervals are called there as a cluster calls them
-- (redshift_connector, the tests of its metadata of procedures). The arguments of a procedure keep their sizes; those of a function have none
-- in a cluster either (redshift_connector, the tests of its metadata of functions).
CREATE FUNCTION pg_veil.listed_type(type oid, modifier integer) RETURNS varchar LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN type <> 'interval'::regtype THEN pg_veil.type_name(type, -1)
    WHEN (modifier >> 16) & 32767 = 6 THEN 'intervaly2m' ELSE 'intervald2s' END::varchar
$$;
CREATE VIEW pg_veil.listed_routine AS
SELECT p.oid, n.nspname AS schema_name, p.proname, p.prokind, p.prorettype, COALESCE(p.proargnames, pg_veil.argument_names(p.prosrc)) AS proargnames,
  COALESCE(p.proallargtypes, p.proargtypes::oid[]) AS types,
  COALESCE(p.proargmodes, pg_catalog.array_fill('i'::"char", ARRAY[p.pronargs::integer])) AS modes,
  pg_veil.argument_sizes(p.prosrc) AS sizes
FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_veil', 'pg_veil_private') AND p.prokind IN ('f', 'p')
  AND (pg_veil.is_superuser() OR p.proowner::integer = pg_veil.own_id()
    OR pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND pg_catalog.has_function_privilege(p.oid, 'EXECUTE'));
CREATE VIEW pg_veil.routine_parameter AS
SELECT r.oid, a.n::integer AS ordinal_position, COALESCE(r.proargnames[a.n], '') AS parameter_name,
  CASE a.mode WHEN 'i' THEN 'IN' WHEN 'o' THEN 'OUT' WHEN 'b' THEN 'INOUT' ELSE 'TABLE' END AS parameter_type,
  a.type, m.modifier, pg_veil.listed_type(a.type, m.modifier) AS listed_type,
  pg_veil.type_name(a.type, CASE a.type WHEN 'interval'::regtype THEN m.modifier ELSE -1 END) AS data_type
FROM pg_veil.listed_routine AS r CROSS JOIN LATERAL ROWS FROM (pg_catalog.unnest(r.types), pg_catalog.unnest(r.modes)) WITH ORDINALITY AS a(type, mode, n)
CROSS JOIN LATERAL (SELECT CASE WHEN r.prokind = 'p' OR a.type = 'interval'::regtype THEN COALESCE(pg_catalog.to_regtypemod(r.sizes[a.n]), -1)
  ELSE -1 END AS modifier) AS m;
CREATE VIEW pg_veil.own_routines AS
SELECT pg_catalog.current_database()::varchar AS database_name, r.schema_name::varchar, r.proname::varchar AS routine_name, r.prokind::varchar AS kind,
  (SELECT pg_catalog.count(*) FROM pg_veil.routine_parameter AS a WHERE a.oid = r.oid AND a.parameter_type IN ('IN', 'INOUT'))::integer AS number_of_arguments,
  COALESCE((SELECT pg_catalog.string_agg(a.listed_type, ', ' ORDER BY a.ordinal_position) FROM pg_veil.routine_parameter AS a
    WHERE a.oid = r.oid AND a.parameter_type IN ('IN', 'INOUT')), '')::varchar AS argument_list,
  CASE r.prokind WHEN 'f' THEN pg_veil.type_name(r.prorettype, -1) ELSE (SELECT pg_catalog.string_agg(a.listed_type, ', ' ORDER BY a.ordinal_position)
    FROM pg_veil.routine_parameter AS a WHERE a.oid = r.oid AND a.parameter_type IN ('OUT', 'INOUT')) END::varchar AS return_type,
  pg_catalog.obj_description(r.oid, 'pg_proc')::varchar AS remarks
FROM pg_veil.listed_routine AS r;
CALL pg_veil.make_cluster_wide('pg_veil.own_routines', 'every_routine');
CREATE VIEW pg_veil.show_procedures AS
SELECT database_name, schema_name, routine_name AS procedure_name, number_of_arguments, argument_list, return_type, remarks
FROM pg_veil.every_routine WHERE kind = 'p';
CREATE VIEW pg_veil.show_functions AS
SELECT database_name, schema_name, routine_name AS function_name, number_of_arguments, argument_list, return_type, remarks
FROM pg_veil.every_routine WHERE kind = 'f';
CREATE VIEW pg_veil.own_parameters AS
SELECT pg_catalog.current_database()::varchar AS database_name, r.schema_name::varchar, r.proname::varchar AS routine_name, r.prokind::varchar AS kind,
  COALESCE((SELECT pg_catalog.string_agg(i.listed_type, ', ' ORDER BY i.ordinal_position) FROM pg_veil.routine_parameter AS i
    WHERE i.oid = r.oid AND i.parameter_type IN ('IN', 'INOUT')), '')::varchar AS argument_list,
  a.parameter_name::varchar, a.ordinal_position, a.parameter_type::varchar, a.data_type,
  CASE WHEN a.data_type IN ('character varying', 'character') AND a.modifier > 4 THEN a.modifier - 4 END AS character_maximum_length,
  CASE a.data_type WHEN 'smallint' THEN 16 WHEN 'integer' THEN 32 WHEN 'bigint' THEN 64 WHEN 'real' THEN 24 WHEN 'double precision' THEN 53
    WHEN 'numeric' THEN CASE WHEN a.modifier > 4 THEN ((a.modifier - 4) >> 16) & 65535 END END AS numeric_precision,
  CASE WHEN a.data_type IN ('smallint', 'integer', 'bigint') THEN 0
    WHEN a.data_type = 'numeric' AND a.modifier > 4 THEN (a.modifier - 4) & 2047 END AS numeric_scale, NULL::varchar AS remarks
FROM pg_veil.listed_routine AS r JOIN (
  SELECT p.oid, p.ordinal_position, p.parameter_name, p.parameter_type, p.data_type, p.modifier FROM pg_veil.routine_parameter AS p
  UNION ALL SELECT f.oid, 0, '', 'RETURN', pg_veil.type_name(f.prorettype, -1), -1 FROM pg_veil.listed_routine AS f WHERE f.prokind = 'f'
) AS a ON a.oid = r.oid;
CALL pg_veil.make_cluster_wide('pg_veil.own_parameters', 'every_parameter');
CREATE VIEW pg_veil.show_procedure_parameters AS
SELECT database_name, schema_name, routine_name AS procedure_name, parameter_name, ordinal_position, parameter_type, data_type,
  character_maximum_length, numeric_precision, numeric_scale, remarks, argument_list
FROM pg_veil.every_parameter WHERE kind = 'p';
CREATE VIEW pg_veil.show_function_parameters AS
SELECT database_name, schema_name, routine_name AS function_name, parameter_name, ordinal_position, parameter_type, data_type,
  character_maximum_length, numeric_precision, numeric_scale, remarks, argument_list
FROM pg_veil.every_parameter WHERE kind = 'f';

-- A type as the list of arguments of a routine has it; what is none stays as it is.
CREATE FUNCTION pg_veil.argument_type(written text) RETURNS varchar LANGUAGE sql STABLE AS $$
  SELECT COALESCE(CASE WHEN pg_catalog.lower(written) ~ '^interval +(year|month)' THEN 'intervaly2m'
    WHEN pg_catalog.lower(written) ~ '^interval ' THEN 'intervald2s' END, pg_veil.type_name(pg_catalog.to_regtype(CASE WHEN pg_catalog.lower(written) ~ '^(varbyte|varbinary|binary varying)' THEN 'bytea'
    WHEN pg_catalog.lower(written) ~ '^n?varchar|^text' THEN 'varchar' ELSE written END)::oid, -1), written)::varchar
$$;
CREATE FUNCTION pg_veil.argument_list(VARIADIC written text[]) RETURNS varchar LANGUAGE sql STABLE AS $$
  SELECT COALESCE(pg_catalog.string_agg(pg_veil.argument_type(w.type), ', ' ORDER BY w.n), '')::varchar
  FROM pg_catalog.unnest(written) WITH ORDINALITY AS w(type, n)
$$;

-- Grants, and who granted them.
CREATE FUNCTION pg_veil.explode_with_grantor(acl aclitem[])
RETURNS TABLE (privilege_type varchar, identity_id integer, identity_name varchar, identity_type varchar, admin_option boolean, grantor_name varchar)
LANGUAGE sql STABLE AS $$
  SELECT x.privilege_type::varchar, x.grantee::integer, pg_veil.identity_name(x.grantee), pg_veil.identity_kind(x.grantee), x.is_grantable,
    pg_veil.identity_name(x.grantor)
  FROM pg_catalog.aclexplode(acl) AS x
  WHERE x.privilege_type NOT IN ('MAINTAIN', 'TRIGGER') AND pg_veil.may_see(x.grantee)
    AND (x.grantee = 0 OR pg_veil.identity_kind(x.grantee) IS NOT NULL)
$$;
CREATE VIEW pg_veil.own_table_grants AS
SELECT pg_catalog.current_database()::varchar AS database_name, n.nspname::varchar AS schema_name, c.relname::varchar AS object_name,
  CASE WHEN c.relkind IN ('v', 'm') THEN 'VIEW' ELSE 'TABLE' END::varchar AS object_type, x.privilege_type, x.identity_id, x.identity_name,
  x.identity_type, x.admin_option, 'TABLE'::varchar AS privilege_scope, x.grantor_name
FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
CROSS JOIN LATERAL pg_veil.explode_with_grantor(c.relacl) AS x
WHERE c.relkind IN ('r', 'v', 'm', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_veil', 'pg_veil_private')
  AND c.oid NOT IN (SELECT e.view FROM pg_veil.external_table AS e) AND x.identity_id <> c.relowner::integer;
CALL pg_veil.make_cluster_wide('pg_veil.own_table_grants', 'show_table_grants');
CREATE VIEW pg_veil.own_column_grants AS
SELECT pg_catalog.current_database()::varchar AS database_name, n.nspname::varchar AS schema_name, c.relname::varchar AS table_name,
  a.attname::varchar AS column_name, 'COLUMN'::varchar AS object_type, x.privilege_type, x.identity_id, x.identity_name, x.identity_type,
  x.admin_option, 'COLUMN'::varchar AS privilege_scope, x.grantor_name
FROM pg_catalog.pg_attribute AS a JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
CROSS JOIN LATERAL pg_veil.explode_with_grantor(a.attacl) AS x
WHERE a.attnum > 0 AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_veil', 'pg_veil_private');
CALL pg_veil.make_cluster_wide('pg_veil.own_column_grants', 'show_column_grants');

GRANT SELECT ON ALL TABLES IN SCHEMA pg_veil TO PUBLIC;

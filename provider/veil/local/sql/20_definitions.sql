-- Definitions as Redshift shows them: a late-binding view's and a routine's text exactly as they were submitted.
UPDATE pg_catalog.pg_proc SET proname = 'pg_viewdef' WHERE proname = 'pg_get_viewdef';
CREATE FUNCTION pg_veil.view_text(target oid) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT COALESCE((SELECT COALESCE(l.source, l.shown) FROM pg_veil.late_view AS l WHERE l.view = target),
    -- A view of Redshift's catalogs reads stand-ins for them, which show to nobody.
    pg_veil.regexp_replace_flags(pg_veil.regexp_replace_flags(pg_catalog.pg_viewdef(target, true),
      E'\\mpg_veil\\.(pg_[a-z_]+)', E'\\1', 'g'), E'\\mpg_veil\\.information_schema_', 'information_schema.', 'g'))
$$;
CREATE FUNCTION pg_catalog.pg_get_viewdef(oid) RETURNS text LANGUAGE sql STABLE AS $$ SELECT pg_veil.view_text($1) $$;
CREATE FUNCTION pg_catalog.pg_get_viewdef(oid, boolean) RETURNS text LANGUAGE sql STABLE AS $$ SELECT pg_veil.view_text($1) $$;
CREATE FUNCTION pg_catalog.pg_get_viewdef(oid, integer) RETURNS text LANGUAGE sql STABLE AS $$ SELECT pg_veil.view_text($1) $$;
CREATE FUNCTION pg_catalog.pg_get_viewdef(text) RETURNS text LANGUAGE sql STABLE AS $$ SELECT pg_veil.view_text($1::regclass) $$;
CREATE FUNCTION pg_catalog.pg_get_viewdef(text, boolean) RETURNS text LANGUAGE sql STABLE AS $$ SELECT pg_veil.view_text($1::regclass) $$;

CREATE OR REPLACE VIEW pg_catalog.pg_views AS
SELECT n.nspname AS schemaname, c.relname AS viewname, pg_catalog.pg_get_userbyid(c.relowner) AS viewowner, pg_veil.view_text(c.oid) AS definition
FROM pg_catalog.pg_class AS c LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind = 'v' AND n.nspname <> 'pg_veil' AND c.oid NOT IN (SELECT e.view FROM pg_veil.external_table AS e);

CREATE FUNCTION pg_veil.routine_text(body text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN body LIKE '%*/' AND body ~ '/\\*veil:[A-Za-z0-9+/=]+\\*/$' THEN pg_catalog.convert_from(
    pg_catalog.decode(pg_catalog.pg_regexp_replace(body, '^.*/\\*veil:([A-Za-z0-9+/=]*)\\*/$', E'\\1'), 'base64'), 'UTF8')
    ELSE body END
$$;

-- What is kept of a routine's arguments in comments at the end of its body: an array of texts, in their order; NULL where nothing is.
CREATE FUNCTION pg_veil.kept_of_arguments(body text, what text) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN k.found IS NOT NULL THEN
    (SELECT pg_catalog.array_agg(t.value ORDER BY t.n) FROM pg_catalog.jsonb_array_elements_text(
      pg_catalog.convert_from(pg_catalog.decode(k.found, 'base64'), 'UTF8')::pg_catalog.jsonb) WITH ORDINALITY AS t(value, n)) END
  FROM (SELECT pg_catalog.substring(body, E'\n/\\*veil_' || what || E':([A-Za-z0-9+/=]+)\\*/(?:\n/\\*veil_types:[A-Za-z0-9+/=]+\\*/)?\n/\\*veil:[A-Za-z0-9+/=]*\\*/$')
    AS found) AS k
$$;
-- The types of a routine's arguments with their sizes, which the server does not keep; NULL where none has any.
CREATE FUNCTION pg_veil.argument_sizes(body text) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$ SELECT pg_veil.kept_of_arguments(body, 'types') $$;
-- The names of a SQL function's arguments, by which its body cannot call them.
CREATE FUNCTION pg_veil.argument_names(body text) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$ SELECT pg_veil.kept_of_arguments(body, 'names') $$;

-- Routines with their bodies as they were submitted.
CREATE VIEW pg_veil.proc_verbatim AS
SELECT oid, proname, pronamespace, proowner, prolang, procost, prorows, provariadic, prosupport, prokind, prosecdef, proleakproof, proisstrict,
  proretset, provolatile, proparallel, pronargs, pronargdefaults, prorettype, proargtypes, proallargtypes, proargmodes,
  COALESCE(proargnames, pg_veil.argument_names(prosrc)) AS proargnames, proargdefaults, protrftypes, pg_veil.routine_text(prosrc) AS prosrc, probin, prosqlbody, proconfig, proacl, prokind = 'a' AS proisagg
FROM pg_catalog.pg_proc;

CREATE VIEW pg_catalog.pg_proc_info AS
SELECT oid AS prooid, proname, pronamespace, proowner, prolang, prosecdef, proleakproof, proisstrict, proretset, provolatile, proparallel, pronargs,
  pronargdefaults, prorettype, proargtypes, proallargtypes, proargmodes, proargnames, prosrc, probin, proconfig, proacl, prokind
FROM pg_veil.proc_verbatim;

CREATE FUNCTION pg_veil.procedure_text(target regprocedure) RETURNS text LANGUAGE sql STABLE AS $body$
  SELECT 'CREATE OR REPLACE PROCEDURE ' || pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(p.proname)
    || '(' || pg_catalog.pg_get_function_arguments(p.oid) || E')\nLANGUAGE plpgsql' || CASE WHEN p.prosecdef THEN ' SECURITY DEFINER' ELSE '' END
    || (SELECT coalesce(pg_catalog.string_agg(E'\nSET ' || pg_catalog.split_part(c, '=', 1) || ' TO '
      || pg_catalog.substr(c, pg_catalog.strpos(c, '=') + 1), '' ORDER BY c), '') FROM pg_catalog.unnest(p.proconfig) AS c)
    || E'\nAS $$' || p.prosrc || E'$$\n'
  FROM pg_veil.proc_verbatim AS p JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace WHERE p.oid = target
$body$;

-- Types as Redshift names them.
CREATE FUNCTION pg_veil.type_name(type oid, modifier integer) RETURNS varchar LANGUAGE sql STABLE AS $$
  SELECT CASE type
    WHEN 'text'::regtype THEN 'character varying' WHEN 'bytea'::regtype THEN 'binary varying' WHEN 'bpchar'::regtype
      THEN CASE WHEN modifier > 4 THEN 'character(' || modifier - 4 || ')' ELSE 'character' END
    WHEN 'interval'::regtype THEN CASE (modifier >> 16) & 32767 WHEN 6 THEN 'interval year to month' ELSE 'interval day to second' END
    WHEN 4000 THEN 'super' ELSE pg_catalog.format_type(type, modifier) END::varchar
$$;

-- Called with a column definition list: AS c(view_schema name, view_name name, col_name name, col_type varchar, col_num int).
CREATE FUNCTION pg_catalog.pg_get_late_binding_view_cols() RETURNS SETOF record LANGUAGE sql STABLE AS $$
  SELECT n.nspname, c.relname, a.attname, pg_veil.type_name(a.atttypid, a.atttypmod), a.attnum::integer
  FROM pg_veil.late_view AS l
  JOIN pg_catalog.pg_class AS c ON c.oid = l.view
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0
  WHERE l.problem IS NULL AND l.source IS NOT NULL
  ORDER BY n.nspname, c.relname, a.attnum
$$;

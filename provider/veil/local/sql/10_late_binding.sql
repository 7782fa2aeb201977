-- Late-binding views. Each is an ordinary PostgreSQL view whose recorded dependencies have been taken away, so that
-- what it reads can be dropped and changed at will. After any DDL that could matter an event trigger binds it again
-- from its text, in the same transaction. One that cannot be bound keeps its columns and raises the reason when read.
CREATE TABLE pg_veil.late_view (
  view oid PRIMARY KEY,
  source text,                    -- the statement as it was submitted; NULL for a bound view that reads a late-binding one
  shown text,                     -- what such a bound view shows as its definition: its query names copies, see below
  depends oid[] NOT NULL DEFAULT '{}',  -- what such a bound view was made over, and keeps from being dropped
  query text NOT NULL,            -- its SELECT, in PostgreSQL's words; see pg_veil.expanded for relations of other databases
  column_list text NOT NULL,      -- "(a, b)" where the statement names its columns, else empty
  output_names text[] NOT NULL,   -- what the SELECT list seems to be called, for a view that was never bound
  problem text                    -- why it is broken; NULL where it is bound
);
CREATE TABLE pg_veil.late_view_name (view oid NOT NULL, schema_name text NOT NULL, object_name text NOT NULL);
CREATE INDEX ON pg_veil.late_view_name (schema_name, object_name);
CREATE INDEX ON pg_veil.late_view_name (view);
CREATE TABLE pg_veil.late_view_bound (view oid NOT NULL, object oid NOT NULL);
CREATE INDEX ON pg_veil.late_view_bound (object);
CREATE INDEX ON pg_veil.late_view_bound (view);
-- A bound view contains the definition and the owner that the late-binding views below it had when it was made: it reads
-- copies of them, late-binding views of its own here in pg_veil, which go with it.
CREATE TABLE pg_veil.frozen_copy (number bigint GENERATED ALWAYS AS IDENTITY, view oid NOT NULL, copy oid);
CREATE INDEX ON pg_veil.frozen_copy (view);

-- IMMUTABLE, so that planning a query already evaluates it: reading no rows of a broken view must fail as well.
-- IMMUTABLE, so that the planner calls it: a broken view fails under LIMIT 0 or WHERE false, too.
CREATE FUNCTION pg_veil.broken(code text, message text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = code, MESSAGE = message;
END $$;

-- Takes the view's columns away, so that CREATE OR REPLACE may give it any others: owner, grants, comment and OID stay.
CREATE FUNCTION pg_veil.clear_columns(target oid) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = target AND objsubid > 0;
  WITH gone AS (DELETE FROM pg_attribute WHERE attrelid = target AND attnum > 0)
  UPDATE pg_class SET relnatts = 0 WHERE oid = target;
END $$;

CREATE FUNCTION pg_veil.view_name(target oid) RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname)
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE c.oid = target
$$;

CREATE FUNCTION pg_veil.view_columns(target oid) RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT string_agg(quote_ident(attname) || ' ' || format_type(atttypid, atttypmod), ',' ORDER BY attnum)
  FROM pg_attribute WHERE attrelid = target AND attnum > 0
$$;

-- The columns of a view with their types, NULL where it is none or is broken.
CREATE FUNCTION pg_veil.working_columns(target oid) RETURNS text[] LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT array_agg(quote_ident(attname) || ' ' || format_type(atttypid, atttypmod) ORDER BY attnum)
  FROM pg_attribute WHERE attrelid = target AND attnum > 0
    AND NOT EXISTS (SELECT 1 FROM pg_veil.late_view WHERE view = target AND problem IS NOT NULL)
$$;

-- The SELECT of a view that raises `message` when anybody reads it, with the columns it had or seems to have.
CREATE FUNCTION pg_veil.broken_query(target oid, names text[], code text, message text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT 'SELECT ' || COALESCE(string_agg('NULL::' || COALESCE(format_type(a.atttypid, a.atttypmod), 'varchar')
      || ' AS ' || quote_ident(n.name), ', ' ORDER BY n.position), '')
    || ' WHERE pg_veil.broken(' || quote_literal(code) || ', ' || quote_literal(message) || ')'
  FROM (SELECT DISTINCT ON (u.name) u.name, u.position FROM unnest(names) WITH ORDINALITY AS u(name, position)
    ORDER BY u.name, u.position) AS n
  LEFT JOIN pg_attribute AS a ON a.attrelid = target AND a.attname = n.name AND a.attnum > 0
$$;

-- Whether views are security barriers, decided when the engine is made.
CREATE FUNCTION pg_veil.barrier() RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'true' $$;

-- Fails where whoever asks has no USAGE on one of these schemas.
CREATE FUNCTION pg_veil.require_usage(schemas text[], asking text) RETURNS boolean LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  wanted text;
BEGIN
  FOREACH wanted IN ARRAY schemas LOOP
    IF NOT EXISTS (SELECT 1 FROM pg_namespace AS n WHERE n.nspname = wanted AND has_schema_privilege(asking::name, n.oid, 'USAGE')) THEN
      RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = 'permission denied for schema ' || wanted;
    END IF;
  END LOOP;
  RETURN true;
END $$;

-- The query of a late-binding view, where readers are told to need USAGE on the schemas below: veil.local.refusals.
CREATE FUNCTION pg_veil.for_users_of_schemas(query text, target oid) RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN pg_veil.is_refused('readers-usage') AND n.schemas IS NOT NULL
    THEN pg_veil.joined('SELECT * FROM (', query, ') AS asked WHERE pg_veil.require_usage(', quote_literal(n.schemas), ', CURRENT_USER::text)')
    ELSE query END
  FROM (SELECT array_agg(DISTINCT u.schema_name) AS schemas FROM pg_veil.late_view_name AS u
    JOIN pg_namespace AS s ON s.nspname = u.schema_name WHERE u.view = target AND u.schema_name NOT IN ('pg_catalog', 'pg_veil')) AS n
$$;

-- Binds one view to what its text names now. True if its columns changed.
CREATE FUNCTION pg_veil.bind(target oid) RETURNS boolean LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  late pg_veil.late_view; before text; names text[];
  head text := 'CREATE OR REPLACE VIEW ' || pg_veil.view_name(target);
  stub text; code text; message text; rule oid;
BEGIN
  PERFORM pg_advisory_xact_lock('pg_class'::regclass::oid::int, target::bigint::int);  -- another session may bind it, too
  late := (SELECT l FROM pg_veil.late_view AS l WHERE l.view = target);
  names := late.output_names;
  before := pg_veil.view_columns(target);
  IF names = '{}' THEN
    names := (SELECT array_agg(attname ORDER BY attnum) FROM pg_attribute WHERE attrelid = target AND attnum > 0);
  END IF;
  BEGIN
    PERFORM pg_veil.clear_columns(target);
    EXECUTE pg_veil.joined(head, late.column_list, ' WITH (security_barrier = ', pg_veil.barrier(), ') AS ',
      pg_veil.for_users_of_schemas(pg_veil.typed(pg_veil.expanded(late.query, target)), target));
    message := NULL;
  EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT;
  END;
  IF message IS NOT NULL THEN
    stub := pg_veil.broken_query(target, names, code, message);
    PERFORM pg_veil.clear_columns(target);
    EXECUTE head || ' WITH (security_barrier = false) AS ' || stub;
  END IF;
  UPDATE pg_veil.late_view SET problem = message WHERE view = target AND problem IS DISTINCT FROM message;
  rule := (SELECT r.oid FROM pg_rewrite AS r WHERE r.ev_class = target);
  DELETE FROM pg_veil.late_view_bound WHERE view = target;
  INSERT INTO pg_veil.late_view_bound SELECT DISTINCT target, refobjid FROM pg_depend
    WHERE classid = 'pg_rewrite'::regclass AND objid = rule AND refobjid <> target
      AND refclassid IN ('pg_class'::regclass, 'pg_proc'::regclass) AND message IS NULL
    -- Of a broken view, what its text names and is there.
    UNION SELECT target, c.oid FROM pg_veil.late_view_name AS u JOIN pg_namespace AS n ON n.nspname = u.schema_name
      JOIN pg_class AS c ON c.relnamespace = n.oid AND c.relname = u.object_name WHERE u.view = target AND message IS NOT NULL;
  DELETE FROM pg_depend WHERE classid = 'pg_rewrite'::regclass AND objid = rule AND refobjid <> target;
  INSERT INTO pg_depend SELECT 'pg_rewrite'::regclass, rule, 0, 'pg_class'::regclass, c.oid, 0, 'n' FROM pg_class AS c
    WHERE c.oid = ANY (late.depends);
  RETURN before IS DISTINCT FROM pg_veil.view_columns(target);
END $$;

-- Late-binding views that read any of these, by what they are bound to or by name.
CREATE FUNCTION pg_veil.readers(objects oid[], schemas text[], names text[]) RETURNS oid[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT COALESCE(array_agg(DISTINCT found.view), '{}') FROM (
    SELECT b.view FROM pg_veil.late_view_bound AS b WHERE b.object = ANY (objects)
    UNION ALL
    SELECT n.view FROM unnest(schemas, names) AS u(s, n) JOIN pg_veil.late_view_name AS n ON n.schema_name = u.s AND n.object_name = u.n
  ) AS found
  WHERE found.view <> ALL (objects)
$$;

-- Those of the views that read another one of them.
CREATE FUNCTION pg_veil.waiting(views oid[]) RETURNS oid[] LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT COALESCE(array_agg(DISTINCT found.view), '{}') FROM (
    SELECT b.view FROM pg_veil.late_view_bound AS b WHERE b.object = ANY (views) AND b.view <> b.object
    UNION ALL
    SELECT u.view FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
      JOIN pg_veil.late_view_name AS u ON u.schema_name = n.nspname AND u.object_name = c.relname
      WHERE c.oid = ANY (views) AND u.view <> c.oid
  ) AS found
  WHERE found.view = ANY (views)
$$;

-- These late-binding views and all that read them, directly or through others; each after those that it reads.
CREATE FUNCTION pg_veil.with_readers(views oid[]) RETURNS oid[] LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  found oid[] := '{}'; latest oid[] := ARRAY(SELECT DISTINCT unnest(views)); ready oid[]; ordered oid[] := '{}';
BEGIN
  WHILE latest <> '{}' LOOP
    found := found || latest;
    latest := ARRAY(SELECT unnest(pg_veil.readers(array_agg(c.oid), array_agg(n.nspname::text), array_agg(c.relname::text)))
      FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE c.oid = ANY (latest)
      EXCEPT SELECT unnest(found));
  END LOOP;
  WHILE found <> '{}' LOOP
    ready := ARRAY(SELECT unnest(found) EXCEPT SELECT unnest(pg_veil.waiting(found)) ORDER BY 1);
    IF ready = '{}' THEN ready := found[1:1]; END IF;  -- they read each other in a circle
    ordered := ordered || ready;
    found := ARRAY(SELECT unnest(found) EXCEPT SELECT unnest(ready));
  END LOOP;
  RETURN ordered;
END $$;

-- Locks these views and all that read them. A query locks a view before what the view reads, so whoever changes several
-- has to do the same: the other way round every reader would be a deadlock.
CREATE FUNCTION pg_veil.lock_views(views oid[]) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  ordered oid[] := pg_veil.with_readers(views); owner text;
  was text := COALESCE(pg_current_setting('pg_veil.busy', true), '');
BEGIN
  PERFORM set_config('pg_veil.busy', 'on', true);
  FOR at IN REVERSE cardinality(ordered) .. 1 LOOP
    PERFORM pg_advisory_xact_lock('pg_class'::regclass::oid::int, ordered[at]::bigint::int);  -- as pg_veil.bind does, and in its order
    SELECT pg_get_userbyid(relowner) INTO owner FROM pg_class WHERE oid = ordered[at];
    IF FOUND THEN  -- LOCK TABLE would lock all that the view reads, too; this changes nothing.
      EXECUTE 'ALTER VIEW ' || pg_veil.view_name(ordered[at]) || ' OWNER TO ' || quote_ident(owner);
    END IF;
  END LOOP;
  PERFORM set_config('pg_veil.busy', was, true);
END $$;

-- Binds all of these and, where their columns change, what reads them; a view after the views that it reads.
CREATE FUNCTION pg_veil.bind_all(views oid[]) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  todo oid[] := views; ready oid[]; changed oid[]; done oid[] := '{}'; target oid;
BEGIN
  PERFORM pg_veil.lock_views(views);
  WHILE todo <> '{}' LOOP
    ready := ARRAY(SELECT unnest(todo) EXCEPT SELECT unnest(pg_veil.waiting(todo)) ORDER BY 1);
    IF ready = '{}' THEN ready := todo[1:1]; END IF;  -- they read each other in a circle
    changed := '{}';
    FOREACH target IN ARRAY ready LOOP
      IF EXISTS (SELECT 1 FROM pg_veil.late_view WHERE view = target) AND pg_veil.bind(target) THEN
        changed := changed || target;
      END IF;
    END LOOP;
    done := done || ready;
    todo := ARRAY(SELECT unnest(todo) UNION SELECT unnest(pg_veil.readers(changed, c.schemas, c.names))
      FROM (SELECT array_agg(n.nspname::text) AS schemas, array_agg(r.relname::text) AS names
        FROM pg_class AS r JOIN pg_namespace AS n ON n.oid = r.relnamespace WHERE r.oid = ANY (changed)) AS c
      EXCEPT SELECT unnest(done));
  END LOOP;
END $$;

-- Locks the views that read these relations and are bound again once those are changed.
CREATE FUNCTION pg_veil.lock_readers(relations oid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM pg_veil.lock_views(pg_veil.readers(array_agg(c.oid), array_agg(n.nspname::text), array_agg(c.relname::text)))
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    -- Nobody locks out the readers of what is not theirs to change.
    WHERE c.oid = ANY (relations) AND (pg_has_role(SESSION_USER, c.relowner, 'USAGE') OR pg_has_role(SESSION_USER, n.nspowner, 'USAGE'));
END $$;

-- What the gateway calls for statements that change or drop relations that views may read. It runs as the caller.
CREATE PROCEDURE pg_veil.change_relations(relations text[], statement text) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_veil.lock_readers(ARRAY(SELECT pg_catalog.to_regclass(each)::oid FROM pg_catalog.unnest(relations) AS each));
  EXECUTE statement;
END $$;

-- The same for those that may not run in a transaction block.
CREATE PROCEDURE pg_veil.change_relations_outside_blocks(relations text[], statement text) LANGUAGE plpgsql AS $$
BEGIN
  COMMIT;
  PERFORM pg_veil.lock_readers(ARRAY(SELECT pg_catalog.to_regclass(each)::oid FROM pg_catalog.unnest(relations) AS each));
  EXECUTE statement;
END $$;

-- Runs a statement unless one of the relations is a view (or, where `kind` is 'late', a late-binding one). It runs as the caller.
CREATE PROCEDURE pg_veil.unless(relations text[], kind text, what text, statement text) LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM pg_catalog.unnest(relations) AS each JOIN pg_catalog.pg_class AS c ON c.oid = pg_catalog.to_regclass(each)
      WHERE CASE WHEN kind = 'view' THEN c.relkind = 'v' ELSE c.oid IN (SELECT l.view FROM pg_veil.late_view AS l WHERE l.source IS NOT NULL) END) THEN
    RAISE EXCEPTION USING ERRCODE = '0A000', MESSAGE = what || ' is not supported';
  END IF;
  EXECUTE statement;
END $$;

-- What the gateway calls for CREATE [OR REPLACE] VIEW ... WITH NO SCHEMA BINDING. It runs as the caller and does an
-- ordinary CREATE or ALTER VIEW, so that PostgreSQL itself checks who may; the event trigger does the rest.
CREATE PROCEDURE pg_veil.create_late_view(
  target text, replace boolean, schemas text[], definition text, signature text
) LANGUAGE plpgsql AS $$
DECLARE
  existing oid := pg_catalog.to_regclass(target);
  missing text := (SELECT s FROM pg_catalog.unnest(schemas) AS s WHERE s NOT IN (SELECT nspname FROM pg_catalog.pg_namespace) LIMIT 1);
  kept text[] := CASE WHEN pg_veil.is_refused('other-columns') THEN pg_veil.working_columns(existing) END;
BEGIN
  IF missing IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = '3F000', MESSAGE = 'schema "' || missing || '" does not exist';
  END IF;
  PERFORM pg_veil.lock_readers(ARRAY[existing]);
  PERFORM pg_catalog.set_config('pg_veil.late_view', pg_veil.joined(signature, definition), true);
  IF existing IS NULL OR NOT replace THEN
    EXECUTE 'CREATE VIEW ' || target || ' WITH (security_barrier = true) AS SELECT';
  ELSE
    EXECUTE 'ALTER VIEW ' || target || ' SET (security_barrier = true)';
  END IF;
  IF kept <> pg_veil.working_columns(existing) THEN
    RAISE EXCEPTION USING ERRCODE = '42P16', MESSAGE = 'cannot change number, names or data types of view columns';
  END IF;
  PERFORM pg_catalog.set_config('pg_veil.late_view', '', true);
END $$;

-- The definition of a signed one. Its query runs through the superuser's hands, and anybody can set a parameter to anything.
CREATE FUNCTION pg_veil_private.verified(signed text) RETURNS jsonb LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  key bytea := (SELECT k.key FROM pg_veil_private.signing_key AS k);
  text_signed bytea := convert_to(substr(signed, 65), 'UTF8');
BEGIN
  IF left(signed, 64) IS DISTINCT FROM encode(sha256(key || sha256(key || text_signed)), 'hex') THEN
    RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = 'permission denied for parameter pg_veil.late_view';
  END IF;
  RETURN substr(signed, 65);
END $$;

CREATE FUNCTION pg_veil.register_late_view(target oid, definition jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO pg_veil.late_view (view, source, query, column_list, output_names)
  VALUES (target, definition ->> 'source', definition ->> 'query', definition ->> 'column_list',
    ARRAY(SELECT jsonb_array_elements_text(definition -> 'output_names')))
  ON CONFLICT (view) DO UPDATE SET source = excluded.source, query = excluded.query,
    column_list = excluded.column_list, output_names = excluded.output_names, shown = NULL, depends = '{}';
  DELETE FROM pg_veil.late_view_name WHERE view = target;
  INSERT INTO pg_veil.late_view_name SELECT DISTINCT target, n ->> 0, n ->> 1 FROM jsonb_array_elements(definition -> 'names') AS n;
END $$;

-- A late-binding view of our own with the definition, owner and grants that this one has now, for a view that reads it.
CREATE FUNCTION pg_veil.copy_late_view(original oid, reader oid) RETURNS oid LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  late pg_veil.late_view := (SELECT l FROM pg_veil.late_view AS l WHERE l.view = original);
  copy_number bigint; copy_name text; copy oid;
BEGIN
  IF late.problem IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = '42P01', MESSAGE = late.problem;
  END IF;
  INSERT INTO pg_veil.frozen_copy (view) VALUES (reader) RETURNING number INTO copy_number;
  copy_name := 'pg_veil.frozen_' || copy_number;
  EXECUTE 'CREATE VIEW ' || copy_name || ' AS SELECT';
  copy := copy_name::regclass;
  UPDATE pg_veil.frozen_copy AS f SET copy = copy_name::regclass WHERE f.number = copy_number;
  EXECUTE 'ALTER VIEW ' || copy_name || ' OWNER TO ' || quote_ident(pg_get_userbyid((SELECT relowner FROM pg_class WHERE oid = original)));
  UPDATE pg_class SET relacl = (SELECT relacl FROM pg_class WHERE oid = original) WHERE oid = copy;
  INSERT INTO pg_veil.late_view (view, query, column_list, output_names) VALUES (copy, late.query, late.column_list, late.output_names);
  INSERT INTO pg_veil.late_view_name SELECT copy, n.schema_name, n.object_name FROM pg_veil.late_view_name AS n WHERE n.view = original;
  PERFORM pg_veil.freeze(copy, ARRAY(SELECT object FROM pg_veil.late_view_bound WHERE view = original));
  RETURN copy;
END $$;

-- Binds a view for the first time, over copies of those late-binding views among what it reads. While it is bound each copy
-- has the name of its original; from then on the text of the view names the copies.
CREATE FUNCTION pg_veil.freeze(target oid, reads oid[]) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  originals oid[] := ARRAY(SELECT view FROM pg_veil.late_view WHERE view = ANY (reads) AND source IS NOT NULL ORDER BY view);
  copies oid[] := ARRAY(SELECT pg_veil.copy_late_view(o, target) FROM unnest(originals) AS o);
  had jsonb;
BEGIN
  had := (SELECT jsonb_agg(jsonb_build_object('oid', oid, 'name', relname, 'schema', relnamespace)) FROM pg_class WHERE oid = ANY (originals || copies));
  UPDATE pg_class SET relname = 'veil_hidden_' || oid WHERE oid = ANY (originals);
  UPDATE pg_class AS c SET relname = h ->> 'name', relnamespace = (h ->> 'schema')::oid
    FROM unnest(originals, copies) AS u(original, copy) JOIN jsonb_array_elements(had) AS h ON (h ->> 'oid')::oid = u.original
    WHERE c.oid = u.copy;
  PERFORM pg_veil.bind(target);
  UPDATE pg_class AS c SET relname = h ->> 'name', relnamespace = (h ->> 'schema')::oid
    FROM jsonb_array_elements(had) AS h WHERE c.oid = (h ->> 'oid')::oid AND c.oid = ANY (copies);
  UPDATE pg_class AS c SET relname = h ->> 'name' FROM jsonb_array_elements(had) AS h
    WHERE c.oid = (h ->> 'oid')::oid AND c.oid = ANY (originals);
  IF originals = '{}' THEN RETURN; END IF;
  UPDATE pg_veil.late_view SET query = rtrim(pg_viewdef(target), ';'), column_list = '' WHERE view = target;
  DELETE FROM pg_veil.late_view_name AS n USING pg_class AS c JOIN pg_namespace AS s ON s.oid = c.relnamespace
    WHERE n.view = target AND c.oid = ANY (originals) AND n.schema_name = s.nspname AND n.object_name = c.relname;
  INSERT INTO pg_veil.late_view_name SELECT target, 'pg_veil', relname FROM pg_class WHERE oid = ANY (copies);
END $$;

-- What a materialized view must not read, by "Limitations" of CREATE MATERIALIZED VIEW in Redshift's documentation: standard
-- views, which to this engine late-binding ones are too, and system tables and views. No page has the error. Of temporary tables
-- PostgreSQL knows. No dependency on its own catalog is recorded, so that the rule itself is asked what it reads.
CREATE FUNCTION pg_veil.check_materialized_view(target oid) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  refused text;
BEGIN
  SELECT n.nspname || '.' || c.relname INTO refused FROM pg_rewrite AS r
    CROSS JOIN regexp_matches(r.ev_action::text, ':relid ([0-9]+)', 'g') AS m
    JOIN pg_class AS c ON c.oid = m[1]::oid JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE r.ev_class = target AND c.oid <> target
      AND (c.relkind = 'v' OR n.nspname IN ('pg_catalog', 'information_schema', 'pg_veil'))
    ORDER BY 1 LIMIT 1;
  IF refused IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = '0A000', MESSAGE = 'a materialized view cannot reference ' || refused,
      HINT = 'Amazon Redshift takes no standard views and no system tables or views there.';
  END IF;
END $$;

-- Takes away the copies that these views had for themselves.
CREATE FUNCTION pg_veil.drop_copies(views oid[]) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  copies oid[] := ARRAY(WITH RECURSIVE below AS (
      SELECT f.copy FROM pg_veil.frozen_copy AS f WHERE f.view = ANY (views)
      UNION SELECT f.copy FROM below AS b JOIN pg_veil.frozen_copy AS f ON f.view = b.copy
    ) SELECT copy FROM below ORDER BY copy);
  copy oid;
BEGIN
  DELETE FROM pg_veil.frozen_copy WHERE view = ANY (views || copies);
  FOREACH copy IN ARRAY copies LOOP
    EXECUTE 'DROP VIEW ' || pg_veil.view_name(copy);
  END LOOP;
  PERFORM pg_veil.forget(copies);
END $$;

CREATE FUNCTION pg_veil.forget(views oid[]) RETURNS void LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  DELETE FROM pg_veil.late_view_name WHERE view = ANY (views);
  DELETE FROM pg_veil.late_view_bound WHERE view = ANY (views);
  DELETE FROM pg_veil.late_view WHERE view = ANY (views);
$$;

-- A bound view over a late-binding one reads it as it is now, whatever becomes of it. Since the copies that it reads may get
-- other columns with their tables, it is bound again like those, from its own text; so is a bound view over such a one.
CREATE FUNCTION pg_veil.register_bound_view(target oid) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  reads oid[] := ARRAY(SELECT DISTINCT d.refobjid FROM pg_rewrite AS r JOIN pg_depend AS d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
    WHERE r.ev_class = target AND d.refobjid <> target AND d.refclassid = 'pg_class'::regclass);
  definition text := pg_viewdef(target, true);
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_veil.late_view WHERE view = ANY (reads)) THEN RETURN; END IF;
  INSERT INTO pg_veil.late_view (view, shown, depends, query, column_list, output_names)
    VALUES (target, definition, reads, rtrim(pg_viewdef(target), ';'), '', '{}');
  INSERT INTO pg_veil.late_view_name SELECT target, n.nspname, c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.oid = ANY (reads);
  PERFORM pg_veil.freeze(target, reads);
END $$;

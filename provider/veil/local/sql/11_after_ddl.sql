-- What has to happen after DDL, in the same transaction and whoever ran it: the event triggers run as the superuser.
-- A view is read only (CREATE VIEW). PostgreSQL would write through a simple one; the trigger for rows is what makes the other one fire.
CREATE FUNCTION pg_veil.refuse_view() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = '0A000', MESSAGE = pg_catalog.lower(TG_OP) || ' on a view is not supported',
    HINT = 'Amazon Redshift has no updatable views.';
END $$;
CREATE FUNCTION pg_veil.after_view(target oid, definition text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF definition <> '' THEN
    PERFORM set_config('pg_veil.late_view', '', true);
    PERFORM pg_veil.register_late_view(target, pg_veil_private.verified(definition));
    PERFORM pg_veil.bind_all(ARRAY[target]);
    PERFORM pg_veil.drop_copies(ARRAY[target]);
  ELSE
    PERFORM pg_veil.drop_copies(ARRAY[target]);
    PERFORM pg_veil.forget(ARRAY[target]);
    PERFORM pg_veil.register_bound_view(target);
    EXECUTE 'ALTER VIEW ' || pg_veil.view_name(target) || ' SET (security_barrier = ' || pg_veil.barrier() || ')';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM pg_trigger WHERE tgrelid = target) THEN
    EXECUTE 'CREATE TRIGGER read_only BEFORE INSERT OR UPDATE OR DELETE ON ' || pg_veil.view_name(target) || ' EXECUTE FUNCTION pg_veil.refuse_view()';
    EXECUTE 'CREATE TRIGGER read_only_rows INSTEAD OF INSERT OR UPDATE OR DELETE ON ' || pg_veil.view_name(target)
      || ' FOR EACH ROW EXECUTE FUNCTION pg_veil.refuse_view()';
  END IF;
END $$;

-- Redshift: a new procedure belongs to its owner alone, while a new function is everybody's.
CREATE FUNCTION pg_veil.after_procedure(target oid) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM pg_proc WHERE oid = target AND prokind = 'p' AND proacl IS NULL) THEN
    EXECUTE 'REVOKE EXECUTE ON PROCEDURE ' || target::regprocedure || ' FROM PUBLIC';
  END IF;
END $$;

CREATE FUNCTION pg_veil.after_ddl() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  done record; definition text := COALESCE(pg_current_setting('pg_veil.late_view', true), '');
  objects oid[] := '{}'; schemas text[] := '{}'; names text[] := '{}'; everything boolean := false;
BEGIN
  IF pg_current_setting('pg_veil.busy', true) = 'on' THEN RETURN; END IF;
  PERFORM set_config('pg_veil.busy', 'on', true);
  FOR done IN SELECT d.classid, d.objid, d.command_tag, COALESCE(c.relname, p.proname)::text AS name, n.nspname::text AS schema_name, c.relkind
    FROM pg_event_trigger_ddl_commands() AS d
    LEFT JOIN pg_class AS c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
    LEFT JOIN pg_proc AS p ON d.classid = 'pg_proc'::regclass AND p.oid = d.objid
    LEFT JOIN pg_namespace AS n ON n.oid = COALESCE(c.relnamespace, p.pronamespace)
  LOOP
    IF done.relkind = 'v' AND (done.command_tag = 'CREATE VIEW' OR definition <> '') THEN
      PERFORM pg_veil.after_view(done.objid, definition);
    ELSIF done.relkind = 'm' AND done.command_tag = 'CREATE MATERIALIZED VIEW' THEN
      PERFORM pg_veil.check_materialized_view(done.objid);
    ELSIF done.command_tag = 'CREATE PROCEDURE' THEN
      PERFORM pg_veil.after_procedure(done.objid);
    ELSIF done.command_tag = 'ALTER SCHEMA' THEN
      everything := true;
    END IF;
    IF done.relkind IN ('r', 'v', 'm') AND done.command_tag IN ('CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO', 'CREATE VIEW', 'CREATE MATERIALIZED VIEW') THEN
      PERFORM pg_veil.give_scoped(done.objid);
    END IF;
    IF done.name IS NOT NULL THEN
      objects := objects || done.objid; schemas := schemas || done.schema_name; names := names || done.name;
    END IF;
  END LOOP;
  IF everything THEN
    PERFORM pg_veil.bind_all(ARRAY(SELECT view FROM pg_veil.late_view));
  ELSE
    PERFORM pg_veil.bind_all(pg_veil.readers(objects, schemas, names));
  END IF;
  PERFORM set_config('pg_veil.busy', '', true);
END $$;

CREATE FUNCTION pg_veil.after_drop() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  objects oid[]; schemas text[]; names text[];
BEGIN
  IF pg_current_setting('pg_veil.busy', true) = 'on' THEN RETURN; END IF;
  PERFORM set_config('pg_veil.busy', 'on', true);
  -- A routine has no object_name, only an identity; a table's columns come with the table or by themselves.
  SELECT array_agg(d.objid), array_agg(d.schema_name), array_agg(d.object_name) INTO objects, schemas, names
    FROM pg_event_trigger_dropped_objects() AS d WHERE d.classid IN ('pg_class'::regclass, 'pg_proc'::regclass);
  IF objects IS NOT NULL THEN
    PERFORM pg_veil.drop_copies(objects);
    PERFORM pg_veil.forget(objects);
    PERFORM pg_veil.bind_all(pg_veil.readers(objects, schemas, names));
  END IF;
  PERFORM set_config('pg_veil.busy', '', true);
END $$;

CREATE EVENT TRIGGER pg_veil_after_ddl ON ddl_command_end
  WHEN TAG IN ('CREATE VIEW', 'ALTER VIEW', 'CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO', 'ALTER TABLE', 'CREATE FUNCTION', 'ALTER FUNCTION',
    'CREATE PROCEDURE', 'CREATE MATERIALIZED VIEW', 'ALTER SCHEMA')
  EXECUTE FUNCTION pg_veil.after_ddl();
CREATE EVENT TRIGGER pg_veil_after_drop ON sql_drop EXECUTE FUNCTION pg_veil.after_drop();

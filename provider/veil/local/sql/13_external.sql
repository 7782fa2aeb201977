-- Spectrum: external schemas and tables. An external table is a view over rows that the gateway reads from files; what the
-- data catalog knows of it comes from the gateway, too. The data catalog belongs to no database: each sees all of it.
CREATE TABLE pg_veil.external_schema (schema oid PRIMARY KEY, database_name text NOT NULL, options text NOT NULL);
CREATE TABLE pg_veil.external_table (view oid PRIMARY KEY, definition jsonb NOT NULL);

CREATE FUNCTION pg_veil.register_external_schema(schema oid, database_name text, options text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ INSERT INTO pg_veil.external_schema VALUES ($1, $2, $3) $$;

-- The data catalog's database behind an external schema that the current user owns.
CREATE FUNCTION pg_veil.owned_external_schema(name text) RETURNS text LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  schema pg_catalog.pg_namespace := (SELECT n FROM pg_catalog.pg_namespace AS n WHERE n.nspname = name);
  found text := (SELECT e.database_name FROM pg_veil.external_schema AS e WHERE e.schema = schema.oid);
BEGIN
  IF schema.oid IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = '3F000', MESSAGE = 'schema "' || name || '" does not exist';
  ELSIF found IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = '0A000', MESSAGE = 'schema "' || name || '" is not an external schema',
      HINT = 'External tables are made in a schema that CREATE EXTERNAL SCHEMA has made.';
  ELSIF NOT pg_catalog.pg_has_role(schema.nspowner, 'USAGE') THEN
    RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = 'must be owner of schema ' || name;
  END IF;
  RETURN found;
END $$;

-- External DDL, for the procedures below. What it could do by itself is no more than their callers may.
CREATE FUNCTION pg_veil.ask_catalog(question jsonb) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF question ->> 'kind' IN ('rows', 'catalog', 'files', 'lambda') THEN RAISE EXCEPTION 'not a question about the data catalog'; END IF;
  PERFORM pg_veil_private.ask('VEIL2', question::text);
END $$;

-- The COMMIT fails in a transaction block, where Redshift has no external DDL; and it lets the gateway see what is new.
CREATE PROCEDURE pg_veil.create_external_schema(name text, if_not_exists boolean, catalog_database text, make_database boolean, options text) LANGUAGE plpgsql AS $$
DECLARE
  asked jsonb := pg_catalog.jsonb_build_object('kind', 'create_external_schema', 'database', catalog_database, 'make', make_database);
BEGIN
  IF if_not_exists AND EXISTS (SELECT 1 FROM pg_catalog.pg_namespace AS n WHERE n.nspname = name) THEN RETURN; END IF;
  EXECUTE 'CREATE SCHEMA ' || pg_catalog.quote_ident(name);
  PERFORM pg_veil.register_external_schema(n.oid, catalog_database, options) FROM pg_catalog.pg_namespace AS n WHERE n.nspname = name;
  COMMIT;
  PERFORM pg_veil.ask_catalog(asked);
END $$;

-- `change` is what the gateway is asked to do to a table of the data catalog.
CREATE PROCEDURE pg_veil.change_external_table(schema_name text, change jsonb) LANGUAGE plpgsql AS $$
DECLARE
  catalog_database text := pg_veil.owned_external_schema(schema_name);
BEGIN
  COMMIT;
  PERFORM pg_veil.ask_catalog(change || pg_catalog.jsonb_build_object('database', catalog_database));
END $$;

CREATE PROCEDURE pg_veil.drop_external_schema(name text, if_exists boolean, drop_database boolean) LANGUAGE plpgsql AS $$
DECLARE
  catalog_database text;
BEGIN
  IF if_exists AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_namespace AS n WHERE n.nspname = name) THEN RETURN; END IF;
  catalog_database := pg_veil.owned_external_schema(name);
  EXECUTE 'DROP SCHEMA ' || pg_catalog.quote_ident(name) || ' CASCADE';
  COMMIT;
  PERFORM pg_veil.ask_catalog(pg_catalog.jsonb_build_object('kind', 'drop_external_schema', 'database', catalog_database, 'drop_database', drop_database));
END $$;

-- What an external table's view reads. Nobody has permissions on single external tables: USAGE on the schema is what
-- counts, and that of the user who asks, through a view as well.
CREATE FUNCTION pg_veil_private.external_rows(schema oid, catalog_database text, table_name text, asking text) RETURNS json
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT has_schema_privilege(asking::name, schema, 'USAGE') THEN
    RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = 'permission denied for schema ' || schema::regnamespace;
  END IF;
  RETURN pg_veil_private.ask('VEIL2', jsonb_build_object('kind', 'files', 'database', catalog_database, 'table', table_name)::text);
END $$;

-- The same test when a query is planned: a cluster asks for the permission whether rows are read or not. It is called immutable so that it
-- is computed then, where nothing is executed too; what a plan computed that is kept for another user, `external_rows` tests again.
-- Source: Amazon Redshift Database Developer Guide, "External tables for Redshift Spectrum", of what it takes to run a query.
CREATE FUNCTION pg_veil_private.usable_schema(schema oid) RETURNS oid LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT has_schema_privilege(schema, 'USAGE') THEN
    RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = 'permission denied for schema ' || schema::regnamespace;
  END IF;
  RETURN schema;
END $$;

CREATE FUNCTION pg_veil.external_query(schema oid, catalog_database text, table_name text, definition jsonb) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT 'SELECT ' || string_agg('r.' || quote_ident(c.v ->> 'name'), ', ' ORDER BY c.n)
    || format(' FROM json_to_recordset(pg_veil_private.external_rows(pg_veil_private.usable_schema(%s), %L, %L, CURRENT_USER)) AS r(', schema, catalog_database, table_name)
    || string_agg(quote_ident(c.v ->> 'name') || ' ' || (c.v ->> 'type'), ', ' ORDER BY c.n) || ')'
  FROM jsonb_array_elements(definition -> 'columns') WITH ORDINALITY AS c(v, n)
$$;

-- What the gateway calls, as the superuser: makes the external tables of this database like those of a data catalog's database.
CREATE PROCEDURE pg_veil.sync_external(catalog_database text, tables jsonb) LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  home record; stale record; changed text[]; one record;
BEGIN
  PERFORM set_config('pg_veil.busy', 'on', true);
  FOR home IN SELECT n.oid, n.nspname, pg_get_userbyid(n.nspowner) AS owner FROM pg_veil.external_schema AS e JOIN pg_namespace AS n ON n.oid = e.schema WHERE e.database_name = catalog_database LOOP
    changed := '{}';
    FOR stale IN SELECT c.oid, c.relname::text AS name FROM pg_class AS c JOIN pg_veil.external_table AS t ON t.view = c.oid
      WHERE c.relnamespace = home.oid AND t.definition IS DISTINCT FROM tables -> c.relname
    LOOP
      EXECUTE format('DROP VIEW %I.%I', home.nspname, stale.name);
      DELETE FROM pg_veil.external_table WHERE view = stale.oid;
      changed := changed || stale.name;
    END LOOP;
    FOR one IN SELECT t.key, t.value FROM jsonb_each(tables) AS t WHERE NOT EXISTS (SELECT 1 FROM pg_class AS c WHERE c.relnamespace = home.oid AND c.relname = t.key) LOOP
      EXECUTE format('CREATE VIEW %I.%I AS %s', home.nspname, one.key, pg_veil.external_query(home.oid, catalog_database, one.key, one.value));
      EXECUTE format('GRANT SELECT ON %I.%I TO PUBLIC', home.nspname, one.key);
      EXECUTE format('ALTER VIEW %I.%I OWNER TO %I', home.nspname, one.key, home.owner);
      INSERT INTO pg_veil.external_table SELECT c.oid, one.value FROM pg_class AS c WHERE c.relnamespace = home.oid AND c.relname = one.key;
      changed := changed || one.key;
    END LOOP;
    PERFORM pg_veil.bind_all(pg_veil.readers('{}', array_fill(home.nspname::text, ARRAY[cardinality(changed)]), changed));
  END LOOP;
  PERFORM set_config('pg_veil.busy', '', true);
END $$;

-- Relations of other databases. `a.b.c` becomes the stand-in view pg_veil."a.b.c", whose rows the gateway fetches when it
-- is read. The gateway makes it before the first statement that names it, and again when the relation changes.
CREATE TABLE pg_veil.foreign_relation (
  name text PRIMARY KEY, database_name text NOT NULL, schema_name text NOT NULL, table_name text NOT NULL,
  columns jsonb                   -- [[name, type], ...]; NULL while there is no such relation
);

-- The rows as a JSON array. `reader` is whose permissions count, `asking` who the rows are for.
CREATE FUNCTION pg_veil_private.foreign_rows(database_name text, schema_name text, table_name text, columns jsonb, reader text, asking text)
RETURNS json LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF COALESCE(pg_catalog.pg_current_setting('pg_veil.internal', true), '') = 'on' THEN
    RAISE EXCEPTION USING ERRCODE = '0A000', MESSAGE = 'a query cannot reach a third database through another one',
      HINT = 'A view that is read from another database can only read what is in its own.';
  ELSIF pg_current_setting('pg_veil.cross_database', true) = 'off' THEN
    RAISE EXCEPTION USING ERRCODE = '0A000',
      MESSAGE = 'cross-database references are not implemented: "' || concat_ws('.', database_name, schema_name, table_name) || '"';
  END IF;
  RETURN pg_veil_private.ask('VEIL2', pg_catalog.jsonb_build_object('kind', 'rows', 'database', database_name, 'schema', schema_name,
    'table', table_name, 'columns', columns, 'reader', reader, 'user', asking)::text);
END $$;

CREATE FUNCTION pg_veil.owner_of(target oid) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT pg_catalog.pg_get_userbyid(c.relowner) FROM pg_catalog.pg_class AS c WHERE c.oid = target
$$;

-- The SELECT that reads a foreign relation; `reader` is the expression of whose permissions count.
CREATE FUNCTION pg_veil.foreign_query(relation text, reader text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  found pg_veil.foreign_relation := (SELECT f FROM pg_veil.foreign_relation AS f WHERE f.name = relation);
BEGIN
  IF found.columns IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = '42P01', MESSAGE = 'relation "' || relation || '" does not exist';
  END IF;
  RETURN (SELECT 'SELECT '
    || string_agg('r.' || quote_ident(c.v ->> 0) || CASE WHEN c.v ->> 1 = 'super' THEN '::super AS ' || quote_ident(c.v ->> 0) ELSE '' END, ', ' ORDER BY c.n)
    || ' FROM json_to_recordset(pg_veil_private.foreign_rows('
    || concat_ws(', ', quote_literal(found.database_name), quote_literal(found.schema_name), quote_literal(found.table_name), quote_literal(found.columns), reader, 'CURRENT_USER')
    || ')) AS r('
    || string_agg(quote_ident(c.v ->> 0) || ' ' || CASE WHEN c.v ->> 1 = 'super' THEN 'jsonb' ELSE c.v ->> 1 END, ', ' ORDER BY c.n) || ')'
    FROM jsonb_array_elements(found.columns) WITH ORDINALITY AS c(v, n));
END $$;

-- A late-binding view's query with its foreign relations in it: their names stand between two U+0001. Its owner's permissions count.
CREATE FUNCTION pg_veil.expanded(query text, target oid) RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT string_agg(CASE WHEN p.n % 2 = 1 THEN p.piece
    ELSE '(' || pg_veil.foreign_query(p.piece, 'pg_veil.owner_of(' || target || ')') || ')' END, '' ORDER BY p.n)
  FROM string_to_table(query, E'\x01') WITH ORDINALITY AS p(piece, n)
$$;

-- What the gateway calls, as the superuser: makes the stand-in fit the relation, and binds again what reads it.
CREATE PROCEDURE pg_veil.stand_in(relation text, a_database text, a_schema text, a_table text, its_columns jsonb)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  stand_in text := 'pg_veil.' || quote_ident(relation);
BEGIN
  IF EXISTS (SELECT 1 FROM pg_veil.foreign_relation WHERE name = relation AND columns IS NOT DISTINCT FROM its_columns) THEN RETURN; END IF;
  PERFORM set_config('pg_veil.busy', 'on', true);
  INSERT INTO pg_veil.foreign_relation VALUES (relation, a_database, a_schema, a_table, its_columns)
    ON CONFLICT (name) DO UPDATE SET columns = excluded.columns;
  EXECUTE 'DROP VIEW IF EXISTS ' || stand_in;
  IF its_columns IS NOT NULL THEN
    EXECUTE 'CREATE VIEW ' || stand_in || ' AS ' || pg_veil.foreign_query(relation, 'CURRENT_USER');
  END IF;
  PERFORM pg_veil.bind_all(pg_veil.readers('{}', ARRAY['pg_veil'], ARRAY[relation]));
  PERFORM set_config('pg_veil.busy', '', true);
END $$;

-- The columns of a relation of this database as the stand-ins of other databases want them; NULL where there is none.
CREATE FUNCTION pg_veil.columns_for_others(a_schema text, a_table text) RETURNS jsonb LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT jsonb_agg(jsonb_build_array(a.attname, CASE WHEN a.atttypid = 4000 THEN 'super' ELSE format_type(a.atttypid, a.atttypmod) END) ORDER BY a.attnum)
  FROM pg_namespace AS n JOIN pg_class AS c ON c.relnamespace = n.oid JOIN pg_attribute AS a ON a.attrelid = c.oid
  WHERE n.nspname = a_schema AND c.relname = a_table AND c.relkind IN ('r', 'v', 'm', 'p') AND a.attnum > 0 AND NOT a.attisdropped
    AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_veil', 'pg_veil_private')
$$;

-- What a view of pg_veil says in another database, as a JSON array; nothing while that database comes or goes.
CREATE FUNCTION pg_veil_private.catalog_of(database_name text, view_name text, asking text) RETURNS json
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT pg_veil_private.ask('VEIL2', pg_catalog.jsonb_build_object('kind', 'catalog', 'database', database_name, 'view', view_name, 'user', asking)::text)::json
$$;
CREATE VIEW pg_veil.other_database AS
SELECT datname AS name FROM pg_catalog.pg_database
WHERE datname NOT IN ('postgres', pg_catalog.current_database()) AND NOT datistemplate
  AND pg_catalog.pg_current_setting('pg_veil.cross_database', true) IS DISTINCT FROM 'off';

-- Makes a view of the whole cluster out of one of this database, whose first column is the database's name.
CREATE PROCEDURE pg_veil.make_cluster_wide(own regclass, cluster_wide text) LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  others text := (SELECT string_agg('r.' || quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = own AND attnum > 1);
BEGIN
  EXECUTE format('CREATE VIEW pg_veil.%1$I AS SELECT o.* FROM %2$s AS o UNION ALL SELECT d.name::varchar, %3$s FROM pg_veil.other_database AS d
    CROSS JOIN LATERAL json_populate_recordset(NULL::%2$s, pg_veil_private.catalog_of(d.name, %4$L, CURRENT_USER)) AS r', cluster_wide, own::text, others,
    (SELECT relname FROM pg_class WHERE oid = own));
END $$;

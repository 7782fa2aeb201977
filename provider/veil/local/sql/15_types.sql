-- Types that tables of a cluster have and that this engine can store, hand back and compare with NULL, and no more: there is no
-- operator on them. Their numbers are those that drivers know them by.
CREATE PROCEDURE pg_veil.make_opaque_type(name text, number oid) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TYPE pg_catalog.%I', name);
  UPDATE pg_catalog.pg_type SET oid = number WHERE typname = name AND typnamespace = 'pg_catalog'::regnamespace;
  EXECUTE format('CREATE FUNCTION pg_veil.%1$I(cstring) RETURNS pg_catalog.%2$I LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS %3$L', name || '_in', name, 'textin');
  EXECUTE format('CREATE FUNCTION pg_veil.%1$I(pg_catalog.%2$I) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS %3$L', name || '_out', name, 'textout');
  EXECUTE format('CREATE FUNCTION pg_veil.%1$I(pg_catalog.%2$I) RETURNS bytea LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS %3$L', name || '_send', name, 'textsend');
  EXECUTE format('CREATE TYPE pg_catalog.%1$I (INPUT = pg_veil.%2$I, OUTPUT = pg_veil.%3$I, SEND = pg_veil.%4$I, INTERNALLENGTH = VARIABLE, STORAGE = extended)',
    name, name || '_in', name || '_out', name || '_send');
END $$;
CALL pg_veil.make_opaque_type('geometry', 3000);
CALL pg_veil.make_opaque_type('geography', 3001);
CALL pg_veil.make_opaque_type('hllsketch', 2935);
DROP PROCEDURE pg_veil.make_opaque_type;

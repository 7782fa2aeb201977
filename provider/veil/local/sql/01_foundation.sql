-- Internals live in pg_veil; what Redshift itself offers goes into pg_catalog, where no search_path can shadow it.
CREATE SCHEMA pg_veil;
GRANT USAGE ON SCHEMA pg_veil TO PUBLIC;
-- What takes somebody's word for who asks. Only stored views call it; nobody can name what is in it.
CREATE SCHEMA pg_veil_private;
-- The key with which the gateway signs the late-binding views that it has rewritten.
CREATE TABLE pg_veil_private.signing_key (key bytea NOT NULL);
ALTER DEFAULT PRIVILEGES IN SCHEMA pg_veil GRANT SELECT ON TABLES TO PUBLIC;

-- On Redshift everybody may create in public.
ALTER SCHEMA public OWNER TO rdsdb;
GRANT CREATE ON SCHEMA public TO PUBLIC;

-- How the gateway turns a statement that Redshift refuses into an error inside the right transaction. As the value of a literal it is
-- raised when the statement is prepared, where Redshift raises what it refuses: whoever prepares one is not told of parameters and columns
-- that it does not have. Only an array of a domain looks into its values as early as that.
CREATE FUNCTION pg_veil.refuse(written text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  refusal jsonb := written;
BEGIN
  IF refusal ->> 'hint' = '' THEN
    RAISE EXCEPTION USING ERRCODE = refusal ->> 'code', MESSAGE = refusal ->> 'message';
  END IF;
  RAISE EXCEPTION USING ERRCODE = refusal ->> 'code', MESSAGE = refusal ->> 'message', HINT = refusal ->> 'hint';
END $$;
CREATE DOMAIN pg_veil.refusal AS text CHECK (pg_veil.refuse(VALUE));

-- The gateway rewrites a statement into a call of this where Redshift accepts it and there is nothing to do.
CREATE PROCEDURE pg_veil.nothing() LANGUAGE plpgsql AS $$ BEGIN END $$;
-- The same for what may not run in a transaction block, where a COMMIT fails; the gateway words the error.
CREATE PROCEDURE pg_veil.nothing_outside_blocks() LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$;

-- PostgreSQL's own regexp_replace(source, pattern, replacement, flags): 05_text.sql gives its name to Redshift's.
CREATE FUNCTION pg_veil.regexp_replace_flags(text, text, text, text) RETURNS text LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'textregexreplace';

-- IMMUTABLE, unlike PostgreSQL's own: a CASE over constants must not compute a branch that this test rules out.
CREATE FUNCTION pg_veil.is_valid(text, text) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'pg_input_is_valid';

-- No text that is computed has more than 65,535 bytes. That was the limit of every cluster; by the present page it is 16,000,000
-- bytes, from a patch on that it does not name (Developer Guide, "Character types"), and what is to run on all holds the smaller.
-- No page has the words of the error, but for LISTAGG ("LISTAGG function").
CREATE FUNCTION pg_veil.within_varchar(value text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF pg_catalog.octet_length(value) > 65535 THEN
    RAISE EXCEPTION USING ERRCODE = '22001', MESSAGE = 'value too long for type character varying(65535)';
  END IF;
  RETURN value;
END $$;
CREATE FUNCTION pg_veil.within_listagg(value text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF pg_catalog.octet_length(value) > 65535 THEN
    RAISE EXCEPTION USING ERRCODE = '54000', MESSAGE = 'Result size exceeds LISTAGG limit';
  END IF;
  RETURN value;
END $$;-- What the engine itself puts together, such as the text of a view, is as long as it is.
CREATE FUNCTION pg_veil.joined(VARIADIC parts text[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.array_to_string(parts, '') $$;

CREATE FUNCTION pg_veil.concatenated(text, text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN pg_veil.within_varchar(pg_catalog.textcat($1, $2));
END $$;
UPDATE pg_catalog.pg_operator SET oprcode = 'pg_veil.concatenated'::regproc
WHERE oprname = '||' AND oprleft = 'text'::regtype AND oprright = 'text'::regtype;
UPDATE pg_catalog.pg_proc SET proname = 'pg_concat' WHERE proname = 'concat';
CREATE FUNCTION pg_catalog.concat(text, text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT pg_veil.concatenated($1, $2) $$;

UPDATE pg_catalog.pg_proc SET proname = 'pg_' || proname
WHERE pronamespace = 'pg_catalog'::regnamespace AND oid IN ('repeat(text,integer)'::regprocedure, 'replace(text,text,text)'::regprocedure,
  'lpad(text,integer,text)'::regprocedure, 'rpad(text,integer,text)'::regprocedure, 'translate(text,text,text)'::regprocedure);
-- Refused before it is made.
CREATE FUNCTION pg_catalog.repeat(text, integer) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN pg_veil.within_varchar(pg_catalog.pg_repeat($1, CASE WHEN $2 > 65536 THEN 65536 ELSE $2 END));
END $$;
CREATE FUNCTION pg_catalog.replicate(text, integer) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT pg_catalog.repeat($1, $2) $$;
CREATE FUNCTION pg_catalog.replace(text, text, text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT pg_veil.within_varchar(pg_catalog.pg_replace($1, $2, $3))
$$;
CREATE FUNCTION pg_catalog.lpad(text, integer, text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT pg_veil.within_varchar(pg_catalog.pg_lpad($1, $2, $3))
$$;
CREATE FUNCTION pg_catalog.rpad(text, integer, text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT pg_veil.within_varchar(pg_catalog.pg_rpad($1, $2, $3))
$$;
CREATE OR REPLACE FUNCTION pg_catalog.lpad(text, integer) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT pg_catalog.lpad($1, $2, ' ') $$;
CREATE OR REPLACE FUNCTION pg_catalog.rpad(text, integer) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT pg_catalog.rpad($1, $2, ' ') $$;
CREATE FUNCTION pg_catalog.translate(text, text, text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT pg_veil.within_varchar(pg_catalog.pg_translate($1, $2, $3))
$$;

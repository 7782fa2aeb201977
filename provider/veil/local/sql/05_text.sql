-- Text. Where PostgreSQL has the name with another meaning, its own function is renamed out of the way.
UPDATE pg_catalog.pg_proc SET proname = 'pg_regexp_replace' WHERE proname = 'regexp_replace';

-- Redshift replaces every match, and its flags are c, i (case), e (sub-expression) and p (PCRE). Of [:alpha:] and its
-- like it takes ASCII characters only, hence the collation.
CREATE FUNCTION pg_veil.regexp_flags(flags text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF flags !~ '^[ciep]*$' THEN
    RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = 'Invalid REGEXP parameters: ' || flags, HINT = 'Use c, i, e or p.';
  END IF;
  RETURN CASE WHEN pg_catalog.strpos(flags, 'i') > pg_catalog.strpos(flags, 'c') THEN 'i' ELSE '' END;
END $$;
CREATE FUNCTION pg_catalog.regexp_replace(text, text) RETURNS varchar LANGUAGE sql IMMUTABLE AS $$
  SELECT pg_veil.within_varchar(pg_veil.regexp_replace_flags($1 COLLATE pg_catalog."C", $2, '', 'g'))::varchar
$$;
CREATE FUNCTION pg_catalog.regexp_replace(text, text, text) RETURNS varchar LANGUAGE sql IMMUTABLE AS $$
  SELECT pg_veil.within_varchar(pg_veil.regexp_replace_flags($1 COLLATE pg_catalog."C", $2, $3, 'g'))::varchar
$$;
CREATE FUNCTION pg_catalog.regexp_replace(text, text, text, integer) RETURNS varchar LANGUAGE sql IMMUTABLE AS $$
  SELECT pg_veil.within_varchar(pg_catalog.pg_regexp_replace($1 COLLATE pg_catalog."C", $2, $3, GREATEST($4, 1), 0, ''))::varchar
$$;
CREATE FUNCTION pg_catalog.regexp_replace(text, text, text, integer, text) RETURNS varchar LANGUAGE sql IMMUTABLE AS $$
  SELECT pg_veil.within_varchar(pg_catalog.pg_regexp_replace($1 COLLATE pg_catalog."C", $2, $3, GREATEST($4, 1), 0, pg_veil.regexp_flags($5)))::varchar
$$;

UPDATE pg_catalog.pg_proc SET proname = 'pg_' || proname WHERE proname IN ('regexp_count', 'regexp_instr', 'regexp_substr');
CREATE FUNCTION pg_catalog.regexp_count(text, text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.pg_regexp_count($1 COLLATE pg_catalog."C", $2) $$;
CREATE FUNCTION pg_catalog.regexp_count(text, text, integer) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.pg_regexp_count($1 COLLATE pg_catalog."C", $2, GREATEST($3, 1)) $$;
CREATE FUNCTION pg_catalog.regexp_count(text, text, integer, text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
  SELECT pg_catalog.pg_regexp_count($1 COLLATE pg_catalog."C", $2, GREATEST($3, 1), pg_veil.regexp_flags($4))
$$;
CREATE FUNCTION pg_catalog.regexp_instr(text, text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.pg_regexp_instr($1 COLLATE pg_catalog."C", $2) $$;
CREATE FUNCTION pg_catalog.regexp_instr(text, text, integer) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.pg_regexp_instr($1 COLLATE pg_catalog."C", $2, GREATEST($3, 1)) $$;
CREATE FUNCTION pg_catalog.regexp_instr(text, text, integer, integer) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
  SELECT pg_catalog.pg_regexp_instr($1 COLLATE pg_catalog."C", $2, GREATEST($3, 1), $4)
$$;
CREATE FUNCTION pg_catalog.regexp_instr(text, text, integer, integer, integer) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
  SELECT pg_catalog.pg_regexp_instr($1 COLLATE pg_catalog."C", $2, GREATEST($3, 1), $4, $5)
$$;
CREATE FUNCTION pg_catalog.regexp_instr(text, text, integer, integer, integer, text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
  SELECT pg_catalog.pg_regexp_instr($1 COLLATE pg_catalog."C", $2, GREATEST($3, 1), $4, $5, pg_veil.regexp_flags($6), CASE WHEN pg_catalog.strpos($6, 'e') > 0 THEN 1 ELSE 0 END)
$$;
-- No match gives an empty string, not NULL.
CREATE FUNCTION pg_veil.regexp_found(source text, found text) RETURNS varchar LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN source IS NOT NULL THEN COALESCE(found, '') END::varchar
$$;
CREATE FUNCTION pg_catalog.regexp_substr(text, text) RETURNS varchar LANGUAGE sql IMMUTABLE AS $$
  SELECT pg_veil.regexp_found($1, pg_catalog.pg_regexp_substr($1 COLLATE pg_catalog."C", $2))
$$;
CREATE FUNCTION pg_catalog.regexp_substr(text, text, integer) RETURNS varchar LANGUAGE sql IMMUTABLE AS $$
  SELECT pg_veil.regexp_found($1, pg_catalog.pg_regexp_substr($1 COLLATE pg_catalog."C", $2, GREATEST($3, 1)))
$$;
CREATE FUNCTION pg_catalog.regexp_substr(text, text, integer, integer) RETURNS varchar LANGUAGE sql IMMUTABLE AS $$
  SELECT pg_veil.regexp_found($1, pg_catalog.pg_regexp_substr($1 COLLATE pg_catalog."C", $2, GREATEST($3, 1), $4))
$$;
CREATE FUNCTION pg_catalog.regexp_substr(text, text, integer, integer, text) RETURNS varchar LANGUAGE sql IMMUTABLE AS $$
  SELECT pg_veil.regexp_found($1, pg_catalog.pg_regexp_substr($1 COLLATE pg_catalog."C", $2, GREATEST($3, 1), $4, pg_veil.regexp_flags($5), CASE WHEN pg_catalog.strpos($5, 'e') > 0 THEN 1 ELSE 0 END))
$$;

CREATE FUNCTION pg_catalog.len(text) RETURNS integer LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'textlen';
CREATE FUNCTION pg_catalog.len(bpchar) RETURNS integer LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'bpcharlen';
CREATE FUNCTION pg_catalog.charindex(text, text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.strpos($2, $1) $$;

CREATE FUNCTION pg_catalog.strtol(source text, base integer) RETURNS bigint LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  digits text := pg_catalog.lower(pg_catalog.btrim(source)); negative boolean := false; total numeric := 0; digit integer;
BEGIN
  IF base NOT BETWEEN 2 AND 36 THEN
    RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = 'The base must be between 2 and 36';
  END IF;
  IF pg_catalog.left(digits, 1) IN ('-', '+') THEN
    negative := pg_catalog.left(digits, 1) = '-';
    digits := pg_catalog.substring(digits, 2);
  END IF;
  IF base = 16 THEN
    digits := CASE WHEN pg_catalog.left(digits, 2) = '0x' THEN pg_catalog.substring(digits, 3) ELSE digits END;
    IF digits ~ '^[0-9a-f]{1,15}$' THEN
      RETURN CASE WHEN negative THEN -1 ELSE 1 END * ('x' || pg_catalog.lpad(digits, 16, '0'))::bit(64)::bigint;
    END IF;
  END IF;
  FOR i IN 1 .. pg_catalog.length(digits) LOOP
    digit := pg_catalog.strpos('0123456789abcdefghijklmnopqrstuvwxyz', pg_catalog.substring(digits, i, 1)) - 1;
    IF digit < 0 OR digit >= base THEN
      RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = 'The input ' || source || ' is not valid to be converted to base ' || base;
    END IF;
    total := total * base + digit;
  END LOOP;
  RETURN CASE WHEN negative THEN -total ELSE total END::bigint;
END $$;

-- ILIKE knows the two cases of ASCII letters alone (Amazon Redshift Database Developer Guide, "LIKE"), where PostgreSQL's knows
-- those of the database's locale. A CHAR keeps its blanks, which a cast to text would take off.
CREATE FUNCTION pg_veil.ilike(text, text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT pg_catalog.lower($1 COLLATE pg_catalog."C") OPERATOR(pg_catalog.~~) pg_catalog.lower($2 COLLATE pg_catalog."C")
$$;
CREATE FUNCTION pg_veil.ilike(bpchar, text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT pg_veil.ilike(pg_catalog.textin(pg_catalog.bpcharout($1)), $2)
$$;
CREATE FUNCTION pg_veil.not_ilike(text, text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT NOT pg_veil.ilike($1, $2)
$$;
CREATE FUNCTION pg_veil.not_ilike(bpchar, text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT NOT pg_veil.ilike($1, $2)
$$;
UPDATE pg_catalog.pg_operator AS o SET oprcode = f.oid FROM pg_catalog.pg_proc AS f
WHERE o.oprright = 'text'::regtype AND o.oprleft IN ('text'::regtype, 'bpchar'::regtype)
  AND f.pronamespace = 'pg_veil'::regnamespace AND f.proargtypes[0] = o.oprleft
  AND (o.oprname, f.proname) IN (('~~*', 'ilike'), ('!~~*', 'not_ilike'));

-- The length of a VARCHAR is in bytes (Developer Guide, "Character types"). An explicit cast cuts what is longer, and never
-- within a character; an assignment refuses it, but for blanks.
CREATE FUNCTION pg_veil.shortened(v varchar, most integer, explicit boolean) RETURNS varchar
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  kept integer := most;
BEGIN
  IF NOT explicit THEN
    IF pg_catalog.octet_length(pg_catalog.rtrim(v, ' ')) > most THEN
      RAISE EXCEPTION USING ERRCODE = '22001', MESSAGE = 'value too long for type character varying(' || most || ')';
    END IF;
  END IF;
  -- Of a character, every byte but the first is 10xxxxxx.
  WHILE kept > 0 AND (pg_catalog.get_byte(pg_veil.utf8(v), kept) & 192) = 128 LOOP
    kept := kept - 1;
  END LOOP;
  RETURN pg_catalog.convert_from(pg_catalog.substring(pg_veil.utf8(v), 1, kept), 'UTF8');
END $$;
CREATE FUNCTION pg_veil.of_bytes(varchar, integer, boolean) RETURNS varchar LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN $2 < 5 OR pg_catalog.octet_length($1) <= $2 - 4 THEN $1 ELSE pg_veil.shortened($1, $2 - 4, $3) END
$$;
UPDATE pg_catalog.pg_cast SET castfunc = 'pg_veil.of_bytes'::regproc
WHERE castsource = 'varchar'::regtype AND casttarget = 'varchar'::regtype;

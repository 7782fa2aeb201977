-- JSON text in and out.
CREATE FUNCTION pg_catalog.json_parse(text) RETURNS pg_catalog.super LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN $1::pg_catalog.jsonb;
EXCEPTION WHEN invalid_text_representation THEN
  RAISE EXCEPTION USING ERRCODE = 'XX000', MESSAGE = 'Invalid JSON format', HINT = 'JSON_PARSE reads one JSON value.';
END $$;
-- A flat array of texts without a backslash, which long lists mostly are, needs no regular expression: there every quotation
-- mark begins or ends a text, and as many separators were found as there are.
CREATE FUNCTION pg_veil.serialized(pg_catalog.super) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN pg_catalog.jsonb_typeof($1) = 'array' AND pg_catalog.strpos(s.spaced, pg_catalog.chr(92)) = 0
      AND pg_catalog.strpos(pg_catalog.substr(s.spaced, 2), '[') = 0 AND pg_catalog.strpos(s.spaced, '{') = 0
      AND pg_catalog."left"(s.spaced, 4) <> '[", '
      AND pg_catalog.length(s.spaced) - pg_catalog.length(s.closed)
        = (CASE WHEN pg_catalog.jsonb_typeof($1) = 'array' THEN pg_catalog.jsonb_array_length($1) END) - 1
    THEN s.closed
    ELSE pg_veil.regexp_replace_flags(s.spaced, E'("(?:[^"\\\\]|\\\\.)*")|\\s+', E'\\1', 'g')
  END
  FROM (
    SELECT t.spaced, pg_catalog.array_to_string(pg_catalog.string_to_array(t.spaced, '", "'), '","') AS closed
    FROM (SELECT $1::pg_catalog.jsonb::pg_catalog.text AS spaced OFFSET 0) AS t
    OFFSET 0
  ) AS s
$$;
CREATE FUNCTION pg_catalog.json_serialize(pg_catalog.super) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT pg_veil.serialized($1)
$$;
CREATE FUNCTION pg_catalog.json_size(pg_catalog.super) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
  SELECT pg_catalog.octet_length(pg_veil.serialized($1))
$$;
CREATE FUNCTION pg_catalog.can_json_parse(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT COALESCE(pg_veil.is_valid($1, 'jsonb'), false)
$$;
CREATE FUNCTION pg_catalog.is_valid_json(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN pg_veil.is_valid($1, 'jsonb') THEN pg_catalog.jsonb_typeof($1::pg_catalog.jsonb) = 'object'
    WHEN $1 IS NOT NULL THEN false END
$$;
CREATE FUNCTION pg_catalog.is_valid_json_array(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN pg_veil.is_valid($1, 'jsonb') THEN pg_catalog.jsonb_typeof($1::pg_catalog.jsonb) = 'array'
    WHEN $1 IS NOT NULL THEN false END
$$;
CREATE FUNCTION pg_catalog.json_typeof(pg_catalog.super) RETURNS text LANGUAGE internal IMMUTABLE STRICT AS 'jsonb_typeof';
CREATE FUNCTION pg_catalog.is_array(pg_catalog.super) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT COALESCE(pg_catalog.jsonb_typeof($1) = 'array', false) $$;
CREATE FUNCTION pg_catalog.is_object(pg_catalog.super) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT COALESCE(pg_catalog.jsonb_typeof($1) = 'object', false) $$;
CREATE FUNCTION pg_catalog.is_scalar(pg_catalog.super) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT COALESCE(pg_catalog.jsonb_typeof($1) IN ('string', 'number', 'boolean'), false) $$;
CREATE FUNCTION pg_catalog.is_varchar(pg_catalog.super) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT COALESCE(pg_catalog.jsonb_typeof($1) = 'string', false) $$;
CREATE FUNCTION pg_catalog.is_integer(pg_catalog.super) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT COALESCE(pg_catalog.jsonb_typeof($1) = 'number' AND pg_veil.is_valid($1::pg_catalog.jsonb #>> '{}', 'int4'), false)
$$;

-- Arrays.
CREATE FUNCTION pg_veil.make_array() RETURNS pg_catalog.super LANGUAGE internal STABLE AS 'jsonb_build_array_noargs';
CREATE FUNCTION pg_veil.make_array(VARIADIC "any") RETURNS pg_catalog.super LANGUAGE internal STABLE AS 'jsonb_build_array';
CREATE FUNCTION pg_catalog.object(VARIADIC "any") RETURNS pg_catalog.super LANGUAGE internal STABLE AS 'jsonb_build_object';
CREATE FUNCTION pg_catalog.get_array_length(pg_catalog.super) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN pg_catalog.jsonb_typeof($1) = 'array' THEN pg_catalog.jsonb_array_length($1) END
$$;
CREATE FUNCTION pg_catalog.array_contains(pg_catalog.super, pg_catalog.super) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN pg_catalog.jsonb_typeof($1) = 'array' THEN EXISTS (SELECT 1 FROM pg_catalog.jsonb_array_elements($1) AS e(v) WHERE e.v = $2::pg_catalog.jsonb) END
$$;
CREATE FUNCTION pg_catalog.array_contains(pg_catalog.super, text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT pg_catalog.array_contains($1, pg_catalog.to_jsonb($2)::pg_catalog.super)
$$;
CREATE FUNCTION pg_catalog.array_contains(pg_catalog.super, numeric) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT pg_catalog.array_contains($1, pg_catalog.to_jsonb($2)::pg_catalog.super)
$$;
CREATE FUNCTION pg_catalog.array_contains(pg_catalog.super, boolean) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT pg_catalog.array_contains($1, pg_catalog.to_jsonb($2)::pg_catalog.super)
$$;
CREATE FUNCTION pg_catalog.array_concat(pg_catalog.super, pg_catalog.super) RETURNS pg_catalog.super LANGUAGE sql IMMUTABLE AS $$
  SELECT ($1::pg_catalog.jsonb || $2::pg_catalog.jsonb)::pg_catalog.super
$$;
CREATE FUNCTION pg_catalog.array_flatten(pg_catalog.super) RETURNS pg_catalog.super LANGUAGE sql IMMUTABLE AS $$
  SELECT pg_catalog.jsonb_path_query_array($1::pg_catalog.jsonb, '$[*][*]')::pg_catalog.super
$$;
CREATE FUNCTION pg_catalog.subarray(pg_catalog.super, integer, integer) RETURNS pg_catalog.super LANGUAGE sql IMMUTABLE AS $$
  SELECT COALESCE(pg_catalog.jsonb_agg(e.v ORDER BY e.n), '[]'::pg_catalog.jsonb)::pg_catalog.super
  FROM pg_catalog.jsonb_array_elements($1) WITH ORDINALITY AS e(v, n) WHERE e.n > $2 AND e.n <= $2 + $3
$$;
CREATE FUNCTION pg_catalog.split_to_array(text, text) RETURNS pg_catalog.super LANGUAGE sql IMMUTABLE AS $$
  SELECT pg_catalog.to_jsonb(pg_catalog.string_to_array($1, $2))::pg_catalog.super
$$;
CREATE FUNCTION pg_catalog.split_to_array(text) RETURNS pg_catalog.super LANGUAGE sql IMMUTABLE AS $$
  SELECT pg_catalog.to_jsonb(pg_catalog.string_to_array($1, ','))::pg_catalog.super
$$;

-- JSON kept in VARCHAR. PostgreSQL has a function of this name over its json type, with other results.
UPDATE pg_catalog.pg_proc SET proname = 'json_extract_path_text_of_json' WHERE proname = 'json_extract_path_text';
CREATE FUNCTION pg_veil.path_text(source text, path text[], lax boolean) RETURNS text LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE found jsonb;
BEGIN
  IF source IS NULL THEN RETURN NULL; END IF;
  IF NOT pg_veil.is_valid(source, 'jsonb') THEN
    IF lax THEN RETURN NULL; END IF;
    RAISE EXCEPTION USING ERRCODE = '22P02', MESSAGE = 'JSON parsing error';
  END IF;
  found := source::pg_catalog.jsonb #> path;
  RETURN CASE WHEN found IS NULL THEN '' WHEN pg_catalog.jsonb_typeof(found) = 'null' THEN ''
    WHEN pg_catalog.jsonb_typeof(found) IN ('array', 'object') THEN pg_catalog.json_serialize(found::pg_catalog.super)
    ELSE found #>> '{}' END;
END $$;
CREATE FUNCTION pg_catalog.json_extract_path_text(text, VARIADIC text[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT pg_veil.path_text($1, $2, false) $$;
CREATE FUNCTION pg_catalog.json_extract_path_text(text, text, boolean) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT pg_veil.path_text($1, ARRAY[$2], $3) $$;
CREATE FUNCTION pg_catalog.json_extract_path_text(text, text, text, boolean) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT pg_veil.path_text($1, ARRAY[$2, $3], $4) $$;
CREATE FUNCTION pg_catalog.json_extract_path_text(text, text, text, text, boolean) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT pg_veil.path_text($1, ARRAY[$2, $3, $4], $5) $$;
CREATE FUNCTION pg_catalog.json_array_length(text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.jsonb_array_length($1::pg_catalog.jsonb) $$;
CREATE FUNCTION pg_catalog.json_extract_array_element_text(text, integer) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT $1::pg_catalog.jsonb ->> $2 $$;

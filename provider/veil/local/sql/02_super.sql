-- SUPER: PostgreSQL's jsonb under Redshift's name and type number (4000), with Redshift's lax casts. A text literal is
-- never read as JSON on Redshift (it would be a string), so it is refused: JSON_PARSE is the way in.
CREATE TYPE pg_catalog.super;
UPDATE pg_catalog.pg_type SET oid = 4000 WHERE typname = 'super';
CREATE FUNCTION pg_veil.super_in(cstring) RETURNS pg_catalog.super LANGUAGE internal IMMUTABLE STRICT AS 'pg_node_tree_in';
CREATE FUNCTION pg_veil.super_out(pg_catalog.super) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'jsonb_out';
CREATE FUNCTION pg_veil.super_send(pg_catalog.super) RETURNS bytea LANGUAGE internal IMMUTABLE STRICT AS 'jsonb_send';
CREATE TYPE pg_catalog.super (
  INPUT = pg_veil.super_in, OUTPUT = pg_veil.super_out, SEND = pg_veil.super_send,
  INTERNALLENGTH = VARIABLE, ALIGNMENT = int4, STORAGE = extended
);
CREATE CAST (pg_catalog.super AS jsonb) WITHOUT FUNCTION AS IMPLICIT;
CREATE CAST (jsonb AS pg_catalog.super) WITHOUT FUNCTION AS IMPLICIT;

CREATE FUNCTION pg_veil.super_text(pg_catalog.super) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN pg_catalog.jsonb_typeof($1) IN ('string', 'number', 'boolean') THEN $1::pg_catalog.jsonb #>> '{}' END
$$;
CREATE FUNCTION pg_veil.super_varchar(pg_catalog.super) RETURNS varchar LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN pg_catalog.jsonb_typeof($1) IN ('string', 'number', 'boolean') THEN ($1::pg_catalog.jsonb #>> '{}')::varchar END
$$;
CREATE FUNCTION pg_veil.super_bpchar(pg_catalog.super) RETURNS bpchar LANGUAGE sql IMMUTABLE AS $$
  SELECT pg_veil.super_text($1)::pg_catalog.bpchar
$$;
CREATE FUNCTION pg_veil.super_numeric(pg_catalog.super) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN pg_catalog.jsonb_typeof($1) = 'boolean' THEN CASE WHEN $1::pg_catalog.jsonb #>> '{}' = 'true' THEN 1 ELSE 0 END
    WHEN pg_veil.is_valid(pg_veil.super_text($1), 'numeric') THEN pg_veil.super_text($1)::numeric END
$$;
CREATE FUNCTION pg_veil.super_int8(pg_catalog.super) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN pg_veil.super_numeric($1) BETWEEN -9223372036854775808 AND 9223372036854775807
    THEN pg_veil.super_numeric($1)::bigint END
$$;
CREATE FUNCTION pg_veil.super_int4(pg_catalog.super) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN pg_veil.super_numeric($1) BETWEEN -2147483648 AND 2147483647 THEN pg_veil.super_numeric($1)::integer END
$$;
CREATE FUNCTION pg_veil.super_int2(pg_catalog.super) RETURNS smallint LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN pg_veil.super_numeric($1) BETWEEN -32768 AND 32767 THEN pg_veil.super_numeric($1)::smallint END
$$;
CREATE FUNCTION pg_veil.super_float8(pg_catalog.super) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN pg_veil.is_valid(pg_veil.super_text($1), 'float8') THEN pg_veil.super_text($1)::pg_catalog.float8 END
$$;
CREATE FUNCTION pg_veil.super_float4(pg_catalog.super) RETURNS float4 LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN pg_veil.is_valid(pg_veil.super_text($1), 'float4') THEN pg_veil.super_text($1)::pg_catalog.float4 END
$$;
CREATE FUNCTION pg_veil.super_bool(pg_catalog.super) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN pg_catalog.jsonb_typeof($1) = 'number' THEN
      CASE WHEN pg_veil.is_valid($1::pg_catalog.jsonb #>> '{}', 'int4') THEN ($1::pg_catalog.jsonb #>> '{}')::pg_catalog.int4 <> 0 END
    WHEN pg_veil.is_valid(pg_veil.super_text($1), 'bool') THEN pg_veil.super_text($1)::pg_catalog.bool END
$$;
CREATE FUNCTION pg_veil.super_date(pg_catalog.super) RETURNS date LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN pg_catalog.jsonb_typeof($1) = 'string' AND pg_veil.is_valid($1::pg_catalog.jsonb #>> '{}', 'date')
    THEN ($1::pg_catalog.jsonb #>> '{}')::pg_catalog.date END
$$;
CREATE FUNCTION pg_veil.super_timestamp(pg_catalog.super) RETURNS timestamp LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN pg_catalog.jsonb_typeof($1) = 'string' AND pg_veil.is_valid($1::pg_catalog.jsonb #>> '{}', 'timestamp')
    THEN ($1::pg_catalog.jsonb #>> '{}')::timestamp END
$$;
CREATE FUNCTION pg_veil.super_timestamptz(pg_catalog.super) RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN pg_catalog.jsonb_typeof($1) = 'string' AND pg_veil.is_valid($1::pg_catalog.jsonb #>> '{}', 'timestamptz')
    THEN ($1::pg_catalog.jsonb #>> '{}')::timestamptz END
$$;
CREATE CAST (pg_catalog.super AS text) WITH FUNCTION pg_veil.super_text(pg_catalog.super);
CREATE CAST (pg_catalog.super AS varchar) WITH FUNCTION pg_veil.super_varchar(pg_catalog.super);
CREATE CAST (pg_catalog.super AS bpchar) WITH FUNCTION pg_veil.super_bpchar(pg_catalog.super);
CREATE CAST (pg_catalog.super AS numeric) WITH FUNCTION pg_veil.super_numeric(pg_catalog.super);
CREATE CAST (pg_catalog.super AS bigint) WITH FUNCTION pg_veil.super_int8(pg_catalog.super);
CREATE CAST (pg_catalog.super AS integer) WITH FUNCTION pg_veil.super_int4(pg_catalog.super);
CREATE CAST (pg_catalog.super AS smallint) WITH FUNCTION pg_veil.super_int2(pg_catalog.super);
CREATE CAST (pg_catalog.super AS float8) WITH FUNCTION pg_veil.super_float8(pg_catalog.super);
CREATE CAST (pg_catalog.super AS float4) WITH FUNCTION pg_veil.super_float4(pg_catalog.super);
CREATE CAST (pg_catalog.super AS boolean) WITH FUNCTION pg_veil.super_bool(pg_catalog.super);
CREATE CAST (pg_catalog.super AS date) WITH FUNCTION pg_veil.super_date(pg_catalog.super);
CREATE CAST (pg_catalog.super AS timestamp) WITH FUNCTION pg_veil.super_timestamp(pg_catalog.super);
CREATE CAST (pg_catalog.super AS timestamptz) WITH FUNCTION pg_veil.super_timestamptz(pg_catalog.super);

-- Scalars (but no dates and times) become SUPER by themselves when they are stored in one.
CREATE FUNCTION pg_veil.to_super(text) RETURNS pg_catalog.super LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.to_jsonb($1)::pg_catalog.super $$;
CREATE FUNCTION pg_veil.to_super(varchar) RETURNS pg_catalog.super LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.to_jsonb($1)::pg_catalog.super $$;
CREATE FUNCTION pg_veil.to_super(numeric) RETURNS pg_catalog.super LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.to_jsonb($1)::pg_catalog.super $$;
CREATE FUNCTION pg_veil.to_super(bigint) RETURNS pg_catalog.super LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.to_jsonb($1)::pg_catalog.super $$;
CREATE FUNCTION pg_veil.to_super(integer) RETURNS pg_catalog.super LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.to_jsonb($1)::pg_catalog.super $$;
CREATE FUNCTION pg_veil.to_super(smallint) RETURNS pg_catalog.super LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.to_jsonb($1)::pg_catalog.super $$;
CREATE FUNCTION pg_veil.to_super(float8) RETURNS pg_catalog.super LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.to_jsonb($1)::pg_catalog.super $$;
CREATE FUNCTION pg_veil.to_super(boolean) RETURNS pg_catalog.super LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.to_jsonb($1)::pg_catalog.super $$;
CREATE CAST (text AS pg_catalog.super) WITH FUNCTION pg_veil.to_super(text) AS ASSIGNMENT;
CREATE CAST (varchar AS pg_catalog.super) WITH FUNCTION pg_veil.to_super(varchar) AS ASSIGNMENT;
CREATE CAST (numeric AS pg_catalog.super) WITH FUNCTION pg_veil.to_super(numeric) AS ASSIGNMENT;
CREATE CAST (bigint AS pg_catalog.super) WITH FUNCTION pg_veil.to_super(bigint) AS ASSIGNMENT;
CREATE CAST (integer AS pg_catalog.super) WITH FUNCTION pg_veil.to_super(integer) AS ASSIGNMENT;
CREATE CAST (smallint AS pg_catalog.super) WITH FUNCTION pg_veil.to_super(smallint) AS ASSIGNMENT;
CREATE CAST (float8 AS pg_catalog.super) WITH FUNCTION pg_veil.to_super(float8) AS ASSIGNMENT;
CREATE CAST (boolean AS pg_catalog.super) WITH FUNCTION pg_veil.to_super(boolean) AS ASSIGNMENT;

-- Navigation and unnesting: the C functions under jsonb's own operators. What is JSON's null there is SQL's NULL.
CREATE FUNCTION pg_veil.raw_field(pg_catalog.super, text) RETURNS jsonb LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'jsonb_object_field';
CREATE FUNCTION pg_veil.raw_element(pg_catalog.super, integer) RETURNS jsonb LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'jsonb_array_element';
CREATE FUNCTION pg_veil.raw_elements(pg_catalog.super) RETURNS SETOF jsonb LANGUAGE internal IMMUTABLE STRICT ROWS 100 AS 'jsonb_array_elements';
CREATE FUNCTION pg_veil.field(pg_catalog.super, text) RETURNS pg_catalog.super LANGUAGE sql IMMUTABLE AS $$
  SELECT NULLIF(pg_veil.raw_field($1, $2), 'null')::pg_catalog.super
$$;
CREATE FUNCTION pg_veil.element(pg_catalog.super, integer) RETURNS pg_catalog.super LANGUAGE sql IMMUTABLE AS $$
  SELECT NULLIF(pg_veil.raw_element($1, $2), 'null')::pg_catalog.super
$$;
CREATE FUNCTION pg_veil.elements(pg_catalog.super) RETURNS SETOF pg_catalog.super LANGUAGE sql IMMUTABLE ROWS 100 AS $$
  SELECT NULLIF(e.v, 'null')::pg_catalog.super
  FROM pg_veil.raw_elements(CASE WHEN pg_catalog.jsonb_typeof($1) = 'array' THEN $1 END) AS e(v)
$$;

-- Dynamic typing: equality with another type is false where the types differ, other comparisons are unknown.
CREATE FUNCTION pg_veil.super_equals(pg_catalog.super, text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT $1::pg_catalog.jsonb = pg_catalog.to_jsonb($2) $$;
CREATE FUNCTION pg_veil.super_equals(pg_catalog.super, numeric) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT $1::pg_catalog.jsonb = pg_catalog.to_jsonb($2) $$;
CREATE FUNCTION pg_veil.super_equals(pg_catalog.super, boolean) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT $1::pg_catalog.jsonb = pg_catalog.to_jsonb($2) $$;
CREATE FUNCTION pg_veil.super_equals(text, pg_catalog.super) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT $2::pg_catalog.jsonb = pg_catalog.to_jsonb($1) $$;
CREATE FUNCTION pg_veil.super_differs(pg_catalog.super, text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT $1::pg_catalog.jsonb <> pg_catalog.to_jsonb($2) $$;
CREATE FUNCTION pg_veil.super_differs(pg_catalog.super, numeric) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT $1::pg_catalog.jsonb <> pg_catalog.to_jsonb($2) $$;
CREATE FUNCTION pg_veil.super_differs(text, pg_catalog.super) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT $2::pg_catalog.jsonb <> pg_catalog.to_jsonb($1) $$;
CREATE OPERATOR pg_catalog.= (LEFTARG = pg_catalog.super, RIGHTARG = text, FUNCTION = pg_veil.super_equals);
CREATE OPERATOR pg_catalog.= (LEFTARG = pg_catalog.super, RIGHTARG = numeric, FUNCTION = pg_veil.super_equals);
CREATE OPERATOR pg_catalog.= (LEFTARG = pg_catalog.super, RIGHTARG = boolean, FUNCTION = pg_veil.super_equals);
CREATE OPERATOR pg_catalog.= (LEFTARG = text, RIGHTARG = pg_catalog.super, FUNCTION = pg_veil.super_equals);
CREATE OPERATOR pg_catalog.<> (LEFTARG = pg_catalog.super, RIGHTARG = text, FUNCTION = pg_veil.super_differs);
CREATE OPERATOR pg_catalog.<> (LEFTARG = pg_catalog.super, RIGHTARG = numeric, FUNCTION = pg_veil.super_differs);
CREATE OPERATOR pg_catalog.<> (LEFTARG = text, RIGHTARG = pg_catalog.super, FUNCTION = pg_veil.super_differs);

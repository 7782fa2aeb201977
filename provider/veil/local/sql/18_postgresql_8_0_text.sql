-- What PostgreSQL 8.0 did with text, and what AWS's own views for administrators rest on: + between texts, and functions of text on numbers.
CREATE OPERATOR pg_catalog.+ (LEFTARG = text, RIGHTARG = text, FUNCTION = pg_veil.concatenated);
CREATE FUNCTION pg_catalog.btrim(oid) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT $1::text $$;
CREATE FUNCTION pg_catalog.btrim(bigint) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT $1::text $$;

-- The catalogs of the leader node have arrays of PostgreSQL's, whose elements count from where the array says.
CREATE FUNCTION pg_veil.element(anyarray, integer) RETURNS anyelement LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT $1[$2] $$;
CREATE FUNCTION pg_veil.element(oidvector, integer) RETURNS oid LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT $1[$2] $$;
CREATE FUNCTION pg_veil.element(int2vector, integer) RETURNS smallint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT $1[$2] $$;

-- The name of a column's encoding; this engine compresses nothing.
CREATE FUNCTION pg_catalog.format_encoding(integer) RETURNS varchar LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT 'none'::varchar $$;
-- What the last query, COPY or UNLOAD of the session was: -1, as where there was none, since nothing is logged.
-- Source: Amazon Redshift Database Developer Guide, "System information functions".
CREATE FUNCTION pg_catalog.pg_last_query_id() RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT -1::bigint $$;
CREATE FUNCTION pg_catalog.pg_last_copy_id() RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT -1::bigint $$;
CREATE FUNCTION pg_catalog.pg_last_unload_id() RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT -1::bigint $$;
-- The catalogs show expressions as text, and clients ask what one says.
CREATE FUNCTION pg_catalog.pg_get_expr(text, oid) RETURNS text LANGUAGE sql STABLE STRICT AS $$
  SELECT pg_catalog.pg_get_expr(d.adbin, d.adrelid) FROM pg_catalog.pg_attrdef AS d WHERE d.adrelid = $2 AND d.adbin::text = $1 LIMIT 1
$$;
CREATE FUNCTION pg_catalog.pg_get_expr(text, oid, boolean) RETURNS text LANGUAGE sql STABLE STRICT AS $$ SELECT pg_catalog.pg_get_expr($1, $2) $$;

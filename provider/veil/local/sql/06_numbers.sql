-- Numbers. Redshift rounds halves away from zero for DOUBLE PRECISION too; PostgreSQL rounds those to even.
UPDATE pg_catalog.pg_proc SET proname = 'pg_round' WHERE proname = 'round' AND proargtypes = '701'::pg_catalog.oidvector;
CREATE FUNCTION pg_catalog.round(float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$
  SELECT pg_catalog.trunc($1) + CASE WHEN pg_catalog.abs($1 - pg_catalog.trunc($1)) >= 0.5 THEN pg_catalog.sign($1) ELSE 0 END
$$;
CREATE FUNCTION pg_catalog.round(float8, integer) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN $1 IN ('NaN', 'Infinity', '-Infinity') THEN $1 ELSE pg_catalog.round($1::numeric, $2)::pg_catalog.float8 END
$$;
CREATE FUNCTION pg_catalog.trunc(float8, integer) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN $1 IN ('NaN', 'Infinity', '-Infinity') THEN $1 ELSE pg_catalog.trunc($1::numeric, $2)::pg_catalog.float8 END
$$;
CREATE FUNCTION pg_catalog.mod(float8, float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$
  SELECT pg_catalog.mod($1::numeric, $2::numeric)::pg_catalog.float8
$$;

-- Syntax in PostgreSQL, functions on Redshift. The gateway writes the syntax; these serve what it does not see.
CREATE FUNCTION pg_catalog.nvl(VARIADIC anycompatiblearray) RETURNS anycompatible LANGUAGE sql IMMUTABLE AS $$
  SELECT v FROM pg_catalog.unnest($1) WITH ORDINALITY AS x(v, n) WHERE v IS NOT NULL ORDER BY n LIMIT 1
$$;
CREATE FUNCTION pg_catalog.nvl2(anyelement, anycompatible, anycompatible) RETURNS anycompatible LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN $1 IS NOT NULL THEN $2 ELSE $3 END
$$;

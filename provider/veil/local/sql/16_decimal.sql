-- DECIMAL arithmetic as Redshift has it (Developer Guide, "Computations with numeric values"): no result has more than 38 digits,
-- those after the point included. PostgreSQL's values carry the scale of their type, which +, - and * treat as Redshift does.
CREATE FUNCTION pg_veil.within_decimal(value numeric, operation text) RETURNS numeric LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF scale(value) + length(trunc(abs(value))::text) - (CASE WHEN abs(value) < 1 THEN 1 ELSE 0 END) > 38 THEN
    RAISE EXCEPTION USING ERRCODE = '22003', MESSAGE = '128 bit numeric data overflow (' || operation || ')';
  END IF;
  RETURN value;
END $$;
CREATE FUNCTION pg_veil.decimal_add(numeric, numeric) RETURNS numeric LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE WHEN pg_catalog.abs(r.v) < 1e18 AND pg_catalog.scale(r.v) <= 19 THEN r.v ELSE pg_veil.within_decimal(r.v, 'addition') END
  FROM (SELECT pg_catalog.numeric_add($1, $2) AS v) AS r
$$;
CREATE FUNCTION pg_veil.decimal_subtract(numeric, numeric) RETURNS numeric LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE WHEN pg_catalog.abs(r.v) < 1e18 AND pg_catalog.scale(r.v) <= 19 THEN r.v ELSE pg_veil.within_decimal(r.v, 'subtraction') END
  FROM (SELECT pg_catalog.numeric_sub($1, $2) AS v) AS r
$$;
CREATE FUNCTION pg_veil.decimal_multiply(numeric, numeric) RETURNS numeric LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE WHEN pg_catalog.abs(r.v) < 1e18 AND pg_catalog.scale(r.v) <= 19 THEN r.v ELSE pg_veil.within_decimal(r.v, 'multiplication') END
  FROM (SELECT pg_catalog.numeric_mul($1, $2) AS v) AS r
$$;
-- A quotient of so many decimals; those after them are cut off. The gateway writes it where it knows the types of both.
CREATE FUNCTION pg_catalog.decimal_quotient(numeric, numeric, integer) RETURNS numeric LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT pg_catalog.numeric_mul(pg_catalog.div(pg_catalog.numeric_mul($1, ('1e' || $3)::numeric), $2), ('1e-' || $3)::numeric)
$$;
UPDATE pg_catalog.pg_operator AS o SET oprcode = f.oid FROM pg_catalog.pg_proc AS f
WHERE o.oprnamespace = 'pg_catalog'::regnamespace AND o.oprleft = 'numeric'::regtype AND o.oprright = 'numeric'::regtype
  AND f.pronamespace = 'pg_veil'::regnamespace
  AND (o.oprname, f.proname) IN (('+', 'decimal_add'), ('-', 'decimal_subtract'), ('*', 'decimal_multiply'));

-- AVG of integers is a BIGINT, SUM of BIGINT too ("AVG function", "SUM function"); AVG of a DECIMAL has its scale.
CREATE FUNCTION pg_veil.whole_average(bigint[]) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT $1[2] / NULLIF($1[1], 0)
$$;
CREATE FUNCTION pg_veil.count_and_add(numeric[], numeric) RETURNS numeric[] LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN $2 IS NULL THEN $1 ELSE ARRAY[pg_catalog.numeric_add($1[1], 1), pg_catalog.numeric_add($1[2], $2)] END
$$;
CREATE FUNCTION pg_veil.count_and_add(numeric[], bigint) RETURNS numeric[] LANGUAGE sql IMMUTABLE AS $$
  SELECT pg_veil.count_and_add($1, $2::numeric)
$$;
CREATE FUNCTION pg_veil.whole_average(numeric[]) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT pg_catalog.div($1[2], NULLIF($1[1], 0))::bigint
$$;
CREATE FUNCTION pg_veil.decimal_average(numeric[]) RETURNS numeric LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT pg_catalog.decimal_quotient($1[2], NULLIF($1[1], 0), pg_catalog.scale($1[2]))
$$;
UPDATE pg_catalog.pg_aggregate SET aggfinalfn = 'pg_veil.whole_average(bigint[])'::regprocedure, aggmfinalfn = 'pg_veil.whole_average(bigint[])'::regprocedure
WHERE aggfnoid IN ('pg_catalog.avg(integer)'::regprocedure, 'pg_catalog.avg(smallint)'::regprocedure);
UPDATE pg_catalog.pg_aggregate AS a SET aggtransfn = n.step, aggfinalfn = n.final, aggcombinefn = 0, aggserialfn = 0, aggdeserialfn = 0,
  aggmtransfn = 0, aggminvtransfn = 0, aggmfinalfn = 0, aggtranstype = n.state, aggtransspace = 0, aggmtranstype = 0, aggmtransspace = 0,
  agginitval = n.initial, aggminitval = NULL
FROM (VALUES
  ('pg_catalog.avg(bigint)'::regprocedure, 'pg_veil.count_and_add(numeric[],bigint)'::regprocedure::oid, 'pg_veil.whole_average(numeric[])'::regprocedure::oid,
    'numeric[]'::regtype, '{0,0}'),
  ('pg_catalog.avg(numeric)'::regprocedure, 'pg_veil.count_and_add(numeric[],numeric)'::regprocedure::oid, 'pg_veil.decimal_average(numeric[])'::regprocedure::oid,
    'numeric[]'::regtype, '{0,0}'),
  ('pg_catalog.sum(bigint)'::regprocedure, 'pg_catalog.int8pl(bigint,bigint)'::regprocedure::oid, 0::oid, 'bigint'::regtype, NULL)
) AS n (aggregate, step, final, state, initial)
WHERE a.aggfnoid = n.aggregate;
UPDATE pg_catalog.pg_proc SET prorettype = 'bigint'::regtype
WHERE oid IN ('pg_catalog.avg(integer)'::regprocedure, 'pg_catalog.avg(smallint)'::regprocedure, 'pg_catalog.avg(bigint)'::regprocedure,
  'pg_catalog.sum(bigint)'::regprocedure);

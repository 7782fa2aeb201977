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

-- The types of operands that only the server knows: precision, scale, and whether it is an integer (1) or not (0). NULL is what is
-- no column of a relation, or neither an integer nor a DECIMAL. IMMUTABLE, so that the planner calls them: a plan goes when a column
-- of its relations is retyped. `levels` are the relations that may have the column, by query block from the inside out; those of
-- one part are looked for on the search_path.
CREATE FUNCTION pg_veil.column_decimal(levels jsonb, name text) RETURNS integer[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  level jsonb; kind oid; size integer;
BEGIN
  FOR level IN SELECT pg_catalog.jsonb_array_elements(levels) LOOP
    SELECT a.atttypid, a.atttypmod - 4 INTO kind, size
      FROM pg_catalog.jsonb_array_elements(level) AS r
      JOIN pg_catalog.pg_class AS c ON c.relname = r ->> -1
      JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
        AND CASE WHEN pg_catalog.jsonb_array_length(r) = 1 THEN pg_catalog.pg_table_is_visible(c.oid) ELSE n.nspname = r ->> 0 END
      JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attname = name AND a.attnum > 0 AND NOT a.attisdropped
      LIMIT 1;
    IF FOUND THEN
      RETURN CASE kind WHEN 'int2'::pg_catalog.regtype THEN '{5,0,1}' WHEN 'int4'::pg_catalog.regtype THEN '{10,0,1}' WHEN 'int8'::pg_catalog.regtype THEN '{19,0,1}'
        WHEN 'numeric'::pg_catalog.regtype THEN CASE WHEN size >= 0 THEN ARRAY[size >> 16, size & 2047, 0] END END;
    END IF;
  END LOOP;
  RETURN NULL;
END $$;
CREATE FUNCTION pg_veil.decimal_added(integer[], integer[]) RETURNS integer[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE WHEN $1[3] = 1 AND $2[3] = 1 THEN ARRAY[GREATEST($1[1], $2[1]), 0, 1]
    ELSE ARRAY[LEAST(GREATEST($1[1] - $1[2], $2[1] - $2[2]) + 1 + GREATEST($1[2], $2[2]), 38), GREATEST($1[2], $2[2]), 0] END
$$;
CREATE FUNCTION pg_veil.decimal_multiplied(integer[], integer[]) RETURNS integer[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE WHEN $1[3] = 1 AND $2[3] = 1 THEN ARRAY[GREATEST($1[1], $2[1]), 0, 1]
    ELSE ARRAY[LEAST($1[1] + $2[1] + 1, 38), $1[2] + $2[2], 0] END
$$;
CREATE FUNCTION pg_veil.decimal_divided(integer[], integer[]) RETURNS integer[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE WHEN $1[3] = 1 AND $2[3] = 1 THEN ARRAY[GREATEST($1[1], $2[1]), 0, 1]
    WHEN p.digits <= 38 THEN ARRAY[p.digits, s.scale, 0]
    ELSE ARRAY[38, GREATEST(38 + s.scale - p.digits, 4), 0] END
  FROM (SELECT GREATEST(4, $1[2] + $2[1] - $2[2] + 1) AS scale) AS s
  CROSS JOIN LATERAL (SELECT $1[1] - $1[2] + $2[2] + s.scale AS digits) AS p
$$;
CREATE FUNCTION pg_veil.decimal_total(integer[]) RETURNS integer[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE WHEN $1[3] = 1 THEN ARRAY[19, 0, 1] ELSE ARRAY[38, $1[2], 0] END
$$;
-- What is one of two, by a set operator, COALESCE, DECODE or CASE: NULL for more than the 19 digits to which the page's rule goes.
CREATE FUNCTION pg_veil.decimal_chosen(integer[], integer[]) RETURNS integer[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE WHEN $1 = $2 THEN $1
    WHEN $1[3] = 1 AND $2[3] = 1 THEN ARRAY[GREATEST($1[1], $2[1]), 0, 1]
    WHEN p.digits <= 19 THEN ARRAY[p.digits, GREATEST($1[2], $2[2]), 0] END
  FROM (SELECT GREATEST($1[1] - $1[2], $2[1] - $2[2]) + GREATEST($1[2], $2[2]) AS digits) AS p
$$;
-- An operand of a quotient that is to be of this type, with so many decimals that the quotient is exact beyond those which are kept:
-- two quotients of 38 digits that differ do so within 80. All but a DECIMAL, and what is of no known type, stay as they are.
CREATE FUNCTION pg_veil.decimal_raised(value anyelement, quotient integer[]) RETURNS anyelement LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT $1';
CREATE FUNCTION pg_veil.decimal_raised(value numeric, quotient integer[]) RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN $2[3] = 0 THEN pg_catalog.round($1, $2[2] + 80) ELSE $1 END
$$;
CREATE FUNCTION pg_veil.decimal_cut(value anyelement, quotient integer[]) RETURNS anyelement LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT $1';
CREATE FUNCTION pg_veil.decimal_cut(value numeric, quotient integer[]) RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN $2[3] = 0 THEN pg_veil.within_decimal(pg_catalog.trunc($1, $2[2]), 'division') ELSE $1 END
$$;
-- What PostgreSQL would turn into a DECIMAL as gladly.
DO $$
DECLARE
  kind regtype;
BEGIN
  FOREACH kind IN ARRAY ARRAY['int2', 'int4', 'int8']::regtype[] LOOP
    EXECUTE format('CREATE FUNCTION pg_veil.decimal_raised(%s, integer[]) RETURNS %1$s LANGUAGE sql IMMUTABLE PARALLEL SAFE AS ''SELECT $1''', kind);
    EXECUTE format('CREATE FUNCTION pg_veil.decimal_cut(%s, integer[]) RETURNS %1$s LANGUAGE sql IMMUTABLE PARALLEL SAFE AS ''SELECT $1''', kind);
  END LOOP;
END $$;

CREATE FUNCTION pg_veil.decimal_cast(kind integer[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN kind[3] = 0 AND kind[2] <= kind[1] THEN '::pg_catalog.numeric(' || kind[1] || ',' || kind[2] || ')' ELSE '' END
$$;
-- The columns of one of several relations that set operators put together, each column with the type that follows from all of them;
-- * where one relation is not found, or has another number of columns.
CREATE FUNCTION pg_veil.united_columns(relations jsonb, which integer) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
  listed text[]; names text[]; kinds text[]; at integer := 0; relation jsonb; kind integer[]; one integer[]; made text[] := '{}';
BEGIN
  FOR relation IN SELECT pg_catalog.jsonb_array_elements(relations) LOOP
    SELECT pg_catalog.array_agg(a.attname::text ORDER BY a.attnum) INTO listed
      FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
        AND CASE WHEN pg_catalog.jsonb_array_length(relation) = 1 THEN pg_catalog.pg_table_is_visible(c.oid) ELSE n.nspname = relation ->> 0 END
      JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE c.relname = relation ->> -1;
    IF listed IS NULL OR (kinds IS NOT NULL AND pg_catalog.cardinality(listed) <> pg_catalog.cardinality(kinds)) THEN
      RETURN '*';
    END IF;
    FOR place IN 1 .. pg_catalog.cardinality(listed) LOOP
      one := pg_veil.column_decimal(pg_catalog.jsonb_build_array(pg_catalog.jsonb_build_array(relation)), listed[place]);
      kinds[place] := CASE WHEN at = 0 THEN one::text ELSE pg_veil.decimal_chosen(kinds[place]::integer[], one)::text END;
    END LOOP;
    IF at = which THEN
      names := listed;
    END IF;
    at := at + 1;
  END LOOP;
  FOR place IN 1 .. pg_catalog.cardinality(names) LOOP
    made := made || (pg_catalog.quote_ident(names[place]) || pg_veil.decimal_cast(kinds[place]::integer[]) || ' AS ' || pg_catalog.quote_ident(names[place]));
  END LOOP;
  RETURN pg_catalog.array_to_string(made, ', ');
END $$;

-- The text of a query that a table or view is made of, with types for what is computed of DECIMAL columns: between two marks stands what
-- gives it. Without a search_path of its own, as relations may be named without their schemas.
CREATE FUNCTION pg_veil.typed(query text) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
  pieces text[] := pg_catalog.string_to_array(query, E'\x02'); made text[] := ARRAY[pieces[1]]; given text; known jsonb := '{}';
BEGIN
  FOR at IN 2 .. pg_catalog.cardinality(pieces) LOOP
    IF at % 2 = 0 THEN
      given := known ->> pieces[at];
      IF given IS NULL THEN
        EXECUTE pg_veil.joined('SELECT ', pieces[at]) INTO given;
        known := pg_catalog.jsonb_set(known, ARRAY[pieces[at]], pg_catalog.to_jsonb(given));
      END IF;
      made := pg_catalog.array_append(made, given);
    ELSE
      made := pg_catalog.array_append(made, pieces[at]);
    END IF;
  END LOOP;
  RETURN pg_catalog.array_to_string(made, '');
END $$;
-- CREATE OR REPLACE VIEW of a bound view, whose columns stay what they are (r_CREATE_VIEW). PostgreSQL takes more of them at the end, and
-- refuses all else by itself.
CREATE PROCEDURE pg_veil.replace_bound_view(target text, statement text) LANGUAGE plpgsql AS $$
DECLARE
  existing oid := pg_catalog.to_regclass(target);
  columns integer := (SELECT relnatts FROM pg_catalog.pg_class WHERE oid = existing AND relkind = 'v'
    AND NOT EXISTS (SELECT 1 FROM pg_veil.late_view WHERE view = existing));
BEGIN
  EXECUTE pg_veil.typed(statement);
  IF columns <> (SELECT relnatts FROM pg_catalog.pg_class WHERE oid = existing) THEN
    RAISE EXCEPTION USING ERRCODE = '42P16', MESSAGE = 'cannot change number of columns in view';
  END IF;
END $$;
CREATE PROCEDURE pg_veil.make_typed(statement text) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE pg_veil.typed(statement);
END $$;

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

-- f_mask_round_numeric(value, bucket): as the mask round makes of a NUMERIC(38, 10): rounded down to a multiple of the bucket.
-- NULL for a bucket that is not above 0, for a value of more than 28 digits before the point, and where such a number has no such
-- multiple. The casts are for a server that hands arguments on with the digits they come with.
CREATE OR REPLACE FUNCTION {functions}.f_mask_round_numeric(NUMERIC(38, 10), NUMERIC(38, 10))
RETURNS NUMERIC(38, 10) IMMUTABLE AS $$
    SELECT CASE
        WHEN
            pg_catalog.ABS($1) <= 9999999999999999999999999999.9999999999
            AND $2 > 0.00000000005 AND $2 <= 9999999999999999999999999999.9999999999
            THEN CASE
                WHEN pg_catalog.MOD(CAST($1 AS NUMERIC(38, 10)), CAST($2 AS NUMERIC(38, 10))) >= 0
                    THEN CAST($1 AS NUMERIC(38, 10))
                        - pg_catalog.MOD(CAST($1 AS NUMERIC(38, 10)), CAST($2 AS NUMERIC(38, 10)))
                WHEN
                    CAST($1 AS NUMERIC(38, 10)) + 9999999999999999999999999999.9999999999
                    >= CAST($2 AS NUMERIC(38, 10)) - 0.0000000001
                    THEN CAST($1 AS NUMERIC(38, 10))
                        - pg_catalog.MOD(CAST($1 AS NUMERIC(38, 10)), CAST($2 AS NUMERIC(38, 10)))
                        - CAST($2 AS NUMERIC(38, 10))
            END
    END
$$ LANGUAGE sql;
REVOKE EXECUTE ON FUNCTION {functions}.f_mask_round_numeric(NUMERIC, NUMERIC) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {functions}.f_mask_round_numeric(NUMERIC, NUMERIC) TO PUBLIC;

-- f_mask_grid(value, numerator, denominator): the largest multiple of a fraction that is not above the value, by the steps of the
-- mask round: the multiples beside the quotient are compared with the value. NULL beyond where the fraction reaches, and for what
-- is no fraction of integers that DOUBLE PRECISION holds, but for a numerator that is none over 1.
CREATE OR REPLACE FUNCTION {functions}.f_mask_grid(DOUBLE PRECISION, DOUBLE PRECISION, DOUBLE PRECISION)
RETURNS DOUBLE PRECISION IMMUTABLE AS $$
    SELECT CASE
        WHEN
            $2 > 0 AND $2 <= CAST('9007199254740992' AS DOUBLE PRECISION)
            AND $3 >= 1 AND $3 <= CAST('10000000000' AS DOUBLE PRECISION)
            AND $2 / $3 >= CAST('1e-10' AS DOUBLE PRECISION)
            THEN CASE
                WHEN $2 > 1 AND pg_catalog.ABS($1) < CAST('1e-200' AS DOUBLE PRECISION)
                    THEN CASE WHEN $1 < 0 THEN -($2 / $3) ELSE 0 END
                WHEN
                    pg_catalog.ABS($1) < CASE
                        WHEN $3 = 1 OR $2 = 1 THEN $2 / $3 * CAST('9007199254740992' AS DOUBLE PRECISION)
                        ELSE CAST('4503599627370496' AS DOUBLE PRECISION) / $3
                    END
                    THEN (
                        pg_catalog.FLOOR($1 * $3 / $2)
                        + CASE
                            WHEN (pg_catalog.FLOOR($1 * $3 / $2) + 1) * $2 / $3 <= $1 THEN 1
                            WHEN pg_catalog.FLOOR($1 * $3 / $2) * $2 / $3 <= $1 THEN 0
                            ELSE -1
                        END
                    ) * $2 / $3
                WHEN pg_catalog.ABS($1) < $2 / $3 * CAST('9007199254740992' AS DOUBLE PRECISION) THEN NULL
                WHEN pg_catalog.ABS($1) <= CAST('1.7976931348623157e+308' AS DOUBLE PRECISION) THEN $1
            END
    END
$$ LANGUAGE sql;
REVOKE EXECUTE ON FUNCTION {functions}.f_mask_grid(DOUBLE PRECISION, DOUBLE PRECISION, DOUBLE PRECISION) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {functions}.f_mask_grid(DOUBLE PRECISION, DOUBLE PRECISION, DOUBLE PRECISION) TO PUBLIC;

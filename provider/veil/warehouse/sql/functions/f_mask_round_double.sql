-- f_mask_round_double(value, bucket): as the mask round makes of a DOUBLE PRECISION: rounded down to a multiple of the bucket, and
-- the nearest number to a multiple is one. NULL for a bucket that is not above 0, or is, as a reduced fraction, of a numerator
-- above 2^53; for NaN and the infinities.
CREATE OR REPLACE FUNCTION {functions}.f_mask_round_double(DOUBLE PRECISION, NUMERIC(38, 10))
RETURNS DOUBLE PRECISION IMMUTABLE AS $$
    SELECT CASE
        WHEN $2 > 0.00000000005 AND $2 <= 9007199254740992
            THEN {functions}.f_mask_grid(
                $1,
                CAST(
                    CAST($2 AS NUMERIC(26, 10)) * {functions}.f_mask_bucket_denominator($2) AS DOUBLE PRECISION
                ),
                CAST({functions}.f_mask_bucket_denominator($2) AS DOUBLE PRECISION)
            )
    END
$$ LANGUAGE sql;
REVOKE EXECUTE ON FUNCTION {functions}.f_mask_round_double(DOUBLE PRECISION, NUMERIC) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {functions}.f_mask_round_double(DOUBLE PRECISION, NUMERIC) TO PUBLIC;

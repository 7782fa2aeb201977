-- f_mask_bucket_denominator(bucket): of a bucket as a fraction of two integers, reduced, the lower one: 10 of 0.3, 5 of 0.4. 1 for
-- what DOUBLE PRECISION holds as it is, as it does 0.25 and 100. For f_mask_round_double, which no bucket above 2^53 reaches.
CREATE OR REPLACE FUNCTION {functions}.f_mask_bucket_denominator(NUMERIC(38, 10))
RETURNS BIGINT IMMUTABLE AS $$
    SELECT CASE
        WHEN pg_catalog.MOD(CAST($1 AS NUMERIC(38, 10)), 0.0009765625) = 0 THEN 1
        ELSE
            CASE
                WHEN pg_catalog.MOD(CAST($1 AS NUMERIC(38, 10)), 0.0000001024) = 0 THEN 1
                WHEN pg_catalog.MOD(CAST($1 AS NUMERIC(38, 10)), 0.0000000512) = 0 THEN 2
                WHEN pg_catalog.MOD(CAST($1 AS NUMERIC(38, 10)), 0.0000000256) = 0 THEN 4
                WHEN pg_catalog.MOD(CAST($1 AS NUMERIC(38, 10)), 0.0000000128) = 0 THEN 8
                WHEN pg_catalog.MOD(CAST($1 AS NUMERIC(38, 10)), 0.0000000064) = 0 THEN 16
                WHEN pg_catalog.MOD(CAST($1 AS NUMERIC(38, 10)), 0.0000000032) = 0 THEN 32
                WHEN pg_catalog.MOD(CAST($1 AS NUMERIC(38, 10)), 0.0000000016) = 0 THEN 64
                WHEN pg_catalog.MOD(CAST($1 AS NUMERIC(38, 10)), 0.0000000008) = 0 THEN 128
                WHEN pg_catalog.MOD(CAST($1 AS NUMERIC(38, 10)), 0.0000000004) = 0 THEN 256
                WHEN pg_catalog.MOD(CAST($1 AS NUMERIC(38, 10)), 0.0000000002) = 0 THEN 512
                ELSE 1024
            END
            * CASE
                WHEN pg_catalog.MOD(CAST($1 AS NUMERIC(38, 10)), 0.0001953125) = 0 THEN 5
                WHEN pg_catalog.MOD(CAST($1 AS NUMERIC(38, 10)), 0.0000390625) = 0 THEN 25
                WHEN pg_catalog.MOD(CAST($1 AS NUMERIC(38, 10)), 0.0000078125) = 0 THEN 125
                WHEN pg_catalog.MOD(CAST($1 AS NUMERIC(38, 10)), 0.0000015625) = 0 THEN 625
                WHEN pg_catalog.MOD(CAST($1 AS NUMERIC(38, 10)), 0.0000003125) = 0 THEN 3125
                WHEN pg_catalog.MOD(CAST($1 AS NUMERIC(38, 10)), 0.0000000625) = 0 THEN 15625
                WHEN pg_catalog.MOD(CAST($1 AS NUMERIC(38, 10)), 0.0000000125) = 0 THEN 78125
                WHEN pg_catalog.MOD(CAST($1 AS NUMERIC(38, 10)), 0.0000000025) = 0 THEN 390625
                WHEN pg_catalog.MOD(CAST($1 AS NUMERIC(38, 10)), 0.0000000005) = 0 THEN 1953125
                ELSE CAST(9765625 AS BIGINT)
            END
    END
$$ LANGUAGE sql;
REVOKE EXECUTE ON FUNCTION {functions}.f_mask_bucket_denominator(NUMERIC) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {functions}.f_mask_bucket_denominator(NUMERIC) TO PUBLIC;

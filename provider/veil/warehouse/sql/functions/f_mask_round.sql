-- f_mask_round(value, bucket): as the mask round makes of a BIGINT: rounded down to a multiple of the bucket. NULL for a bucket
-- below 1, and where a BIGINT has no such multiple.
CREATE OR REPLACE FUNCTION {functions}.f_mask_round(BIGINT, BIGINT)
RETURNS BIGINT IMMUTABLE AS $$
    SELECT CASE
        WHEN $2 > 0 AND pg_catalog.MOD($1, $2) >= 0 THEN $1 - pg_catalog.MOD($1, $2)
        WHEN $2 > 0 AND $1 - pg_catalog.MOD($1, $2) >= $2 - 9223372036854775807 - 1
            THEN $1 - pg_catalog.MOD($1, $2) - $2
    END
$$ LANGUAGE sql;
REVOKE EXECUTE ON FUNCTION {functions}.f_mask_round(BIGINT, BIGINT) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {functions}.f_mask_round(BIGINT, BIGINT) TO PUBLIC;

-- f_mask_partial(value, keep_first, keep_last, replacement): as the mask partial makes of a text. NULL for a negative number,
-- where the replacement is not one character, and where the result would be too long for a text.
CREATE OR REPLACE FUNCTION {functions}.f_mask_partial(VARCHAR(65535), INTEGER, INTEGER, VARCHAR(65535))
RETURNS VARCHAR(65535) IMMUTABLE AS $$
    SELECT CASE
        WHEN
            $2 >= 0 AND $3 >= 0 AND pg_catalog.LEN($4) = 1
            AND CAST(pg_catalog.LEN($1) AS BIGINT) * 4 + pg_catalog.OCTET_LENGTH($1) <= 65535
            THEN CASE
                WHEN pg_catalog.LEN($1) <= CAST($2 AS BIGINT) + $3 THEN pg_catalog.REPEAT($4, pg_catalog.LEN($1))
                ELSE
                    CASE WHEN $2 = 0 THEN '' ELSE pg_catalog.LEFT($1, $2) END
                    || pg_catalog.REPEAT($4, pg_catalog.LEN($1) - $2 - $3)
                    || CASE WHEN $3 = 0 THEN '' ELSE pg_catalog.RIGHT($1, $3) END
            END
    END
$$ LANGUAGE sql;
REVOKE EXECUTE ON FUNCTION {functions}.f_mask_partial(VARCHAR, INTEGER, INTEGER, VARCHAR) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {functions}.f_mask_partial(VARCHAR, INTEGER, INTEGER, VARCHAR) TO PUBLIC;

-- f_mask_regex(value, pattern, replacement): as the mask regex makes of a text: each match of the POSIX expression replaced,
-- literally. A text without a match stays as it is. NULL without a pattern, and where the result could be too long for a text.
CREATE OR REPLACE FUNCTION {functions}.f_mask_regex(VARCHAR(65535), VARCHAR(65535), VARCHAR(65535))
RETURNS VARCHAR(65535) IMMUTABLE AS $$
    SELECT CASE
        WHEN
            pg_catalog.OCTET_LENGTH($2) > 0
            AND (CAST(pg_catalog.OCTET_LENGTH($1) AS BIGINT) + 1) * (pg_catalog.OCTET_LENGTH($3) + 1) <= 65535
            THEN CASE
                WHEN pg_catalog.LEN(pg_catalog.TRANSLATE($3, pg_catalog.CHR(92) || '$&', '')) = pg_catalog.LEN($3)
                    THEN pg_catalog.REGEXP_REPLACE($1, $2, $3)
                ELSE pg_catalog.REPLACE(
                    pg_catalog.REGEXP_REPLACE(
                        pg_catalog.REPLACE($1, pg_catalog.CHR(1), ''), $2, pg_catalog.CHR(1)
                    ), pg_catalog.CHR(1), $3
                )
            END
    END
$$ LANGUAGE sql;
REVOKE EXECUTE ON FUNCTION {functions}.f_mask_regex(VARCHAR, VARCHAR, VARCHAR) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {functions}.f_mask_regex(VARCHAR, VARCHAR, VARCHAR) TO PUBLIC;

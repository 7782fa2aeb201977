-- f_mask_email(value, salt): as the mask email makes of an address with this salt. NULL unless there is exactly one `@`, without
-- a salt, and for one of more than 500 bytes.
CREATE OR REPLACE FUNCTION {functions}.f_mask_email(VARCHAR(65535), VARCHAR(65535))
RETURNS VARCHAR(65535) IMMUTABLE AS $$
    SELECT CASE
        WHEN
            pg_catalog.OCTET_LENGTH($2) BETWEEN 1 AND 500
            AND pg_catalog.LEN($1) - pg_catalog.LEN(pg_catalog.REPLACE($1, '@', '')) = 1
            AND pg_catalog.OCTET_LENGTH(pg_catalog.SPLIT_PART($1, '@', 2)) <= 65518
            THEN pg_catalog.LEFT(
                pg_catalog.LOWER(CASE
                    WHEN pg_catalog.OCTET_LENGTH(pg_catalog.SPLIT_PART($1, '@', 1)) <= 65000
                        THEN pg_catalog.SHA2($2 || pg_catalog.SPLIT_PART($1, '@', 1), 256)
                    ELSE pg_catalog.SHA2($2 || pg_catalog.LOWER(pg_catalog.SHA2(pg_catalog.SPLIT_PART($1, '@', 1), 256)), 256)
                END), 16
            ) || '@' || pg_catalog.SPLIT_PART($1, '@', 2)
    END
$$ LANGUAGE sql;
REVOKE EXECUTE ON FUNCTION {functions}.f_mask_email(VARCHAR, VARCHAR) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {functions}.f_mask_email(VARCHAR, VARCHAR) TO PUBLIC;

-- f_mask_digest(value, salt): as the mask hash makes of a text with this salt: blanks at its end do not count. NULL without
-- a salt, and for one of more than 500 bytes. What the integration's own salts are, nobody learns. Digits are small letters, as in
-- views, whichever SHA2 gives.
CREATE OR REPLACE FUNCTION {functions}.f_mask_digest(VARCHAR(65535), VARCHAR(65535))
RETURNS VARCHAR(65535) IMMUTABLE AS $$
    SELECT CASE
        WHEN pg_catalog.OCTET_LENGTH($2) BETWEEN 1 AND 500
            THEN pg_catalog.LOWER(
                CASE
                    WHEN pg_catalog.OCTET_LENGTH(pg_catalog.RTRIM($1)) <= 65000 THEN pg_catalog.SHA2($2 || pg_catalog.RTRIM($1), 256)
                    ELSE pg_catalog.SHA2($2 || pg_catalog.LOWER(pg_catalog.SHA2(pg_catalog.RTRIM($1), 256)), 256)
                END
            )
    END
$$ LANGUAGE sql;
REVOKE EXECUTE ON FUNCTION {functions}.f_mask_digest(VARCHAR, VARCHAR) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {functions}.f_mask_digest(VARCHAR, VARCHAR) TO PUBLIC;

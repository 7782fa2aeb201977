-- f_mask_truncate_date(value, unit): as the mask truncate_date makes of a TIMESTAMP: the start of its unit, weeks beginning on
-- Monday. NULL for what is no unit of that mask.
CREATE OR REPLACE FUNCTION {functions}.f_mask_truncate_date(TIMESTAMP, VARCHAR(65535))
RETURNS TIMESTAMP IMMUTABLE AS $$
    SELECT CASE $2
        WHEN 'year' THEN pg_catalog.DATE_TRUNC('year', $1)
        WHEN 'quarter' THEN pg_catalog.DATE_TRUNC('quarter', $1)
        WHEN 'month' THEN pg_catalog.DATE_TRUNC('month', $1)
        WHEN 'week' THEN pg_catalog.DATE_TRUNC('week', $1)
        WHEN 'day' THEN pg_catalog.DATE_TRUNC('day', $1)
        WHEN 'hour' THEN pg_catalog.DATE_TRUNC('hour', $1)
        WHEN 'minute' THEN pg_catalog.DATE_TRUNC('minute', $1)
    END
$$ LANGUAGE sql;
REVOKE EXECUTE ON FUNCTION {functions}.f_mask_truncate_date(TIMESTAMP, VARCHAR) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {functions}.f_mask_truncate_date(TIMESTAMP, VARCHAR) TO PUBLIC;

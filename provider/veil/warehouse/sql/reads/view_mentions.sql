-- Views of schemas that are not ours, with their texts as far as a text may name what is asked for.
SELECT schemaname, viewname, viewowner, definition
FROM pg_catalog.pg_views
WHERE
    schemaname NOT IN ({schemas})
    AND schemaname <> 'information_schema' AND pg_catalog.LEFT(schemaname, 3) <> 'pg_'
    AND ({mentions});

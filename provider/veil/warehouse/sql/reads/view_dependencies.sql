-- What bound and materialized views were made over. A view's rule depends on it ('i') and on what the rule reads ('n').
SELECT DISTINCT
    vn.nspname, v.relname, pg_catalog.PG_GET_USERBYID(v.relowner), v.relkind, rn.nspname, r.relname
FROM pg_catalog.pg_depend AS i
INNER JOIN pg_catalog.pg_depend AS d ON d.classid = i.classid AND d.objid = i.objid AND d.refclassid = i.refclassid
INNER JOIN pg_catalog.pg_class AS v ON v.oid = i.refobjid
INNER JOIN pg_catalog.pg_namespace AS vn ON vn.oid = v.relnamespace
INNER JOIN pg_catalog.pg_class AS r ON r.oid = d.refobjid
INNER JOIN pg_catalog.pg_namespace AS rn ON rn.oid = r.relnamespace
WHERE
    i.deptype = 'i' AND d.deptype = 'n' AND v.oid <> r.oid
    AND v.relkind IN ('v', 'm') AND r.relkind IN ('r', 'v', 'm')
    AND vn.nspname <> 'information_schema' AND pg_catalog.LEFT(vn.nspname, 3) <> 'pg_';

CREATE OR REPLACE VIEW "governed"."customers" AS /* veil compiler 4 */
SELECT CAST(NULL AS INTEGER) AS "id",
  CAST(NULL AS VARCHAR(100)) AS "email",
  CAST(NULL AS VARCHAR(10)) AS "territory",
  CAST(NULL AS VARCHAR(20)) AS "level",
  CAST(NULL AS TIMESTAMP) AS "created_at"
FROM "raw"."customers" AS t
WHERE FALSE
WITH NO SCHEMA BINDING

CREATE OR REPLACE VIEW "governed"."types" AS /* veil compiler 4 */
WITH caller AS (SELECT e."kind" AS k,
    pg_catalog.rtrim(e."name") AS n,
    pg_catalog.rtrim(e."value") AS v,
    e."strength" AS s,
    e."whom" AS w
  FROM "immuta_system"."user_entry" AS e),
admitted AS (SELECT CASE WHEN d.p AND ((CAST(pg_catalog.getdate() AS TIMESTAMPTZ) AT TIME ZONE 'UTC') IS NOT NULL) AND ((SELECT pg_catalog.count(x."source")
      FROM "immuta_system"."closed" AS x
      WHERE x."source" = 'raw.types') = 0) AND ((NOT d.c2) OR d.c3) THEN d.w END AS w
  FROM (SELECT CASE WHEN pg_catalog.min(e.w) = pg_catalog.max(e.w) THEN pg_catalog.max(e.w) END AS w,
      NULLIF(pg_catalog.max(CASE WHEN (e.k = 'subscription') AND (e.v = 'raw.types') THEN e.s ELSE 0 END), 1) = 2 AS c1,
      NULLIF(pg_catalog.max(CASE WHEN e.k = 'current_project' THEN e.s ELSE 0 END), 1) = 2 AS c2,
      NULLIF(pg_catalog.max(CASE WHEN (e.k = 'project_source') AND (e.v = 'raw.types') THEN e.s ELSE 0 END), 1) = 2 AS c3,
      pg_catalog.max(CASE WHEN e.k = 'caller' THEN 1 END) = 1 AS p
    FROM caller AS e
    WHERE e.k IN ('caller', 'current_project', 'project_source', 'subscription')) AS d)
SELECT CAST(CAST(NULLIF(NULLIF(GREATEST(LEAST(CAST(t."small" AS NUMERIC(20, 0)) - pg_catalog.mod(CAST(t."small" AS NUMERIC(20, 0)), 100) - CASE WHEN pg_catalog.mod(CAST(t."small" AS NUMERIC(20, 0)), 100) < 0 THEN 100 ELSE 0 END, 2147483648), (-2147483649)), 2147483648), (-2147483649)) AS INTEGER) AS INTEGER) AS "small",
  CAST(CAST(NULLIF(NULLIF(GREATEST(LEAST(CAST(t."big" AS NUMERIC(20, 0)) - pg_catalog.mod(CAST(t."big" AS NUMERIC(20, 0)), 100) - CASE WHEN pg_catalog.mod(CAST(t."big" AS NUMERIC(20, 0)), 100) < 0 THEN 100 ELSE 0 END, CAST('9223372036854775808' AS NUMERIC(38, 0))), CAST('-9223372036854775809' AS NUMERIC(38, 0))), CAST('9223372036854775808' AS NUMERIC(38, 0))), CAST('-9223372036854775809' AS NUMERIC(38, 0))) AS BIGINT) AS BIGINT) AS "big",
  CAST(CAST(NULLIF(NULLIF(GREATEST(LEAST(t."amount" - pg_catalog.mod(t."amount", 100) - CASE WHEN pg_catalog.mod(t."amount", 100) < 0 THEN 100 ELSE 0 END, CAST('10000000000' AS NUMERIC(38, 2))), CAST('-10000000000' AS NUMERIC(38, 2))), CAST('10000000000' AS NUMERIC(38, 2))), CAST('-10000000000' AS NUMERIC(38, 2))) AS NUMERIC(12, 2)) AS NUMERIC(12, 2)) AS "amount",
  CAST(CASE WHEN pg_catalog.abs(t."ratio") < CAST('1e-200' AS DOUBLE PRECISION) THEN CASE WHEN t."ratio" < 0 THEN (-100) ELSE 0 END WHEN pg_catalog.abs(t."ratio") < CAST('9.007199254740992e+17' AS DOUBLE PRECISION) THEN (pg_catalog.floor(t."ratio" / 100) + CASE WHEN ((pg_catalog.floor(t."ratio" / 100) + 1) * 100) <= t."ratio" THEN 1 WHEN (pg_catalog.floor(t."ratio" / 100) * 100) <= t."ratio" THEN 0 ELSE (-1) END) * 100 WHEN pg_catalog.abs(t."ratio") <= CAST('1.7976931348623157e+308' AS DOUBLE PRECISION) THEN t."ratio" END AS DOUBLE PRECISION) AS "ratio",
  CAST(NULL AS BOOLEAN) AS "flag",
  CAST(NULL AS CHAR(8)) AS "code",
  CAST(NULL AS VARCHAR(80)) AS "name",
  CAST(NULL AS DATE) AS "day",
  CAST(NULL AS TIMESTAMP) AS "moment",
  CAST(NULL AS TIMESTAMPTZ) AS "instant",
  CASE WHEN FALSE THEN t."document" END AS "document"
FROM "raw"."types" AS t
WHERE (SELECT a.w
  FROM admitted AS a) IS NOT NULL
WITH NO SCHEMA BINDING

CREATE OR REPLACE VIEW "governed"."types" AS
WITH caller AS (SELECT e."kind" AS k,
    pg_catalog.rtrim(e."name") AS n,
    pg_catalog.rtrim(e."value") AS v,
    e."strength" AS s,
    e."whom" AS w,
    e."decided_at" AS t
  FROM "immuta_system"."user_entry" AS e),
decided AS (SELECT CASE WHEN pg_catalog.min(e.w) = pg_catalog.max(e.w) THEN pg_catalog.max(e.w) END AS w,
    pg_catalog.max(e.t) AS t,
    NULLIF(pg_catalog.max(CASE WHEN (e.k = 'subscription') AND (e.v = 'raw.types') THEN e.s ELSE 0 END), 1) = 2 AS c1,
    NULLIF(pg_catalog.max(CASE WHEN e.k = 'current_project' THEN e.s ELSE 0 END), 1) = 2 AS c2,
    NULLIF(pg_catalog.max(CASE WHEN (e.k = 'project_source') AND (e.v = 'raw.types') THEN e.s ELSE 0 END), 1) = 2 AS c3,
    pg_catalog.max(CASE WHEN e.k = 'caller' THEN 1 END) = 1 AS p
  FROM caller AS e
  WHERE e.k IN ('caller', 'current_project', 'project_source', 'subscription')),
admitted AS (SELECT CASE WHEN d.p AND (d.t IS NOT NULL) AND ((SELECT pg_catalog.count(x."source")
      FROM "immuta_system"."closed" AS x
      WHERE x."source" = 'raw.types') = 0) AND ((NOT d.c2) OR d.c3) THEN d.w END AS w
  FROM decided AS d)
SELECT CAST(CASE WHEN t.g1 >= 5 THEN t."small" END AS INTEGER) AS "small",
  CAST(CASE WHEN t.g1 >= 5 THEN t."big" END AS BIGINT) AS "big",
  CAST(CASE WHEN t.g1 >= 5 THEN t."amount" END AS NUMERIC(12, 2)) AS "amount",
  CAST(CASE WHEN t.g1 >= 5 THEN t."ratio" END AS DOUBLE PRECISION) AS "ratio",
  CAST(CASE WHEN t.g1 >= 5 THEN t."flag" END AS BOOLEAN) AS "flag",
  CAST(CASE WHEN t.g1 >= 5 THEN t."code" END AS CHAR(8)) AS "code",
  CAST(CASE WHEN t.g1 >= 5 THEN t."name" END AS VARCHAR(80)) AS "name",
  CAST(CASE WHEN t.g1 >= 5 THEN t."day" END AS DATE) AS "day",
  CAST(CASE WHEN t.g1 >= 5 THEN t."moment" END AS TIMESTAMP) AS "moment",
  CAST(CASE WHEN t.g1 >= 5 THEN t."instant" END AS TIMESTAMPTZ) AS "instant",
  CASE WHEN t.g1 >= 5 THEN t."document" END AS "document"
FROM (SELECT r."small" AS "small",
    r."big" AS "big",
    r."amount" AS "amount",
    r."ratio" AS "ratio",
    r."flag" AS "flag",
    r."code" AS "code",
    r."name" AS "name",
    r."day" AS "day",
    r."moment" AS "moment",
    r."instant" AS "instant",
    r."document" AS "document",
    pg_catalog.count(*) OVER (PARTITION BY r."day", pg_catalog.rtrim(CAST(r."name" AS VARCHAR(80))), r."small") AS g1
  FROM "raw"."types" AS r) AS t
WHERE ((SELECT a.w FROM admitted AS a) IS NOT NULL) AND (((CASE WHEN FALSE THEN t."amount" ELSE CAST(NULL AS NUMERIC(12, 2)) END + 0) IS NULL) AND (CAST(CASE WHEN FALSE THEN t."amount" ELSE CAST('9999999999.99' AS NUMERIC(12, 2)) END AS VARCHAR(64)) = CAST(CAST('9999999999.99' AS NUMERIC(12, 2)) AS VARCHAR(64)))) AND ((CASE WHEN FALSE THEN t."big" ELSE CAST(1 AS BIGINT) END / 2) = 0) AND (CASE WHEN FALSE THEN t."code" ELSE CAST(NULL AS VARCHAR(1)) END IS NULL) AND ((DATEDIFF(day, CASE WHEN FALSE THEN t."day" ELSE CAST('2000-01-01' AS DATE) END, CAST('2000-01-01' AS DATE)) = 0) AND (CAST(CASE WHEN FALSE THEN t."day" ELSE CAST('2000-01-01' AS DATE) END AS VARCHAR(64)) = CAST(CAST('2000-01-01' AS DATE) AS VARCHAR(64)))) AND ((NOT CASE WHEN FALSE THEN t."flag" ELSE CAST(NULL AS BOOLEAN) END) IS NULL) AND ((DATEDIFF(day, CASE WHEN FALSE THEN t."instant" AT TIME ZONE 'UTC' ELSE CAST('2000-01-01' AS DATE) END, CAST('2000-01-01' AS DATE)) = 0) AND (CAST(CASE WHEN FALSE THEN t."instant" AT TIME ZONE 'UTC' ELSE CAST('2000-01-01' AS DATE) END AS VARCHAR(64)) = CAST(CAST('2000-01-01' AS TIMESTAMP) AS VARCHAR(64))) AND (CAST(CASE WHEN FALSE THEN t."instant" END AS TIMETZ) IS NULL)) AND ((DATEDIFF(day, CASE WHEN FALSE THEN t."moment" ELSE CAST('2000-01-01' AS DATE) END, CAST('2000-01-01' AS DATE)) = 0) AND (CAST(CASE WHEN FALSE THEN t."moment" ELSE CAST('2000-01-01' AS DATE) END AS VARCHAR(64)) = CAST(CAST('2000-01-01' AS TIMESTAMP) AS VARCHAR(64)))) AND (CASE WHEN FALSE THEN t."name" ELSE CAST(NULL AS VARCHAR(1)) END IS NULL) AND ((CASE WHEN FALSE THEN t."ratio" ELSE CAST(NULL AS DOUBLE PRECISION) END + 0) IS NULL) AND (((CASE WHEN FALSE THEN t."small" ELSE CAST(1 AS INTEGER) END / 2) = 0) AND (pg_catalog.chr(CASE WHEN FALSE THEN t."small" ELSE CAST(NULL AS INTEGER) END) IS NULL))
WITH NO SCHEMA BINDING

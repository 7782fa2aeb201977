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
SELECT CAST(CASE WHEN d.c1 THEN t."small" END AS INTEGER) AS "small",
  CAST(CASE WHEN d.c1 THEN t."big" END AS BIGINT) AS "big",
  CAST(CASE WHEN d.c1 THEN t."amount" END AS NUMERIC(12, 2)) AS "amount",
  CAST(CASE WHEN d.c1 THEN t."ratio" END AS DOUBLE PRECISION) AS "ratio",
  CAST(CASE WHEN d.c1 THEN t."flag" END AS BOOLEAN) AS "flag",
  CAST(CASE WHEN d.c1 THEN t."code" ELSE CASE WHEN pg_catalog.len(pg_catalog.rtrim(t."code")) <= 3 THEN pg_catalog.repeat('*', pg_catalog.len(pg_catalog.rtrim(t."code"))) ELSE pg_catalog.left(pg_catalog.rtrim(t."code"), 1) || pg_catalog.repeat('*', pg_catalog.len(pg_catalog.rtrim(t."code")) - 3) || pg_catalog.right(pg_catalog.rtrim(t."code"), 2) END END AS CHAR(8)) AS "code",
  CAST(CASE WHEN d.c1 THEN t."name" ELSE CASE WHEN pg_catalog.len(t."name") <= 3 THEN pg_catalog.repeat('*', pg_catalog.len(t."name")) ELSE pg_catalog.left(t."name", 1) || pg_catalog.repeat('*', pg_catalog.len(t."name") - 3) || pg_catalog.right(t."name", 2) END END AS VARCHAR(80)) AS "name",
  CAST(CASE WHEN d.c1 THEN t."day" END AS DATE) AS "day",
  CAST(CASE WHEN d.c1 THEN t."moment" END AS TIMESTAMP) AS "moment",
  CAST(CASE WHEN d.c1 THEN t."instant" END AS TIMESTAMPTZ) AS "instant",
  CASE WHEN d.c1 THEN t."document" END AS "document"
FROM "raw"."types" AS t
CROSS JOIN (SELECT CASE WHEN pg_catalog.min(e.w) = pg_catalog.max(e.w) THEN pg_catalog.max(e.w) END AS w,
    NULLIF(pg_catalog.max(CASE WHEN (e.k = 'group') AND (e.v = 'hr') THEN e.s ELSE 0 END), 1) = 2 AS c1
  FROM caller AS e
  WHERE e.k IN ('caller', 'group')) AS d
WHERE ((SELECT a.w
  FROM admitted AS a) IS NOT NULL) AND (d.w = (SELECT a.w
  FROM admitted AS a))
WITH NO SCHEMA BINDING

CREATE OR REPLACE VIEW "governed"."customers" AS
WITH caller AS (SELECT e."kind" AS k,
    pg_catalog.rtrim(e."name") AS n,
    pg_catalog.rtrim(e."value") AS v,
    e."strength" AS s,
    e."whom" AS w,
    e."decided_at" AS t
  FROM "immuta_system"."user_entry" AS e),
decided AS (SELECT CASE WHEN pg_catalog.min(e.w) = pg_catalog.max(e.w) THEN pg_catalog.max(e.w) END AS w,
    pg_catalog.max(e.t) AS t,
    pg_catalog.max(e.t) - INTERVAL '90 days' AS c1,
    NULLIF(pg_catalog.max(CASE WHEN (e.k = 'subscription') AND (e.v = 'raw.customers') THEN e.s ELSE 0 END), 1) = 2 AS c2,
    NULLIF(pg_catalog.max(CASE WHEN e.k = 'current_project' THEN e.s ELSE 0 END), 1) = 2 AS c3,
    NULLIF(pg_catalog.max(CASE WHEN (e.k = 'project_source') AND (e.v = 'raw.customers') THEN e.s ELSE 0 END), 1) = 2 AS c4,
    pg_catalog.max(CASE WHEN e.k = 'caller' THEN 1 END) = 1 AS p
  FROM caller AS e
  WHERE e.k IN ('caller', 'current_project', 'project_source', 'subscription')),
admitted AS (SELECT CASE WHEN d.p AND (d.t IS NOT NULL) AND ((SELECT pg_catalog.count(x."source")
      FROM "immuta_system"."closed" AS x
      WHERE x."source" = 'raw.customers') = 0) AND ((NOT d.c3) OR d.c4) THEN d.w END AS w
  FROM decided AS d)
SELECT CASE WHEN t."created_at" >= d.c1 THEN t."id" END AS "id",
  CASE WHEN t."created_at" >= d.c1 THEN t."email" END AS "email",
  CASE WHEN t."created_at" >= d.c1 THEN t."territory" END AS "territory",
  CASE WHEN t."created_at" >= d.c1 THEN t."level" END AS "level",
  CASE WHEN t."created_at" >= d.c1 THEN t."created_at" END AS "created_at"
FROM "raw"."customers" AS t
CROSS JOIN decided AS d
WHERE (((SELECT a.w FROM admitted AS a) IS NOT NULL) AND (t."created_at" >= (SELECT d.c1 FROM decided AS d WHERE d.w = (SELECT a.w FROM admitted AS a))) AND (d.w = (SELECT a.w FROM admitted AS a))) AND ((DATEDIFF(day, CASE WHEN FALSE THEN t."created_at" ELSE CAST('2000-01-01' AS DATE) END, CAST('2000-01-01' AS DATE)) = 0) AND (CAST(CASE WHEN FALSE THEN t."created_at" ELSE CAST('2000-01-01' AS DATE) END AS VARCHAR(64)) = CAST(CAST('2000-01-01' AS TIMESTAMP) AS VARCHAR(64))))
WITH NO SCHEMA BINDING

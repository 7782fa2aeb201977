CREATE OR REPLACE VIEW "governed"."customers" AS
WITH caller AS (SELECT e."kind" AS k,
    pg_catalog.rtrim(e."name") AS n,
    pg_catalog.rtrim(e."value") AS v,
    e."strength" AS s,
    e."whom" AS w
  FROM "immuta_system"."user_entry" AS e),
admitted AS (SELECT CASE WHEN d.p AND ((CAST(pg_catalog.getdate() AS TIMESTAMPTZ) AT TIME ZONE 'UTC') IS NOT NULL) AND ((SELECT pg_catalog.count(x."source")
      FROM "immuta_system"."closed" AS x
      WHERE x."source" = 'raw.customers') = 0) AND ((NOT d.c2) OR d.c3) THEN d.w END AS w
  FROM (SELECT CASE WHEN pg_catalog.min(e.w) = pg_catalog.max(e.w) THEN pg_catalog.max(e.w) END AS w,
      NULLIF(pg_catalog.max(CASE WHEN (e.k = 'subscription') AND (e.v = 'raw.customers') THEN e.s ELSE 0 END), 1) = 2 AS c1,
      NULLIF(pg_catalog.max(CASE WHEN e.k = 'current_project' THEN e.s ELSE 0 END), 1) = 2 AS c2,
      NULLIF(pg_catalog.max(CASE WHEN (e.k = 'project_source') AND (e.v = 'raw.customers') THEN e.s ELSE 0 END), 1) = 2 AS c3,
      pg_catalog.max(CASE WHEN e.k = 'caller' THEN 1 END) = 1 AS p
    FROM caller AS e
    WHERE e.k IN ('caller', 'current_project', 'project_source', 'subscription')) AS d)
SELECT CASE WHEN d.c1 OR ((d.u = pg_catalog.rtrim(t."email")) AND (NOT CASE WHEN d.p AND (pg_catalog.rtrim(t."territory") IS NOT NULL) THEN (NULLIF(COALESCE(a1.s, 0), 1) = 2) OR ((NOT d.c2) AND (pg_catalog.rtrim(t."territory") = 'none')) END)) THEN t."id" END AS "id",
  CASE WHEN d.c1 OR ((d.u = pg_catalog.rtrim(t."email")) AND (NOT CASE WHEN d.p AND (pg_catalog.rtrim(t."territory") IS NOT NULL) THEN (NULLIF(COALESCE(a1.s, 0), 1) = 2) OR ((NOT d.c2) AND (pg_catalog.rtrim(t."territory") = 'none')) END)) THEN t."email" END AS "email",
  CASE WHEN d.c1 OR ((d.u = pg_catalog.rtrim(t."email")) AND (NOT CASE WHEN d.p AND (pg_catalog.rtrim(t."territory") IS NOT NULL) THEN (NULLIF(COALESCE(a1.s, 0), 1) = 2) OR ((NOT d.c2) AND (pg_catalog.rtrim(t."territory") = 'none')) END)) THEN t."territory" END AS "territory",
  CASE WHEN d.c1 OR ((d.u = pg_catalog.rtrim(t."email")) AND (NOT CASE WHEN d.p AND (pg_catalog.rtrim(t."territory") IS NOT NULL) THEN (NULLIF(COALESCE(a1.s, 0), 1) = 2) OR ((NOT d.c2) AND (pg_catalog.rtrim(t."territory") = 'none')) END)) THEN t."level" END AS "level",
  CASE WHEN d.c1 OR ((d.u = pg_catalog.rtrim(t."email")) AND (NOT CASE WHEN d.p AND (pg_catalog.rtrim(t."territory") IS NOT NULL) THEN (NULLIF(COALESCE(a1.s, 0), 1) = 2) OR ((NOT d.c2) AND (pg_catalog.rtrim(t."territory") = 'none')) END)) THEN t."created_at" END AS "created_at"
FROM "raw"."customers" AS t
CROSS JOIN (SELECT CASE WHEN pg_catalog.min(e.w) = pg_catalog.max(e.w) THEN pg_catalog.max(e.w) END AS w,
    NULLIF(pg_catalog.max(CASE WHEN (e.k = 'group') AND (e.v = 'a') THEN e.s ELSE 0 END), 1) = 2 AS c1,
    pg_catalog.max(CASE WHEN (e.k = 'caller') AND (e.n = 'alone') THEN e.v END) AS u,
    NULLIF(pg_catalog.max(CASE WHEN e.k = 'group' THEN e.s ELSE 0 END), 1) = 2 AS c2,
    pg_catalog.max(CASE WHEN e.k = 'caller' THEN 1 END) = 1 AS p
  FROM caller AS e
  WHERE e.k IN ('caller', 'group')) AS d
LEFT JOIN (SELECT e.v AS v,
    pg_catalog.max(e.s) AS s
  FROM caller AS e
  WHERE e.k = 'group'
  GROUP BY e.v) AS a1 ON a1.v = pg_catalog.rtrim(t."territory")
WHERE ((SELECT a.w
  FROM admitted AS a) IS NOT NULL) AND (d.w = (SELECT a.w
  FROM admitted AS a)) AND (d.c1 OR ((d.u = pg_catalog.rtrim(t."email")) AND (NOT CASE WHEN d.p AND (pg_catalog.rtrim(t."territory") IS NOT NULL) THEN (NULLIF(COALESCE(a1.s, 0), 1) = 2) OR ((NOT d.c2) AND (pg_catalog.rtrim(t."territory") = 'none')) END)))
WITH NO SCHEMA BINDING

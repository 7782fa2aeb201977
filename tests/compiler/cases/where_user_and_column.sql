CREATE OR REPLACE VIEW "governed"."customers" AS
WITH caller AS (SELECT e."kind" AS k,
    pg_catalog.rtrim(e."name") AS n,
    pg_catalog.rtrim(e."value") AS v,
    e."strength" AS s,
    e."whom" AS w,
    e."decided_at" AS t
  FROM "immuta_system"."user_entry" AS e),
possible AS (SELECT e."kind" AS k,
    pg_catalog.rtrim(e."name") AS n,
    pg_catalog.rtrim(e."value") AS v,
    e."strength" AS s,
    e."whom" AS w,
    e."decided_at" AS t
  FROM "immuta_system"."possible_entry" AS e),
decided AS (SELECT CASE WHEN pg_catalog.min(e.w) = pg_catalog.max(e.w) THEN pg_catalog.max(e.w) END AS w,
    pg_catalog.max(e.t) AS t,
    NULLIF(pg_catalog.max(CASE WHEN (e.k = 'group') AND (e.v = 'a') THEN e.s ELSE 0 END), 1) = 2 AS c1,
    pg_catalog.max(CASE WHEN (e.k = 'caller') AND (e.n = 'alone') THEN e.v END) AS u,
    NULLIF(pg_catalog.max(CASE WHEN e.k = 'group' THEN e.s ELSE 0 END), 1) = 2 AS c2,
    NULLIF(pg_catalog.max(CASE WHEN (e.k = 'subscription') AND (e.v = 'raw.customers') THEN e.s ELSE 0 END), 1) = 2 AS c3,
    NULLIF(pg_catalog.max(CASE WHEN e.k = 'current_project' THEN e.s ELSE 0 END), 1) = 2 AS c4,
    NULLIF(pg_catalog.max(CASE WHEN (e.k = 'project_source') AND (e.v = 'raw.customers') THEN e.s ELSE 0 END), 1) = 2 AS c5,
    pg_catalog.max(CASE WHEN e.k = 'caller' THEN 1 END) = 1 AS p
  FROM caller AS e
  WHERE e.k IN ('caller', 'current_project', 'group', 'project_source', 'subscription')),
admitted AS (SELECT CASE WHEN d.p AND (d.t IS NOT NULL) AND ((SELECT pg_catalog.count(x."source")
      FROM "immuta_system"."closed" AS x
      WHERE x."source" = 'raw.customers') = 0) AND ((NOT d.c4) OR d.c5) THEN d.w END AS w
  FROM decided AS d)
SELECT CASE WHEN d.c1 OR ((d.u = t."email") AND (NOT CASE WHEN t."territory" IS NOT NULL THEN (NULLIF(COALESCE(a1.s, 0), 1) = 2) OR ((NOT d.c2) AND (t."territory" = 'none')) END)) THEN t."id" END AS "id",
  CASE WHEN d.c1 OR ((d.u = t."email") AND (NOT CASE WHEN t."territory" IS NOT NULL THEN (NULLIF(COALESCE(a1.s, 0), 1) = 2) OR ((NOT d.c2) AND (t."territory" = 'none')) END)) THEN t."email" END AS "email",
  CASE WHEN d.c1 OR ((d.u = t."email") AND (NOT CASE WHEN t."territory" IS NOT NULL THEN (NULLIF(COALESCE(a1.s, 0), 1) = 2) OR ((NOT d.c2) AND (t."territory" = 'none')) END)) THEN t."territory" END AS "territory",
  CASE WHEN d.c1 OR ((d.u = t."email") AND (NOT CASE WHEN t."territory" IS NOT NULL THEN (NULLIF(COALESCE(a1.s, 0), 1) = 2) OR ((NOT d.c2) AND (t."territory" = 'none')) END)) THEN t."level" END AS "level",
  CASE WHEN d.c1 OR ((d.u = t."email") AND (NOT CASE WHEN t."territory" IS NOT NULL THEN (NULLIF(COALESCE(a1.s, 0), 1) = 2) OR ((NOT d.c2) AND (t."territory" = 'none')) END)) THEN t."created_at" END AS "created_at"
FROM "raw"."customers" AS t
CROSS JOIN decided AS d
LEFT JOIN (SELECT e.v AS v,
    pg_catalog.max(e.s) AS s,
    e.w AS w
  FROM possible AS e
  WHERE e.k = 'group'
  GROUP BY e.v, e.w) AS a1 ON (a1.v = t."territory") AND (a1.w = d.w)
WHERE (((SELECT a.w FROM admitted AS a) IS NOT NULL) AND ((SELECT d.c1 FROM decided AS d WHERE d.w = (SELECT a.w FROM admitted AS a)) OR (((SELECT d.u FROM decided AS d WHERE d.w = (SELECT a.w FROM admitted AS a)) = t."email") AND (NOT CASE WHEN t."territory" IS NOT NULL THEN (NULLIF(COALESCE(a1.s, 0), 1) = 2) OR ((NOT (SELECT d.c2 FROM decided AS d WHERE d.w = (SELECT a.w FROM admitted AS a))) AND (t."territory" = 'none')) END))) AND (d.w = (SELECT a.w FROM admitted AS a))) AND (CASE WHEN FALSE THEN t."email" ELSE CAST(NULL AS VARCHAR(1)) END IS NULL) AND (CASE WHEN FALSE THEN t."territory" ELSE CAST(NULL AS VARCHAR(1)) END IS NULL)
WITH NO SCHEMA BINDING

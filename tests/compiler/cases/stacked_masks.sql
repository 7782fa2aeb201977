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
    (NULLIF(pg_catalog.max(CASE WHEN (e.k = 'group') AND (e.v = 'hr') THEN e.s ELSE 0 END), 1) = 2) OR (NULLIF(pg_catalog.max(CASE WHEN (e.k = 'group') AND (e.v = 'it''s') THEN e.s ELSE 0 END), 1) = 2) OR (NULLIF(pg_catalog.max(CASE WHEN (e.k = 'attribute') AND (e.n = 'clearance') AND (e.v = 'high\\low') THEN e.s ELSE 0 END), 1) = 2) OR (NULLIF(pg_catalog.max(CASE WHEN (e.k = 'purpose') AND (e.v = 'fraud') THEN e.s ELSE 0 END), 1) = 2) OR (pg_catalog.max(CASE WHEN (e.k = 'caller') AND (e.n = 'alone') THEN e.v END) = 'root') AS c1,
    CASE WHEN pg_catalog.max(CASE WHEN e.k = 'project_salt' THEN 1 ELSE 0 END) = 1 THEN CASE WHEN pg_catalog.min(g."salt") = pg_catalog.max(g."salt") THEN pg_catalog.max(g."salt") END ELSE (SELECT CASE WHEN pg_catalog.min(s."salt") = pg_catalog.max(s."salt") THEN pg_catalog.max(s."salt") END
      FROM "immuta_system"."salt" AS s
      WHERE s."name" = 'raw.customers') END AS j,
    pg_catalog.max(CASE WHEN e.k = 'caller' THEN CASE WHEN e.n = 'alone' THEN 1 ELSE 0 END END) = 1 AS o,
    NULLIF(pg_catalog.max(CASE WHEN (e.k = 'subscription') AND (e.v = 'raw.customers') THEN e.s ELSE 0 END), 1) = 2 AS c2,
    NULLIF(pg_catalog.max(CASE WHEN e.k = 'current_project' THEN e.s ELSE 0 END), 1) = 2 AS c3,
    NULLIF(pg_catalog.max(CASE WHEN (e.k = 'project_source') AND (e.v = 'raw.customers') THEN e.s ELSE 0 END), 1) = 2 AS c4,
    pg_catalog.max(CASE WHEN e.k = 'caller' THEN 1 END) = 1 AS p
  FROM caller AS e
  LEFT JOIN "immuta_system"."salt" AS g ON (e.k = 'project_salt') AND (g."name" = e.v)
  WHERE e.k IN ('attribute', 'caller', 'current_project', 'group', 'project_salt', 'project_source', 'purpose', 'subscription')),
admitted AS (SELECT CASE WHEN d.p AND (d.t IS NOT NULL) AND ((SELECT pg_catalog.count(x."source")
      FROM "immuta_system"."closed" AS x
      WHERE x."source" = 'raw.customers') = 0) AND ((NOT d.c3) OR d.c4) THEN d.w END AS w
  FROM decided AS d)
SELECT t."id" AS "id",
  CAST(CASE WHEN CASE WHEN (COALESCE(n1.w, d.w) = d.w) AND (COALESCE(k1.w, d.w) = d.w) THEN CASE WHEN n1.n = 0 THEN FALSE WHEN t."level" IS NULL THEN NULL WHEN k1.s = 1 THEN TRUE WHEN n1.n > n1.m THEN NULL ELSE FALSE END END OR CASE WHEN d.o THEN FALSE END THEN CASE WHEN d.c1 THEN t."email" ELSE pg_catalog.lower(pg_catalog.sha2(d.j || pg_catalog.rtrim(CAST(t."email" AS VARCHAR(100))), 256)) END ELSE CASE WHEN pg_catalog.len(CAST(t."email" AS VARCHAR(100))) <= 3 THEN pg_catalog.repeat('*', pg_catalog.len(CAST(t."email" AS VARCHAR(100)))) ELSE pg_catalog.left(CAST(t."email" AS VARCHAR(100)), 1) || pg_catalog.repeat('*', pg_catalog.len(CAST(t."email" AS VARCHAR(100))) - 3) || pg_catalog.right(CAST(t."email" AS VARCHAR(100)), 2) END END AS VARCHAR(100)) AS "email",
  t."territory" AS "territory",
  t."level" AS "level",
  t."created_at" AS "created_at"
FROM "raw"."customers" AS t
LEFT JOIN (SELECT pg_catalog.rtrim(CAST(l."access_level" AS VARCHAR(65535))) AS v,
    pg_catalog.max(CASE WHEN CASE WHEN l."root" IS NOT NULL THEN NULLIF(COALESCE(a1.s, 0), 1) = 2 END THEN 1 ELSE 0 END) AS s,
    pg_catalog.max(COALESCE(d.w, '')) AS w
  FROM "raw"."access_tree" AS l
  CROSS JOIN decided AS d
  LEFT JOIN (SELECT e.v AS v,
      pg_catalog.max(e.s) AS s,
      e.w AS w
    FROM possible AS e
    WHERE (e.k = 'attribute') AND (e.n = 'user_level')
    GROUP BY e.v, e.w) AS a1 ON (a1.v = l."root") AND (a1.w = d.w)
  GROUP BY pg_catalog.rtrim(CAST(l."access_level" AS VARCHAR(65535)))) AS k1 ON k1.v = t."level"
CROSS JOIN (SELECT pg_catalog.count(CASE WHEN CASE WHEN l."root" IS NOT NULL THEN NULLIF(COALESCE(a1.s, 0), 1) = 2 END THEN 1 END) AS n,
    pg_catalog.count(CASE WHEN CASE WHEN l."root" IS NOT NULL THEN NULLIF(COALESCE(a1.s, 0), 1) = 2 END THEN pg_catalog.rtrim(CAST(l."access_level" AS VARCHAR(65535))) END) AS m,
    pg_catalog.max(COALESCE(d.w, '')) AS w
  FROM "raw"."access_tree" AS l
  CROSS JOIN decided AS d
  LEFT JOIN (SELECT e.v AS v,
      pg_catalog.max(e.s) AS s,
      e.w AS w
    FROM possible AS e
    WHERE (e.k = 'attribute') AND (e.n = 'user_level')
    GROUP BY e.v, e.w) AS a1 ON (a1.v = l."root") AND (a1.w = d.w)) AS n1
CROSS JOIN decided AS d
WHERE ((((SELECT a.w FROM admitted AS a) IS NOT NULL) AND (d.w = (SELECT a.w FROM admitted AS a))) AND (COALESCE(n1.w, d.w) = d.w) AND (COALESCE(k1.w, d.w) = d.w)) AND (CASE WHEN FALSE THEN t."email" ELSE CAST(NULL AS VARCHAR(1)) END IS NULL) AND (CASE WHEN FALSE THEN t."level" ELSE CAST(NULL AS VARCHAR(1)) END IS NULL) AND (SELECT (CASE WHEN FALSE THEN pg_catalog.max(l."access_level") ELSE CAST(NULL AS VARCHAR(1)) END IS NULL) AND (CASE WHEN FALSE THEN pg_catalog.max(l."root") ELSE CAST(NULL AS VARCHAR(1)) END IS NULL)
  FROM "raw"."access_tree" AS l
  WHERE FALSE)
WITH NO SCHEMA BINDING

CREATE OR REPLACE VIEW "governed"."customers" AS
WITH caller AS (SELECT e."kind" AS k,
    pg_catalog.rtrim(e."name") AS n,
    pg_catalog.rtrim(e."value") AS v,
    e."strength" AS s,
    e."whom" AS w,
    e."decided_at" AS t
  FROM "analytics"."immuta_system"."user_entry" AS e),
decided AS (SELECT CASE WHEN pg_catalog.min(e.w) = pg_catalog.max(e.w) THEN pg_catalog.max(e.w) END AS w,
    pg_catalog.max(e.t) AS t,
    NULLIF(pg_catalog.max(CASE WHEN (e.k = 'group') AND (e.v = 'a') THEN e.s ELSE 0 END), 1) = 2 AS c1,
    pg_catalog.max(CASE WHEN e.k = 'caller' THEN CASE WHEN e.n = 'alone' THEN 1 ELSE 0 END END) = 1 AS o,
    CASE WHEN pg_catalog.max(CASE WHEN e.k = 'project_salt' THEN 1 ELSE 0 END) = 1 THEN CASE WHEN pg_catalog.min(g."salt") = pg_catalog.max(g."salt") THEN pg_catalog.max(g."salt") END ELSE (SELECT CASE WHEN pg_catalog.min(s."salt") = pg_catalog.max(s."salt") THEN pg_catalog.max(s."salt") END
      FROM "analytics"."immuta_system"."salt" AS s
      WHERE s."name" = 'raw.customers') END AS j,
    NULLIF(pg_catalog.max(CASE WHEN (e.k = 'subscription') AND (e.v = 'raw.customers') THEN e.s ELSE 0 END), 1) = 2 AS c2,
    NULLIF(pg_catalog.max(CASE WHEN e.k = 'current_project' THEN e.s ELSE 0 END), 1) = 2 AS c3,
    NULLIF(pg_catalog.max(CASE WHEN (e.k = 'project_source') AND (e.v = 'raw.customers') THEN e.s ELSE 0 END), 1) = 2 AS c4,
    pg_catalog.max(CASE WHEN e.k = 'caller' THEN 1 END) = 1 AS p
  FROM caller AS e
  LEFT JOIN "analytics"."immuta_system"."salt" AS g ON (e.k = 'project_salt') AND (g."name" = e.v)
  WHERE e.k IN ('caller', 'current_project', 'group', 'project_salt', 'project_source', 'subscription')),
admitted AS (SELECT CASE WHEN d.p AND (d.t IS NOT NULL) AND ((SELECT pg_catalog.count(x."source")
      FROM "analytics"."immuta_system"."closed" AS x
      WHERE x."source" = 'raw.customers') = 0) AND ((NOT d.c3) OR d.c4) THEN d.w END AS w
  FROM decided AS d)
SELECT CASE WHEN (CASE WHEN (COALESCE(n1.w, d.w) = d.w) AND (COALESCE(k1.w, d.w) = d.w) THEN CASE WHEN n1.n = 0 THEN FALSE WHEN t."level" IS NULL THEN NULL WHEN k1.s = 1 THEN TRUE WHEN n1.n > n1.m THEN NULL ELSE FALSE END END OR CASE WHEN d.o THEN FALSE END) AND CASE WHEN n2.n = 0 THEN FALSE WHEN t."territory" IS NULL THEN NULL WHEN k2.v IS NOT NULL THEN TRUE WHEN n2.n > n2.m THEN NULL ELSE FALSE END THEN t."id" END AS "id",
  CAST(CASE WHEN (CASE WHEN (COALESCE(n1.w, d.w) = d.w) AND (COALESCE(k1.w, d.w) = d.w) THEN CASE WHEN n1.n = 0 THEN FALSE WHEN t."level" IS NULL THEN NULL WHEN k1.s = 1 THEN TRUE WHEN n1.n > n1.m THEN NULL ELSE FALSE END END OR CASE WHEN d.o THEN FALSE END) AND CASE WHEN n2.n = 0 THEN FALSE WHEN t."territory" IS NULL THEN NULL WHEN k2.v IS NOT NULL THEN TRUE WHEN n2.n > n2.m THEN NULL ELSE FALSE END THEN pg_catalog.lower(pg_catalog.sha2(d.j || pg_catalog.rtrim(CAST(t."email" AS VARCHAR(100))), 256)) END AS VARCHAR(100)) AS "email",
  CASE WHEN (CASE WHEN (COALESCE(n1.w, d.w) = d.w) AND (COALESCE(k1.w, d.w) = d.w) THEN CASE WHEN n1.n = 0 THEN FALSE WHEN t."level" IS NULL THEN NULL WHEN k1.s = 1 THEN TRUE WHEN n1.n > n1.m THEN NULL ELSE FALSE END END OR CASE WHEN d.o THEN FALSE END) AND CASE WHEN n2.n = 0 THEN FALSE WHEN t."territory" IS NULL THEN NULL WHEN k2.v IS NOT NULL THEN TRUE WHEN n2.n > n2.m THEN NULL ELSE FALSE END THEN t."territory" END AS "territory",
  CASE WHEN (CASE WHEN (COALESCE(n1.w, d.w) = d.w) AND (COALESCE(k1.w, d.w) = d.w) THEN CASE WHEN n1.n = 0 THEN FALSE WHEN t."level" IS NULL THEN NULL WHEN k1.s = 1 THEN TRUE WHEN n1.n > n1.m THEN NULL ELSE FALSE END END OR CASE WHEN d.o THEN FALSE END) AND CASE WHEN n2.n = 0 THEN FALSE WHEN t."territory" IS NULL THEN NULL WHEN k2.v IS NOT NULL THEN TRUE WHEN n2.n > n2.m THEN NULL ELSE FALSE END THEN t."level" END AS "level",
  CASE WHEN (CASE WHEN (COALESCE(n1.w, d.w) = d.w) AND (COALESCE(k1.w, d.w) = d.w) THEN CASE WHEN n1.n = 0 THEN FALSE WHEN t."level" IS NULL THEN NULL WHEN k1.s = 1 THEN TRUE WHEN n1.n > n1.m THEN NULL ELSE FALSE END END OR CASE WHEN d.o THEN FALSE END) AND CASE WHEN n2.n = 0 THEN FALSE WHEN t."territory" IS NULL THEN NULL WHEN k2.v IS NOT NULL THEN TRUE WHEN n2.n > n2.m THEN NULL ELSE FALSE END THEN t."created_at" END AS "created_at"
FROM "raw_db"."raw"."customers" AS t
LEFT JOIN (SELECT pg_catalog.rtrim(CAST(l."level" AS VARCHAR(65535))) AS v,
    pg_catalog.max(CASE WHEN d.c1 THEN 1 ELSE 0 END) AS s,
    pg_catalog.max(COALESCE(d.w, '')) AS w
  FROM "analytics"."ref"."levels" AS l
  CROSS JOIN decided AS d
  GROUP BY pg_catalog.rtrim(CAST(l."level" AS VARCHAR(65535)))) AS k1 ON k1.v = t."level"
CROSS JOIN (SELECT pg_catalog.count(CASE WHEN d.c1 THEN 1 END) AS n,
    pg_catalog.count(CASE WHEN d.c1 THEN pg_catalog.rtrim(CAST(l."level" AS VARCHAR(65535))) END) AS m,
    pg_catalog.max(COALESCE(d.w, '')) AS w
  FROM "analytics"."ref"."levels" AS l
  CROSS JOIN decided AS d) AS n1
LEFT JOIN (SELECT DISTINCT pg_catalog.rtrim(CAST(l."region" AS VARCHAR(65535))) AS v
  FROM "raw_db"."ref"."regions" AS l) AS k2 ON k2.v = t."territory"
CROSS JOIN (SELECT pg_catalog.count(*) AS n,
    pg_catalog.count(pg_catalog.rtrim(CAST(l."region" AS VARCHAR(65535)))) AS m
  FROM "raw_db"."ref"."regions" AS l) AS n2
CROSS JOIN decided AS d
WHERE ((((SELECT a.w FROM admitted AS a) IS NOT NULL) AND ((CASE WHEN (COALESCE(n1.w, d.w) = d.w) AND (COALESCE(k1.w, d.w) = d.w) THEN CASE WHEN n1.n = 0 THEN FALSE WHEN t."level" IS NULL THEN NULL WHEN k1.s = 1 THEN TRUE WHEN n1.n > n1.m THEN NULL ELSE FALSE END END OR CASE WHEN (SELECT d.o FROM decided AS d WHERE d.w = (SELECT a.w FROM admitted AS a)) THEN FALSE END) AND CASE WHEN n2.n = 0 THEN FALSE WHEN t."territory" IS NULL THEN NULL WHEN k2.v IS NOT NULL THEN TRUE WHEN n2.n > n2.m THEN NULL ELSE FALSE END) AND (d.w = (SELECT a.w FROM admitted AS a))) AND (COALESCE(n1.w, d.w) = d.w) AND (COALESCE(k1.w, d.w) = d.w)) AND (CASE WHEN FALSE THEN t."email" ELSE CAST(NULL AS VARCHAR(1)) END IS NULL) AND (CASE WHEN FALSE THEN t."level" ELSE CAST(NULL AS VARCHAR(1)) END IS NULL) AND (CASE WHEN FALSE THEN t."territory" ELSE CAST(NULL AS VARCHAR(1)) END IS NULL) AND (SELECT CASE WHEN FALSE THEN pg_catalog.max(l."level") ELSE CAST(NULL AS VARCHAR(1)) END IS NULL
  FROM "analytics"."ref"."levels" AS l
  WHERE FALSE) AND (SELECT CASE WHEN FALSE THEN pg_catalog.max(l."region") ELSE CAST(NULL AS VARCHAR(1)) END IS NULL
  FROM "raw_db"."ref"."regions" AS l
  WHERE FALSE)
WITH NO SCHEMA BINDING

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
    pg_catalog.max(CASE WHEN (e.k = 'caller') AND (e.n = 'alone') THEN e.v END) AS u,
    pg_catalog.max(CASE WHEN e.k = 'caller' THEN CASE WHEN e.n = 'alone' THEN 1 ELSE 0 END END) = 1 AS o,
    NULLIF(pg_catalog.max(CASE WHEN (e.k = 'subscription') AND (e.v = 'raw.customers') THEN e.s ELSE 0 END), 1) = 2 AS c1,
    NULLIF(pg_catalog.max(CASE WHEN e.k = 'current_project' THEN e.s ELSE 0 END), 1) = 2 AS c2,
    NULLIF(pg_catalog.max(CASE WHEN (e.k = 'project_source') AND (e.v = 'raw.customers') THEN e.s ELSE 0 END), 1) = 2 AS c3,
    pg_catalog.max(CASE WHEN e.k = 'caller' THEN 1 END) = 1 AS p
  FROM caller AS e
  WHERE e.k IN ('caller', 'current_project', 'project_source', 'subscription')),
admitted AS (SELECT CASE WHEN d.p AND (d.t IS NOT NULL) AND ((SELECT pg_catalog.count(x."source")
      FROM "immuta_system"."closed" AS x
      WHERE x."source" = 'raw.customers') = 0) AND ((NOT d.c2) OR d.c3) THEN d.w END AS w
  FROM decided AS d)
SELECT CASE WHEN (CASE WHEN NOT CASE WHEN t."level" IS NOT NULL THEN NULLIF(COALESCE(a1.s, 0), 1) = 2 END THEN CASE WHEN COALESCE(n1.n, 0) = 0 THEN FALSE WHEN d.u IS NULL THEN NULL WHEN k1.v IS NOT NULL THEN TRUE WHEN COALESCE(n1.n, 0) > COALESCE(n1.m, 0) THEN NULL ELSE FALSE END ELSE FALSE END OR CASE WHEN NOT CASE WHEN t."level" IS NOT NULL THEN NULLIF(COALESCE(a1.s, 0), 1) = 2 END THEN CASE WHEN COALESCE(n2.n, 0) = 0 THEN FALSE WHEN d.u IS NULL THEN NULL WHEN k2.v IS NOT NULL THEN TRUE WHEN COALESCE(n2.n, 0) > COALESCE(n2.m, 0) THEN NULL ELSE FALSE END ELSE FALSE END) OR CASE WHEN d.o THEN FALSE END THEN t."id" END AS "id",
  CASE WHEN (CASE WHEN NOT CASE WHEN t."level" IS NOT NULL THEN NULLIF(COALESCE(a1.s, 0), 1) = 2 END THEN CASE WHEN COALESCE(n1.n, 0) = 0 THEN FALSE WHEN d.u IS NULL THEN NULL WHEN k1.v IS NOT NULL THEN TRUE WHEN COALESCE(n1.n, 0) > COALESCE(n1.m, 0) THEN NULL ELSE FALSE END ELSE FALSE END OR CASE WHEN NOT CASE WHEN t."level" IS NOT NULL THEN NULLIF(COALESCE(a1.s, 0), 1) = 2 END THEN CASE WHEN COALESCE(n2.n, 0) = 0 THEN FALSE WHEN d.u IS NULL THEN NULL WHEN k2.v IS NOT NULL THEN TRUE WHEN COALESCE(n2.n, 0) > COALESCE(n2.m, 0) THEN NULL ELSE FALSE END ELSE FALSE END) OR CASE WHEN d.o THEN FALSE END THEN t."email" END AS "email",
  CASE WHEN (CASE WHEN NOT CASE WHEN t."level" IS NOT NULL THEN NULLIF(COALESCE(a1.s, 0), 1) = 2 END THEN CASE WHEN COALESCE(n1.n, 0) = 0 THEN FALSE WHEN d.u IS NULL THEN NULL WHEN k1.v IS NOT NULL THEN TRUE WHEN COALESCE(n1.n, 0) > COALESCE(n1.m, 0) THEN NULL ELSE FALSE END ELSE FALSE END OR CASE WHEN NOT CASE WHEN t."level" IS NOT NULL THEN NULLIF(COALESCE(a1.s, 0), 1) = 2 END THEN CASE WHEN COALESCE(n2.n, 0) = 0 THEN FALSE WHEN d.u IS NULL THEN NULL WHEN k2.v IS NOT NULL THEN TRUE WHEN COALESCE(n2.n, 0) > COALESCE(n2.m, 0) THEN NULL ELSE FALSE END ELSE FALSE END) OR CASE WHEN d.o THEN FALSE END THEN t."territory" END AS "territory",
  CASE WHEN (CASE WHEN NOT CASE WHEN t."level" IS NOT NULL THEN NULLIF(COALESCE(a1.s, 0), 1) = 2 END THEN CASE WHEN COALESCE(n1.n, 0) = 0 THEN FALSE WHEN d.u IS NULL THEN NULL WHEN k1.v IS NOT NULL THEN TRUE WHEN COALESCE(n1.n, 0) > COALESCE(n1.m, 0) THEN NULL ELSE FALSE END ELSE FALSE END OR CASE WHEN NOT CASE WHEN t."level" IS NOT NULL THEN NULLIF(COALESCE(a1.s, 0), 1) = 2 END THEN CASE WHEN COALESCE(n2.n, 0) = 0 THEN FALSE WHEN d.u IS NULL THEN NULL WHEN k2.v IS NOT NULL THEN TRUE WHEN COALESCE(n2.n, 0) > COALESCE(n2.m, 0) THEN NULL ELSE FALSE END ELSE FALSE END) OR CASE WHEN d.o THEN FALSE END THEN t."level" END AS "level",
  CASE WHEN (CASE WHEN NOT CASE WHEN t."level" IS NOT NULL THEN NULLIF(COALESCE(a1.s, 0), 1) = 2 END THEN CASE WHEN COALESCE(n1.n, 0) = 0 THEN FALSE WHEN d.u IS NULL THEN NULL WHEN k1.v IS NOT NULL THEN TRUE WHEN COALESCE(n1.n, 0) > COALESCE(n1.m, 0) THEN NULL ELSE FALSE END ELSE FALSE END OR CASE WHEN NOT CASE WHEN t."level" IS NOT NULL THEN NULLIF(COALESCE(a1.s, 0), 1) = 2 END THEN CASE WHEN COALESCE(n2.n, 0) = 0 THEN FALSE WHEN d.u IS NULL THEN NULL WHEN k2.v IS NOT NULL THEN TRUE WHEN COALESCE(n2.n, 0) > COALESCE(n2.m, 0) THEN NULL ELSE FALSE END ELSE FALSE END) OR CASE WHEN d.o THEN FALSE END THEN t."created_at" END AS "created_at"
FROM "raw"."customers" AS t
CROSS JOIN decided AS d
LEFT JOIN (SELECT DISTINCT pg_catalog.rtrim(CAST(l."owner" AS VARCHAR(65535))) AS v,
    pg_catalog.rtrim(CAST(l."region" AS VARCHAR(65535))) AS x1,
    CASE WHEN FALSE THEN CAST(NULL AS SMALLINT) ELSE l."size" END AS x2
  FROM "ref"."regions" AS l) AS k1 ON (k1.v = d.u) AND (k1.x1 = t."territory") AND (k1.x2 = t."id")
LEFT JOIN (SELECT pg_catalog.count(*) AS n,
    pg_catalog.count(pg_catalog.rtrim(CAST(l."owner" AS VARCHAR(65535)))) AS m,
    pg_catalog.rtrim(CAST(l."region" AS VARCHAR(65535))) AS x1,
    CASE WHEN FALSE THEN CAST(NULL AS SMALLINT) ELSE l."size" END AS x2
  FROM "ref"."regions" AS l
  GROUP BY pg_catalog.rtrim(CAST(l."region" AS VARCHAR(65535))), CASE WHEN FALSE THEN CAST(NULL AS SMALLINT) ELSE l."size" END) AS n1 ON (n1.x1 = t."territory") AND (n1.x2 = t."id")
LEFT JOIN (SELECT e.v AS v,
    pg_catalog.max(e.s) AS s,
    e.w AS w
  FROM possible AS e
  WHERE e.k = 'group'
  GROUP BY e.v, e.w) AS a1 ON (a1.v = t."level") AND (a1.w = d.w)
LEFT JOIN (SELECT DISTINCT pg_catalog.rtrim(CAST(l."owner" AS VARCHAR(65535))) AS v,
    CASE WHEN FALSE THEN CAST(NULL AS SMALLINT) ELSE l."size" END AS x1
  FROM "ref"."regions" AS l
  WHERE l."region" = '*') AS k2 ON (k2.v = d.u) AND (k2.x1 = t."id")
LEFT JOIN (SELECT pg_catalog.count(*) AS n,
    pg_catalog.count(pg_catalog.rtrim(CAST(l."owner" AS VARCHAR(65535)))) AS m,
    CASE WHEN FALSE THEN CAST(NULL AS SMALLINT) ELSE l."size" END AS x1
  FROM "ref"."regions" AS l
  WHERE l."region" = '*'
  GROUP BY CASE WHEN FALSE THEN CAST(NULL AS SMALLINT) ELSE l."size" END) AS n2 ON n2.x1 = t."id"
WHERE (((SELECT a.w FROM admitted AS a) IS NOT NULL) AND ((CASE WHEN NOT CASE WHEN t."level" IS NOT NULL THEN NULLIF(COALESCE(a1.s, 0), 1) = 2 END THEN CASE WHEN COALESCE(n1.n, 0) = 0 THEN FALSE WHEN d.u IS NULL THEN NULL WHEN k1.v IS NOT NULL THEN TRUE WHEN COALESCE(n1.n, 0) > COALESCE(n1.m, 0) THEN NULL ELSE FALSE END ELSE FALSE END OR CASE WHEN NOT CASE WHEN t."level" IS NOT NULL THEN NULLIF(COALESCE(a1.s, 0), 1) = 2 END THEN CASE WHEN COALESCE(n2.n, 0) = 0 THEN FALSE WHEN d.u IS NULL THEN NULL WHEN k2.v IS NOT NULL THEN TRUE WHEN COALESCE(n2.n, 0) > COALESCE(n2.m, 0) THEN NULL ELSE FALSE END ELSE FALSE END) OR CASE WHEN (SELECT d.o FROM decided AS d WHERE d.w = (SELECT a.w FROM admitted AS a)) THEN FALSE END) AND (d.w = (SELECT a.w FROM admitted AS a))) AND (((CASE WHEN FALSE THEN t."id" ELSE CAST(1 AS INTEGER) END / 2) = 0) AND (pg_catalog.chr(CASE WHEN FALSE THEN t."id" ELSE CAST(NULL AS INTEGER) END) IS NULL)) AND (CASE WHEN FALSE THEN t."level" ELSE CAST(NULL AS VARCHAR(1)) END IS NULL) AND (CASE WHEN FALSE THEN t."territory" ELSE CAST(NULL AS VARCHAR(1)) END IS NULL) AND (SELECT (CASE WHEN FALSE THEN pg_catalog.max(l."owner") ELSE CAST(NULL AS VARCHAR(1)) END IS NULL) AND (CASE WHEN FALSE THEN pg_catalog.max(l."region") ELSE CAST(NULL AS VARCHAR(1)) END IS NULL) AND ((CASE WHEN FALSE THEN pg_catalog.max(l."size") ELSE CAST(1 AS INTEGER) END / 2) = 0) AND (pg_catalog.chr(CASE WHEN FALSE THEN pg_catalog.max(l."size") ELSE CAST(NULL AS INTEGER) END) IS NULL)
  FROM "ref"."regions" AS l
  WHERE FALSE)
WITH NO SCHEMA BINDING

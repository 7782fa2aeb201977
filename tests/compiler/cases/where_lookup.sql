CREATE OR REPLACE VIEW "governed"."customers" AS /* veil compiler 4 */
SELECT CASE WHEN CASE WHEN n1.n = 0 THEN FALSE WHEN pg_catalog.rtrim(t."territory") IS NULL THEN NULL WHEN k1.v IS NOT NULL THEN TRUE WHEN n1.n > n1.m THEN NULL ELSE FALSE END OR CASE WHEN d.o THEN FALSE END THEN t."id" END AS "id",
  CASE WHEN CASE WHEN n1.n = 0 THEN FALSE WHEN pg_catalog.rtrim(t."territory") IS NULL THEN NULL WHEN k1.v IS NOT NULL THEN TRUE WHEN n1.n > n1.m THEN NULL ELSE FALSE END OR CASE WHEN d.o THEN FALSE END THEN t."email" END AS "email",
  CASE WHEN CASE WHEN n1.n = 0 THEN FALSE WHEN pg_catalog.rtrim(t."territory") IS NULL THEN NULL WHEN k1.v IS NOT NULL THEN TRUE WHEN n1.n > n1.m THEN NULL ELSE FALSE END OR CASE WHEN d.o THEN FALSE END THEN t."territory" END AS "territory",
  CASE WHEN CASE WHEN n1.n = 0 THEN FALSE WHEN pg_catalog.rtrim(t."territory") IS NULL THEN NULL WHEN k1.v IS NOT NULL THEN TRUE WHEN n1.n > n1.m THEN NULL ELSE FALSE END OR CASE WHEN d.o THEN FALSE END THEN t."level" END AS "level",
  CASE WHEN CASE WHEN n1.n = 0 THEN FALSE WHEN pg_catalog.rtrim(t."territory") IS NULL THEN NULL WHEN k1.v IS NOT NULL THEN TRUE WHEN n1.n > n1.m THEN NULL ELSE FALSE END OR CASE WHEN d.o THEN FALSE END THEN t."created_at" END AS "created_at"
FROM "raw"."customers" AS t
CROSS JOIN (SELECT pg_catalog.max(CASE WHEN p."immuta__userid" IS NOT NULL THEN 1 END) = 1 AS p,
    pg_catalog.max(p."equalized") = 0 AS o
  FROM "immuta_system"."user_profile" AS p) AS d
LEFT JOIN (SELECT DISTINCT pg_catalog.rtrim(CAST(l."region" AS VARCHAR(65535))) AS v
  FROM "ref"."regions" AS l
  CROSS JOIN (SELECT pg_catalog.max(CASE WHEN p."immuta__userid" IS NOT NULL THEN 1 END) = 1 AS p,
      NULLIF(pg_catalog.max(CASE WHEN (e.k = 'group') AND (e.v = 'a') THEN e.s ELSE 0 END), 1) = 2 AS c1
    FROM "immuta_system"."user_profile" AS p
    LEFT JOIN (SELECT e."kind" AS k,
        pg_catalog.rtrim(e."name") AS n,
        pg_catalog.rtrim(e."value") AS v,
        e."strength" AS s
      FROM "immuta_system"."user_entry" AS e
      WHERE e."kind" IN ('group')) AS e ON e.k IS NOT NULL) AS d
  WHERE (l."active" = TRUE) AND d.c1 AND (l."size" > 3)) AS k1 ON k1.v = pg_catalog.rtrim(t."territory")
CROSS JOIN (SELECT pg_catalog.count(*) AS n,
    pg_catalog.count(pg_catalog.rtrim(CAST(l."region" AS VARCHAR(65535)))) AS m
  FROM "ref"."regions" AS l
  CROSS JOIN (SELECT pg_catalog.max(CASE WHEN p."immuta__userid" IS NOT NULL THEN 1 END) = 1 AS p,
      NULLIF(pg_catalog.max(CASE WHEN (e.k = 'group') AND (e.v = 'a') THEN e.s ELSE 0 END), 1) = 2 AS c1
    FROM "immuta_system"."user_profile" AS p
    LEFT JOIN (SELECT e."kind" AS k,
        pg_catalog.rtrim(e."name") AS n,
        pg_catalog.rtrim(e."value") AS v,
        e."strength" AS s
      FROM "immuta_system"."user_entry" AS e
      WHERE e."kind" IN ('group')) AS e ON e.k IS NOT NULL) AS d
  WHERE (l."active" = TRUE) AND d.c1 AND (l."size" > 3)) AS n1
WHERE (SELECT d.p AND ((CAST(pg_catalog.getdate() AS TIMESTAMPTZ) AT TIME ZONE 'UTC') IS NOT NULL) AND ((NOT d.c2) OR d.c3)
  FROM (SELECT pg_catalog.max(CASE WHEN p."immuta__userid" IS NOT NULL THEN 1 END) = 1 AS p,
      NULLIF(pg_catalog.max(CASE WHEN (e.k = 'subscription') AND (e.v = 'raw.customers') THEN e.s ELSE 0 END), 1) = 2 AS c1,
      pg_catalog.max(CASE WHEN p."current_project" IS NOT NULL THEN 1 ELSE 0 END) = 1 AS c2,
      NULLIF(pg_catalog.max(CASE WHEN (e.k = 'project_source') AND (e.v = 'raw.customers') THEN e.s ELSE 0 END), 1) = 2 AS c3
    FROM "immuta_system"."user_profile" AS p
    LEFT JOIN (SELECT e."kind" AS k,
        pg_catalog.rtrim(e."name") AS n,
        pg_catalog.rtrim(e."value") AS v,
        e."strength" AS s
      FROM "immuta_system"."user_entry" AS e
      WHERE e."kind" IN ('project_source', 'subscription')) AS e ON e.k IS NOT NULL) AS d) AND (CASE WHEN n1.n = 0 THEN FALSE WHEN pg_catalog.rtrim(t."territory") IS NULL THEN NULL WHEN k1.v IS NOT NULL THEN TRUE WHEN n1.n > n1.m THEN NULL ELSE FALSE END OR CASE WHEN d.o THEN FALSE END)
WITH NO SCHEMA BINDING

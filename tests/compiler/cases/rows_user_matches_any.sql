CREATE OR REPLACE VIEW "governed"."customers" AS /* veil compiler 4 */
SELECT CASE WHEN d.c1 OR (CASE WHEN d.p AND (pg_catalog.rtrim(t."territory") IS NOT NULL) THEN NULLIF(COALESCE(a1.s, 0), 1) = 2 END OR CASE WHEN d.p AND (pg_catalog.rtrim(t."level") IS NOT NULL) THEN NULLIF(COALESCE(a2.s, 0), 1) = 2 END) THEN t."id" END AS "id",
  CASE WHEN d.c1 OR (CASE WHEN d.p AND (pg_catalog.rtrim(t."territory") IS NOT NULL) THEN NULLIF(COALESCE(a1.s, 0), 1) = 2 END OR CASE WHEN d.p AND (pg_catalog.rtrim(t."level") IS NOT NULL) THEN NULLIF(COALESCE(a2.s, 0), 1) = 2 END) THEN t."email" END AS "email",
  CASE WHEN d.c1 OR (CASE WHEN d.p AND (pg_catalog.rtrim(t."territory") IS NOT NULL) THEN NULLIF(COALESCE(a1.s, 0), 1) = 2 END OR CASE WHEN d.p AND (pg_catalog.rtrim(t."level") IS NOT NULL) THEN NULLIF(COALESCE(a2.s, 0), 1) = 2 END) THEN t."territory" END AS "territory",
  CASE WHEN d.c1 OR (CASE WHEN d.p AND (pg_catalog.rtrim(t."territory") IS NOT NULL) THEN NULLIF(COALESCE(a1.s, 0), 1) = 2 END OR CASE WHEN d.p AND (pg_catalog.rtrim(t."level") IS NOT NULL) THEN NULLIF(COALESCE(a2.s, 0), 1) = 2 END) THEN t."level" END AS "level",
  CASE WHEN d.c1 OR (CASE WHEN d.p AND (pg_catalog.rtrim(t."territory") IS NOT NULL) THEN NULLIF(COALESCE(a1.s, 0), 1) = 2 END OR CASE WHEN d.p AND (pg_catalog.rtrim(t."level") IS NOT NULL) THEN NULLIF(COALESCE(a2.s, 0), 1) = 2 END) THEN t."created_at" END AS "created_at"
FROM "raw"."customers" AS t
CROSS JOIN (SELECT pg_catalog.max(CASE WHEN p."immuta__userid" IS NOT NULL THEN 1 END) = 1 AS p,
    NULLIF(pg_catalog.max(CASE WHEN (e.k = 'group') AND (e.v = 'global') THEN e.s ELSE 0 END), 1) = 2 AS c1
  FROM "immuta_system"."user_profile" AS p
  LEFT JOIN (SELECT e."kind" AS k,
      pg_catalog.rtrim(e."name") AS n,
      pg_catalog.rtrim(e."value") AS v,
      e."strength" AS s
    FROM "immuta_system"."user_entry" AS e
    WHERE e."kind" IN ('group')) AS e ON e.k IS NOT NULL) AS d
LEFT JOIN (SELECT pg_catalog.rtrim(e."value") AS v,
    pg_catalog.max(e."strength") AS s
  FROM "immuta_system"."user_entry" AS e
  WHERE (e."kind" = 'attribute') AND (pg_catalog.rtrim(e."name") = 'territory')
  GROUP BY pg_catalog.rtrim(e."value")) AS a1 ON a1.v = pg_catalog.rtrim(t."territory")
LEFT JOIN (SELECT pg_catalog.rtrim(e."value") AS v,
    pg_catalog.max(e."strength") AS s
  FROM "immuta_system"."user_entry" AS e
  WHERE e."kind" = 'group'
  GROUP BY pg_catalog.rtrim(e."value")) AS a2 ON a2.v = pg_catalog.rtrim(t."level")
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
      WHERE e."kind" IN ('project_source', 'subscription')) AS e ON e.k IS NOT NULL) AS d) AND (d.c1 OR (CASE WHEN d.p AND (pg_catalog.rtrim(t."territory") IS NOT NULL) THEN NULLIF(COALESCE(a1.s, 0), 1) = 2 END OR CASE WHEN d.p AND (pg_catalog.rtrim(t."level") IS NOT NULL) THEN NULLIF(COALESCE(a2.s, 0), 1) = 2 END))
WITH NO SCHEMA BINDING

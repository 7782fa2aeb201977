CREATE OR REPLACE VIEW "governed"."customers" AS /* veil compiler 4 */
SELECT t."id" AS "id",
  t."email" AS "email",
  t."territory" AS "territory",
  t."level" AS "level",
  t."created_at" AS "created_at"
FROM "raw"."customers" AS t
WHERE (SELECT d.p AND ((CAST(pg_catalog.getdate() AS TIMESTAMPTZ) AT TIME ZONE 'UTC') IS NOT NULL) AND d.c1 AND d.c2 AND ((NOT d.c4) OR d.c5)
  FROM (SELECT pg_catalog.max(CASE WHEN p."immuta__userid" IS NOT NULL THEN 1 END) = 1 AS p,
      NULLIF(pg_catalog.max(CASE WHEN (e.k = 'subscription') AND (e.v = 'raw.customers') THEN e.s ELSE 0 END), 1) = 2 AS c1,
      NULLIF(pg_catalog.max(CASE WHEN (e.k = 'attribute') AND (e.n = 'trained') AND (e.v = 'yes') THEN e.s ELSE 0 END), 1) = 2 AS c2,
      (NULLIF(pg_catalog.max(CASE WHEN (e.k = 'group') AND (e.v = 'analysts') THEN e.s ELSE 0 END), 1) = 2) AND (NULLIF(pg_catalog.max(CASE WHEN (e.k = 'group') AND (e.v = 'eu') THEN e.s ELSE 0 END), 1) = 2) AS c3,
      pg_catalog.max(CASE WHEN p."current_project" IS NOT NULL THEN 1 ELSE 0 END) = 1 AS c4,
      NULLIF(pg_catalog.max(CASE WHEN (e.k = 'project_source') AND (e.v = 'raw.customers') THEN e.s ELSE 0 END), 1) = 2 AS c5
    FROM "immuta_system"."user_profile" AS p
    LEFT JOIN (SELECT e."kind" AS k,
        pg_catalog.rtrim(e."name") AS n,
        pg_catalog.rtrim(e."value") AS v,
        e."strength" AS s
      FROM "immuta_system"."user_entry" AS e
      WHERE e."kind" IN ('attribute', 'group', 'project_source', 'subscription')) AS e ON e.k IS NOT NULL) AS d)
WITH NO SCHEMA BINDING

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
SELECT CASE WHEN pg_catalog.strtol(pg_catalog.left(pg_catalog.sha2(d.s || (COALESCE('+' || pg_catalog.len(CAST(t."id" AS VARCHAR(64))) || ':' || CAST(t."id" AS VARCHAR(64)), '-') || COALESCE('+' || pg_catalog.len(pg_catalog.rtrim(t."email")) || ':' || pg_catalog.rtrim(t."email"), '-') || COALESCE('+' || pg_catalog.len(pg_catalog.rtrim(t."territory")) || ':' || pg_catalog.rtrim(t."territory"), '-') || COALESCE('+' || pg_catalog.len(pg_catalog.rtrim(t."level")) || ':' || pg_catalog.rtrim(t."level"), '-') || COALESCE('+' || pg_catalog.len(pg_catalog.rtrim(pg_catalog.rtrim(pg_catalog.to_char(t."created_at", 'YYYY-MM-DD HH24:MI:SS.US'), '0'), '.')) || ':' || pg_catalog.rtrim(pg_catalog.rtrim(pg_catalog.to_char(t."created_at", 'YYYY-MM-DD HH24:MI:SS.US'), '0'), '.'), '-')), 256), 7), 16) < 33554432.0 THEN t."id" END AS "id",
  CASE WHEN pg_catalog.strtol(pg_catalog.left(pg_catalog.sha2(d.s || (COALESCE('+' || pg_catalog.len(CAST(t."id" AS VARCHAR(64))) || ':' || CAST(t."id" AS VARCHAR(64)), '-') || COALESCE('+' || pg_catalog.len(pg_catalog.rtrim(t."email")) || ':' || pg_catalog.rtrim(t."email"), '-') || COALESCE('+' || pg_catalog.len(pg_catalog.rtrim(t."territory")) || ':' || pg_catalog.rtrim(t."territory"), '-') || COALESCE('+' || pg_catalog.len(pg_catalog.rtrim(t."level")) || ':' || pg_catalog.rtrim(t."level"), '-') || COALESCE('+' || pg_catalog.len(pg_catalog.rtrim(pg_catalog.rtrim(pg_catalog.to_char(t."created_at", 'YYYY-MM-DD HH24:MI:SS.US'), '0'), '.')) || ':' || pg_catalog.rtrim(pg_catalog.rtrim(pg_catalog.to_char(t."created_at", 'YYYY-MM-DD HH24:MI:SS.US'), '0'), '.'), '-')), 256), 7), 16) < 33554432.0 THEN t."email" END AS "email",
  CASE WHEN pg_catalog.strtol(pg_catalog.left(pg_catalog.sha2(d.s || (COALESCE('+' || pg_catalog.len(CAST(t."id" AS VARCHAR(64))) || ':' || CAST(t."id" AS VARCHAR(64)), '-') || COALESCE('+' || pg_catalog.len(pg_catalog.rtrim(t."email")) || ':' || pg_catalog.rtrim(t."email"), '-') || COALESCE('+' || pg_catalog.len(pg_catalog.rtrim(t."territory")) || ':' || pg_catalog.rtrim(t."territory"), '-') || COALESCE('+' || pg_catalog.len(pg_catalog.rtrim(t."level")) || ':' || pg_catalog.rtrim(t."level"), '-') || COALESCE('+' || pg_catalog.len(pg_catalog.rtrim(pg_catalog.rtrim(pg_catalog.to_char(t."created_at", 'YYYY-MM-DD HH24:MI:SS.US'), '0'), '.')) || ':' || pg_catalog.rtrim(pg_catalog.rtrim(pg_catalog.to_char(t."created_at", 'YYYY-MM-DD HH24:MI:SS.US'), '0'), '.'), '-')), 256), 7), 16) < 33554432.0 THEN t."territory" END AS "territory",
  CASE WHEN pg_catalog.strtol(pg_catalog.left(pg_catalog.sha2(d.s || (COALESCE('+' || pg_catalog.len(CAST(t."id" AS VARCHAR(64))) || ':' || CAST(t."id" AS VARCHAR(64)), '-') || COALESCE('+' || pg_catalog.len(pg_catalog.rtrim(t."email")) || ':' || pg_catalog.rtrim(t."email"), '-') || COALESCE('+' || pg_catalog.len(pg_catalog.rtrim(t."territory")) || ':' || pg_catalog.rtrim(t."territory"), '-') || COALESCE('+' || pg_catalog.len(pg_catalog.rtrim(t."level")) || ':' || pg_catalog.rtrim(t."level"), '-') || COALESCE('+' || pg_catalog.len(pg_catalog.rtrim(pg_catalog.rtrim(pg_catalog.to_char(t."created_at", 'YYYY-MM-DD HH24:MI:SS.US'), '0'), '.')) || ':' || pg_catalog.rtrim(pg_catalog.rtrim(pg_catalog.to_char(t."created_at", 'YYYY-MM-DD HH24:MI:SS.US'), '0'), '.'), '-')), 256), 7), 16) < 33554432.0 THEN t."level" END AS "level",
  CASE WHEN pg_catalog.strtol(pg_catalog.left(pg_catalog.sha2(d.s || (COALESCE('+' || pg_catalog.len(CAST(t."id" AS VARCHAR(64))) || ':' || CAST(t."id" AS VARCHAR(64)), '-') || COALESCE('+' || pg_catalog.len(pg_catalog.rtrim(t."email")) || ':' || pg_catalog.rtrim(t."email"), '-') || COALESCE('+' || pg_catalog.len(pg_catalog.rtrim(t."territory")) || ':' || pg_catalog.rtrim(t."territory"), '-') || COALESCE('+' || pg_catalog.len(pg_catalog.rtrim(t."level")) || ':' || pg_catalog.rtrim(t."level"), '-') || COALESCE('+' || pg_catalog.len(pg_catalog.rtrim(pg_catalog.rtrim(pg_catalog.to_char(t."created_at", 'YYYY-MM-DD HH24:MI:SS.US'), '0'), '.')) || ':' || pg_catalog.rtrim(pg_catalog.rtrim(pg_catalog.to_char(t."created_at", 'YYYY-MM-DD HH24:MI:SS.US'), '0'), '.'), '-')), 256), 7), 16) < 33554432.0 THEN t."created_at" END AS "created_at"
FROM "raw"."customers" AS t
CROSS JOIN (SELECT CASE WHEN pg_catalog.min(e.w) = pg_catalog.max(e.w) THEN pg_catalog.max(e.w) END AS w,
    (SELECT pg_catalog.max(s."salt")
      FROM "immuta_system"."salt" AS s
      WHERE s."name" = 'raw.customers') AS s
  FROM caller AS e
  WHERE e.k IN ('caller')) AS d
WHERE ((SELECT a.w
  FROM admitted AS a) IS NOT NULL) AND (d.w = (SELECT a.w
  FROM admitted AS a)) AND (pg_catalog.strtol(pg_catalog.left(pg_catalog.sha2(d.s || (COALESCE('+' || pg_catalog.len(CAST(t."id" AS VARCHAR(64))) || ':' || CAST(t."id" AS VARCHAR(64)), '-') || COALESCE('+' || pg_catalog.len(pg_catalog.rtrim(t."email")) || ':' || pg_catalog.rtrim(t."email"), '-') || COALESCE('+' || pg_catalog.len(pg_catalog.rtrim(t."territory")) || ':' || pg_catalog.rtrim(t."territory"), '-') || COALESCE('+' || pg_catalog.len(pg_catalog.rtrim(t."level")) || ':' || pg_catalog.rtrim(t."level"), '-') || COALESCE('+' || pg_catalog.len(pg_catalog.rtrim(pg_catalog.rtrim(pg_catalog.to_char(t."created_at", 'YYYY-MM-DD HH24:MI:SS.US'), '0'), '.')) || ':' || pg_catalog.rtrim(pg_catalog.rtrim(pg_catalog.to_char(t."created_at", 'YYYY-MM-DD HH24:MI:SS.US'), '0'), '.'), '-')), 256), 7), 16) < 33554432.0)
WITH NO SCHEMA BINDING

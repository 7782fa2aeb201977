CREATE OR REPLACE VIEW "governed"."types" AS
WITH caller AS (SELECT e."kind" AS k,
    pg_catalog.rtrim(e."name") AS n,
    pg_catalog.rtrim(e."value") AS v,
    e."strength" AS s,
    e."whom" AS w,
    e."decided_at" AS t
  FROM "immuta_system"."user_entry" AS e),
decided AS (SELECT CASE WHEN pg_catalog.min(e.w) = pg_catalog.max(e.w) THEN pg_catalog.max(e.w) END AS w,
    pg_catalog.max(e.t) AS t,
    CASE WHEN pg_catalog.max(CASE WHEN e.k = 'project_salt' THEN 1 ELSE 0 END) = 1 THEN CASE WHEN pg_catalog.min(g."salt") = pg_catalog.max(g."salt") THEN pg_catalog.max(g."salt") END ELSE (SELECT CASE WHEN pg_catalog.min(s."salt") = pg_catalog.max(s."salt") THEN pg_catalog.max(s."salt") END
      FROM "immuta_system"."salt" AS s
      WHERE s."name" = 'raw.types') END AS j,
    NULLIF(pg_catalog.max(CASE WHEN (e.k = 'group') AND (e.v = 'hr') THEN e.s ELSE 0 END), 1) = 2 AS c1,
    NULLIF(pg_catalog.max(CASE WHEN (e.k = 'subscription') AND (e.v = 'raw.types') THEN e.s ELSE 0 END), 1) = 2 AS c2,
    NULLIF(pg_catalog.max(CASE WHEN e.k = 'current_project' THEN e.s ELSE 0 END), 1) = 2 AS c3,
    NULLIF(pg_catalog.max(CASE WHEN (e.k = 'project_source') AND (e.v = 'raw.types') THEN e.s ELSE 0 END), 1) = 2 AS c4,
    pg_catalog.max(CASE WHEN e.k = 'caller' THEN 1 END) = 1 AS p
  FROM caller AS e
  LEFT JOIN "immuta_system"."salt" AS g ON (e.k = 'project_salt') AND (g."name" = e.v)
  WHERE e.k IN ('caller', 'current_project', 'group', 'project_salt', 'project_source', 'subscription')),
admitted AS (SELECT CASE WHEN d.p AND (d.t IS NOT NULL) AND ((SELECT pg_catalog.count(x."source")
      FROM "immuta_system"."closed" AS x
      WHERE x."source" = 'raw.types') = 0) AND ((NOT d.c3) OR d.c4) THEN d.w END AS w
  FROM decided AS d)
SELECT CAST(CASE WHEN d.c1 THEN CAST(pg_catalog.strtol(pg_catalog.left(pg_catalog.lower(pg_catalog.sha2(d.j || CAST(t."small" AS VARCHAR(64)), 256)), 7), 16) AS INTEGER) WHEN NOT d.c1 THEN NULL END AS INTEGER) AS "small",
  CAST(CASE WHEN d.c1 THEN CAST(pg_catalog.strtol(pg_catalog.left(pg_catalog.lower(pg_catalog.sha2(d.j || CAST(t."big" AS VARCHAR(64)), 256)), 15), 16) AS BIGINT) WHEN NOT d.c1 THEN NULL END AS BIGINT) AS "big",
  CAST(NULL AS NUMERIC(12, 2)) AS "amount",
  CAST(NULL AS DOUBLE PRECISION) AS "ratio",
  CAST(NULL AS BOOLEAN) AS "flag",
  CAST(CASE WHEN d.c1 THEN pg_catalog.lower(pg_catalog.sha2(d.j || pg_catalog.rtrim(CAST(t."code" AS VARCHAR(8))), 256)) WHEN NOT d.c1 THEN NULL END AS VARCHAR(64)) AS "code",
  CAST(CASE WHEN d.c1 THEN pg_catalog.lower(pg_catalog.sha2(d.j || pg_catalog.rtrim(CAST(t."name" AS VARCHAR(80))), 256)) WHEN NOT d.c1 THEN NULL END AS VARCHAR(80)) AS "name",
  CAST(NULL AS DATE) AS "day",
  CAST(NULL AS TIMESTAMP) AS "moment",
  CAST(NULL AS TIMESTAMPTZ) AS "instant",
  CASE WHEN FALSE THEN t."document" END AS "document"
FROM "raw"."types" AS t
CROSS JOIN decided AS d
WHERE (((SELECT a.w FROM admitted AS a) IS NOT NULL) AND (d.w = (SELECT a.w FROM admitted AS a))) AND ((CASE WHEN FALSE THEN t."big" ELSE CAST(1 AS BIGINT) END / 2) = 0) AND (CASE WHEN FALSE THEN t."code" ELSE CAST(NULL AS VARCHAR(1)) END IS NULL) AND (CASE WHEN FALSE THEN t."name" ELSE CAST(NULL AS VARCHAR(1)) END IS NULL) AND (((CASE WHEN FALSE THEN t."small" ELSE CAST(1 AS INTEGER) END / 2) = 0) AND (pg_catalog.chr(CASE WHEN FALSE THEN t."small" ELSE CAST(NULL AS INTEGER) END) IS NULL))
WITH NO SCHEMA BINDING

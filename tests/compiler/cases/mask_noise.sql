CREATE OR REPLACE VIEW "governed"."types" AS /* veil compiler 4 */
WITH caller AS (SELECT e."kind" AS k,
    pg_catalog.rtrim(e."name") AS n,
    pg_catalog.rtrim(e."value") AS v,
    e."strength" AS s,
    e."whom" AS w
  FROM "immuta_system"."user_entry" AS e),
admitted AS (SELECT CASE WHEN d.p AND ((CAST(pg_catalog.getdate() AS TIMESTAMPTZ) AT TIME ZONE 'UTC') IS NOT NULL) AND ((SELECT pg_catalog.count(x."source")
      FROM "immuta_system"."closed" AS x
      WHERE x."source" = 'raw.types') = 0) AND ((NOT d.c2) OR d.c3) THEN d.w END AS w
  FROM (SELECT CASE WHEN pg_catalog.min(e.w) = pg_catalog.max(e.w) THEN pg_catalog.max(e.w) END AS w,
      NULLIF(pg_catalog.max(CASE WHEN (e.k = 'subscription') AND (e.v = 'raw.types') THEN e.s ELSE 0 END), 1) = 2 AS c1,
      NULLIF(pg_catalog.max(CASE WHEN e.k = 'current_project' THEN e.s ELSE 0 END), 1) = 2 AS c2,
      NULLIF(pg_catalog.max(CASE WHEN (e.k = 'project_source') AND (e.v = 'raw.types') THEN e.s ELSE 0 END), 1) = 2 AS c3,
      pg_catalog.max(CASE WHEN e.k = 'caller' THEN 1 END) = 1 AS p
    FROM caller AS e
    WHERE e.k IN ('caller', 'current_project', 'project_source', 'subscription')) AS d)
SELECT CAST(CASE WHEN pg_catalog.abs(CAST(t."small" AS NUMERIC(38, 0))) <= 173269316207530886627906976 THEN CASE WHEN (CASE WHEN t."small" < 0 THEN (-1) ELSE 1 END * ((((2 * pg_catalog.abs(CAST(t."small" AS NUMERIC(38, 0)) * CAST(248302796800 + (150 * pg_catalog.strtol(pg_catalog.left(pg_catalog.sha2(d.s || CAST(t."small" AS VARCHAR(64)), 256), 7), 16)) AS NUMERIC(38, 0)))) + 268435456000) - pg_catalog.mod((2 * pg_catalog.abs(CAST(t."small" AS NUMERIC(38, 0)) * CAST(248302796800 + (150 * pg_catalog.strtol(pg_catalog.left(pg_catalog.sha2(d.s || CAST(t."small" AS VARCHAR(64)), 256), 7), 16)) AS NUMERIC(38, 0)))) + 268435456000, 536870912000)) / 536870912000)) BETWEEN (-2147483648) AND 2147483647 THEN CAST(CASE WHEN t."small" < 0 THEN (-1) ELSE 1 END * ((((2 * pg_catalog.abs(CAST(t."small" AS NUMERIC(38, 0)) * CAST(248302796800 + (150 * pg_catalog.strtol(pg_catalog.left(pg_catalog.sha2(d.s || CAST(t."small" AS VARCHAR(64)), 256), 7), 16)) AS NUMERIC(38, 0)))) + 268435456000) - pg_catalog.mod((2 * pg_catalog.abs(CAST(t."small" AS NUMERIC(38, 0)) * CAST(248302796800 + (150 * pg_catalog.strtol(pg_catalog.left(pg_catalog.sha2(d.s || CAST(t."small" AS VARCHAR(64)), 256), 7), 16)) AS NUMERIC(38, 0)))) + 268435456000, 536870912000)) / 536870912000) AS INTEGER) END END AS INTEGER) AS "small",
  CAST(CASE WHEN pg_catalog.abs(CAST(t."big" AS NUMERIC(38, 0))) <= 173269316207530886627906976 THEN CASE WHEN (CASE WHEN t."big" < 0 THEN (-1) ELSE 1 END * ((((2 * pg_catalog.abs(CAST(t."big" AS NUMERIC(38, 0)) * CAST(248302796800 + (150 * pg_catalog.strtol(pg_catalog.left(pg_catalog.sha2(d.s || CAST(t."big" AS VARCHAR(64)), 256), 7), 16)) AS NUMERIC(38, 0)))) + 268435456000) - pg_catalog.mod((2 * pg_catalog.abs(CAST(t."big" AS NUMERIC(38, 0)) * CAST(248302796800 + (150 * pg_catalog.strtol(pg_catalog.left(pg_catalog.sha2(d.s || CAST(t."big" AS VARCHAR(64)), 256), 7), 16)) AS NUMERIC(38, 0)))) + 268435456000, 536870912000)) / 536870912000)) BETWEEN (-9223372036854775808) AND 9223372036854775807 THEN CAST(CASE WHEN t."big" < 0 THEN (-1) ELSE 1 END * ((((2 * pg_catalog.abs(CAST(t."big" AS NUMERIC(38, 0)) * CAST(248302796800 + (150 * pg_catalog.strtol(pg_catalog.left(pg_catalog.sha2(d.s || CAST(t."big" AS VARCHAR(64)), 256), 7), 16)) AS NUMERIC(38, 0)))) + 268435456000) - pg_catalog.mod((2 * pg_catalog.abs(CAST(t."big" AS NUMERIC(38, 0)) * CAST(248302796800 + (150 * pg_catalog.strtol(pg_catalog.left(pg_catalog.sha2(d.s || CAST(t."big" AS VARCHAR(64)), 256), 7), 16)) AS NUMERIC(38, 0)))) + 268435456000, 536870912000)) / 536870912000) AS BIGINT) END END AS BIGINT) AS "big",
  CAST(CASE WHEN pg_catalog.abs(CAST(t."amount" * 100 AS NUMERIC(38, 0))) <= 173269316207530886627906976 THEN CASE WHEN pg_catalog.abs(CASE WHEN t."amount" < 0 THEN (-1) ELSE 1 END * ((((2 * pg_catalog.abs(CAST(t."amount" * 100 AS NUMERIC(38, 0)) * CAST(248302796800 + (150 * pg_catalog.strtol(pg_catalog.left(pg_catalog.sha2(d.s || CAST(CAST(t."amount" AS NUMERIC(38, 2)) AS VARCHAR(64)), 256), 7), 16)) AS NUMERIC(38, 0)))) + 268435456000) - pg_catalog.mod((2 * pg_catalog.abs(CAST(t."amount" * 100 AS NUMERIC(38, 0)) * CAST(248302796800 + (150 * pg_catalog.strtol(pg_catalog.left(pg_catalog.sha2(d.s || CAST(CAST(t."amount" AS NUMERIC(38, 2)) AS VARCHAR(64)), 256), 7), 16)) AS NUMERIC(38, 0)))) + 268435456000, 536870912000)) / 536870912000) * 0.01) < 10000000000 THEN CAST(CASE WHEN t."amount" < 0 THEN (-1) ELSE 1 END * ((((2 * pg_catalog.abs(CAST(t."amount" * 100 AS NUMERIC(38, 0)) * CAST(248302796800 + (150 * pg_catalog.strtol(pg_catalog.left(pg_catalog.sha2(d.s || CAST(CAST(t."amount" AS NUMERIC(38, 2)) AS VARCHAR(64)), 256), 7), 16)) AS NUMERIC(38, 0)))) + 268435456000) - pg_catalog.mod((2 * pg_catalog.abs(CAST(t."amount" * 100 AS NUMERIC(38, 0)) * CAST(248302796800 + (150 * pg_catalog.strtol(pg_catalog.left(pg_catalog.sha2(d.s || CAST(CAST(t."amount" AS NUMERIC(38, 2)) AS VARCHAR(64)), 256), 7), 16)) AS NUMERIC(38, 0)))) + 268435456000, 536870912000)) / 536870912000) * 0.01 AS NUMERIC(12, 2)) END END AS NUMERIC(12, 2)) AS "amount",
  CAST(CASE WHEN ((pg_catalog.abs(CAST(t."ratio" AS DOUBLE PRECISION)) >= CAST('1e-20' AS DOUBLE PRECISION)) AND (pg_catalog.abs(CAST(t."ratio" AS DOUBLE PRECISION)) <= CAST('1e+28' AS DOUBLE PRECISION))) OR (pg_catalog.abs(CAST(t."ratio" AS DOUBLE PRECISION)) = CAST('0.0' AS DOUBLE PRECISION)) THEN CAST(CAST(t."ratio" AS DOUBLE PRECISION) * (CAST('0.925' AS DOUBLE PRECISION) + (CAST(pg_catalog.strtol(pg_catalog.left(pg_catalog.sha2(d.s || CAST(CAST(CAST(t."ratio" AS DOUBLE PRECISION) AS NUMERIC(38, 9)) AS VARCHAR(64)), 256), 7), 16) AS DOUBLE PRECISION) * CAST('5.587935447692871e-10' AS DOUBLE PRECISION))) AS DOUBLE PRECISION) END AS DOUBLE PRECISION) AS "ratio",
  CAST(NULL AS BOOLEAN) AS "flag",
  CAST(NULL AS CHAR(8)) AS "code",
  CAST(NULL AS VARCHAR(80)) AS "name",
  CAST(NULL AS DATE) AS "day",
  CAST(NULL AS TIMESTAMP) AS "moment",
  CAST(NULL AS TIMESTAMPTZ) AS "instant",
  CASE WHEN FALSE THEN t."document" END AS "document"
FROM "raw"."types" AS t
CROSS JOIN (SELECT CASE WHEN pg_catalog.min(e.w) = pg_catalog.max(e.w) THEN pg_catalog.max(e.w) END AS w,
    (SELECT pg_catalog.max(s."salt")
      FROM "immuta_system"."salt" AS s
      WHERE s."name" = 'raw.types') AS s
  FROM caller AS e
  WHERE e.k IN ('caller')) AS d
WHERE ((SELECT a.w
  FROM admitted AS a) IS NOT NULL) AND (d.w = (SELECT a.w
  FROM admitted AS a))
WITH NO SCHEMA BINDING

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
SELECT CAST(CAST(NULLIF(NULLIF(GREATEST(LEAST(CAST(pg_catalog.round(t."small" * (1 + (CAST(((pg_catalog.strtol(pg_catalog.left(pg_catalog.sha2(d.s || CAST(t."small" AS VARCHAR(64)), 256), 7), 16) * 2000001) / 268435456) - 1000000 AS NUMERIC(7, 0)) * 0.000000075)), 0) AS NUMERIC(12, 0)), 2147483648), (-2147483649)), 2147483648), (-2147483649)) AS INTEGER) AS INTEGER) AS "small",
  CAST(CAST(NULLIF(NULLIF(GREATEST(LEAST(CAST(pg_catalog.round(CAST(t."big" AS NUMERIC(20, 0)) * (1 + (CAST(((pg_catalog.strtol(pg_catalog.left(pg_catalog.sha2(d.s || CAST(t."big" AS VARCHAR(64)), 256), 7), 16) * 2000001) / 268435456) - 1000000 AS NUMERIC(7, 0)) * 0.000000075)), 0) AS NUMERIC(21, 0)), CAST('9223372036854775808' AS NUMERIC(38, 0))), CAST('-9223372036854775809' AS NUMERIC(38, 0))), CAST('9223372036854775808' AS NUMERIC(38, 0))), CAST('-9223372036854775809' AS NUMERIC(38, 0))) AS BIGINT) AS BIGINT) AS "big",
  CAST(CAST(pg_catalog.round(NULLIF(NULLIF(GREATEST(LEAST(t."amount" * (1 + (CAST(((pg_catalog.strtol(pg_catalog.left(pg_catalog.sha2(d.s || CAST(t."amount" AS VARCHAR(64)), 256), 7), 16) * 2000001) / 268435456) - 1000000 AS NUMERIC(7, 0)) * 0.000000075)), CAST('9999999999.995' AS NUMERIC(38, 11))), CAST('-9999999999.995' AS NUMERIC(38, 11))), CAST('9999999999.995' AS NUMERIC(38, 11))), CAST('-9999999999.995' AS NUMERIC(38, 11))), 2) AS NUMERIC(12, 2)) AS NUMERIC(12, 2)) AS "amount",
  CAST(CASE WHEN ((pg_catalog.abs(t."ratio") >= CAST('1e-20' AS DOUBLE PRECISION)) AND (pg_catalog.abs(t."ratio") <= CAST('1e+28' AS DOUBLE PRECISION))) OR (pg_catalog.abs(t."ratio") = CAST('0.0' AS DOUBLE PRECISION)) THEN t."ratio" * (CAST('1.0' AS DOUBLE PRECISION) + (CAST(((pg_catalog.strtol(pg_catalog.left(pg_catalog.sha2(d.s || CAST(CAST(t."ratio" AS NUMERIC(38, 9)) AS VARCHAR(64)), 256), 7), 16) * 2000001) / 268435456) - 1000000 AS DOUBLE PRECISION) * CAST('7.5e-08' AS DOUBLE PRECISION))) END AS DOUBLE PRECISION) AS "ratio",
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

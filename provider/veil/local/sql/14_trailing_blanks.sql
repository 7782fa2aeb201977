-- Trailing blanks of CHAR and VARCHAR mean nothing wherever values are compared: in =, IN, joins, GROUP BY, DISTINCT and
-- ORDER BY. PostgreSQL's CHAR has that; its functions compare VARCHAR here, too, and hash it, sort it and find it in an
-- index. LIKE, LEN and || see blanks as they did.
UPDATE pg_catalog.pg_operator AS o SET oprcode = new.code::regproc
FROM (VALUES ('=', 'bpchareq'), ('<>', 'bpcharne'), ('<', 'bpcharlt'), ('<=', 'bpcharle'), ('>', 'bpchargt'), ('>=', 'bpcharge'))
  AS new (name, code)
WHERE o.oprnamespace = 'pg_catalog'::regnamespace AND o.oprname = new.name AND o.oprleft = 'text'::regtype AND o.oprright = 'text'::regtype;
UPDATE pg_catalog.pg_amproc AS p SET amproc = new.code::regproc
FROM (VALUES ('btree', 1, 'bpcharcmp'), ('btree', 2, 'bpchar_sortsupport'), ('hash', 1, 'hashbpchar'), ('hash', 2, 'hashbpcharextended'))
  AS new (method, number, code)
JOIN pg_catalog.pg_am AS m ON m.amname = new.method
JOIN pg_catalog.pg_opfamily AS f ON f.opfmethod = m.oid AND f.opfname = 'text_ops'
WHERE p.amprocfamily = f.oid AND p.amprocnum = new.number AND p.amproclefttype = 'text'::regtype AND p.amprocrighttype = 'text'::regtype;
-- Equal values no longer have equal bytes: an index must not keep one of them for all.
DELETE FROM pg_catalog.pg_amproc AS p USING pg_catalog.pg_opfamily AS f, pg_catalog.pg_am AS m
WHERE m.amname = 'btree' AND f.opfmethod = m.oid AND f.opfname = 'text_ops' AND p.amprocfamily = f.oid
  AND p.amprocnum = 4 AND p.amproclefttype = 'text'::regtype;

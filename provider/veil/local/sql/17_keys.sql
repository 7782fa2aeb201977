-- Keys, which Redshift lists and does not enforce: a note for each, which the catalogs show as a constraint.
CREATE TABLE pg_veil.table_key (
  number bigint GENERATED ALWAYS AS IDENTITY (START WITH 3000000000 MINVALUE 3000000000 MAXVALUE 4000000000) PRIMARY KEY, name name NOT NULL, kind "char" NOT NULL, conrelid oid NOT NULL, conkey smallint[] NOT NULL, confrelid oid NOT NULL, confkey smallint[]
);
CREATE INDEX ON pg_veil.table_key (conrelid);

CREATE FUNCTION pg_veil.column_numbers(target oid, names text[]) RETURNS smallint[] LANGUAGE plpgsql STABLE AS $$
DECLARE
  missing text := (SELECT n FROM unnest(names) AS n WHERE NOT EXISTS (
    SELECT 1 FROM pg_catalog.pg_attribute AS a WHERE a.attrelid = target AND a.attname = n AND NOT a.attisdropped) LIMIT 1);
BEGIN
  IF missing IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = '42703', MESSAGE = 'column "' || missing || '" named in key does not exist';
  END IF;
  RETURN (SELECT array_agg(a.attnum ORDER BY n.at) FROM unnest(names) WITH ORDINALITY AS n(name, at)
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = target AND a.attname = n.name AND NOT a.attisdropped);
END $$;

-- Who calls it owns the table: the statement before it would have failed otherwise.
CREATE FUNCTION pg_veil.note_keys(target oid, keys jsonb, referenced oid[]) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  key jsonb; at bigint; numbers smallint[]; foreign_numbers smallint[]; names text[]; key_name text;
BEGIN
  FOR key, at IN SELECT k.v, k.n FROM jsonb_array_elements(keys) WITH ORDINALITY AS k(v, n) ORDER BY k.v ->> 'kind' = 'f', k.n LOOP
    names := ARRAY(SELECT jsonb_array_elements_text(key -> 'columns'));
    numbers := pg_veil.column_numbers(target, names);
    foreign_numbers := NULL;
    IF key ->> 'kind' = 'p' AND EXISTS (SELECT 1 FROM pg_veil.table_key AS k WHERE k.conrelid = target AND k.kind = 'p') THEN
      RAISE EXCEPTION USING ERRCODE = '42P16',
        MESSAGE = 'multiple primary keys for table "' || (SELECT c.relname FROM pg_class AS c WHERE c.oid = target) || '" are not allowed';
    END IF;
    IF key ->> 'kind' = 'f' THEN
      foreign_numbers := CASE WHEN key -> 'referenced_columns' = 'null'
        THEN (SELECT k.conkey FROM pg_veil.table_key AS k WHERE k.conrelid = referenced[at] AND k.kind = 'p')
        ELSE pg_veil.column_numbers(referenced[at], ARRAY(SELECT jsonb_array_elements_text(NULLIF(key -> 'referenced_columns', 'null')))) END;
      IF foreign_numbers IS NULL OR NOT EXISTS (SELECT 1 FROM pg_veil.table_key AS k
          WHERE k.conrelid = referenced[at] AND k.kind IN ('p', 'u') AND k.conkey @> foreign_numbers AND k.conkey <@ foreign_numbers) THEN
        RAISE EXCEPTION USING ERRCODE = '42830', MESSAGE = 'there is no unique constraint matching given keys for referenced table "'
          || (SELECT c.relname FROM pg_class AS c WHERE c.oid = referenced[at]) || '"';
      END IF;
    END IF;
    key_name := COALESCE(key ->> 'name', (SELECT c.relname FROM pg_class AS c WHERE c.oid = target) || CASE key ->> 'kind'
      WHEN 'p' THEN '_pkey' WHEN 'u' THEN '_' || names[1] || '_key' ELSE '_' || names[1] || '_fkey' END);
    INSERT INTO pg_veil.table_key (name, kind, conrelid, conkey, confrelid, confkey) VALUES (key_name, (key ->> 'kind')::"char", target, numbers,
      COALESCE(referenced[at], 0), foreign_numbers);
  END LOOP;
END $$;

CREATE FUNCTION pg_veil.referenced_tables(keys jsonb) RETURNS oid[] LANGUAGE sql STABLE AS $$
  SELECT pg_catalog.array_agg(CASE WHEN k.v ->> 'kind' = 'f' THEN (k.v ->> 'referenced')::regclass::oid END ORDER BY k.n)
  FROM pg_catalog.jsonb_array_elements(keys) WITH ORDINALITY AS k(v, n)
$$;
CREATE PROCEDURE pg_veil.create_table(statement text, target text, keys jsonb) LANGUAGE plpgsql AS $$
DECLARE
  existing oid := pg_catalog.to_regclass(target);
BEGIN
  EXECUTE statement;
  IF pg_catalog.to_regclass(target) IS DISTINCT FROM existing THEN
    PERFORM pg_veil.note_keys(target::regclass, keys, pg_veil.referenced_tables(keys));
  END IF;
END $$;
CREATE PROCEDURE pg_veil.check_owner(target text) LANGUAGE plpgsql AS $$
BEGIN
  IF NOT pg_catalog.pg_has_role((SELECT c.relowner FROM pg_catalog.pg_class AS c WHERE c.oid = target::regclass), 'USAGE') THEN
    RAISE EXCEPTION USING ERRCODE = '42501',
      MESSAGE = 'must be owner of relation ' || (SELECT c.relname FROM pg_catalog.pg_class AS c WHERE c.oid = target::regclass);
  END IF;
END $$;
CREATE PROCEDURE pg_veil.add_keys(target text, keys jsonb) LANGUAGE plpgsql AS $$
BEGIN
  CALL pg_veil.check_owner(target);
  PERFORM pg_veil.note_keys(target::regclass, keys, pg_veil.referenced_tables(keys));
END $$;
CREATE FUNCTION pg_veil.forget_key(target oid, key_name text) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM pg_veil.table_key AS k WHERE k.conrelid = target AND k.name = key_name;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = '42704', MESSAGE = 'constraint "' || key_name || '" does not exist';
  END IF;
END $$;
CREATE PROCEDURE pg_veil.drop_key(target text, key_name text) LANGUAGE plpgsql AS $$
BEGIN
  CALL pg_veil.check_owner(target);
  PERFORM pg_veil.forget_key(target::regclass, key_name);
END $$;

CREATE FUNCTION pg_veil.column_list(target oid, numbers smallint[]) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY n.at)
  FROM pg_catalog.unnest(numbers) WITH ORDINALITY AS n(attnum, at) JOIN pg_catalog.pg_attribute AS a ON a.attrelid = target AND a.attnum = n.attnum
$$;
-- The keys of tables that are still there, as the catalogs show them.
CREATE VIEW pg_veil.present_key AS
SELECT k.number::oid AS oid, k.name, c.relnamespace, k.kind, k.conrelid, k.conkey, k.confrelid, k.confkey, c.relname, c.relowner
FROM pg_veil.table_key AS k JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid
WHERE k.confrelid = 0 OR EXISTS (SELECT 1 FROM pg_catalog.pg_class AS r WHERE r.oid = k.confrelid);
UPDATE pg_catalog.pg_proc SET proname = 'pg_constraintdef' WHERE proname = 'pg_get_constraintdef';
CREATE FUNCTION pg_catalog.pg_get_constraintdef(oid) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT COALESCE((SELECT CASE k.kind WHEN 'p' THEN 'PRIMARY KEY (' WHEN 'u' THEN 'UNIQUE (' ELSE 'FOREIGN KEY (' END
    || pg_veil.column_list(k.conrelid, k.conkey) || ')' || CASE WHEN k.kind = 'f'
      THEN ' REFERENCES ' || k.confrelid::regclass::text || '(' || pg_veil.column_list(k.confrelid, k.confkey) || ')' ELSE '' END
    FROM pg_veil.present_key AS k WHERE k.oid = $1),
    CASE WHEN $1 < '3000000000'::oid THEN pg_catalog.pg_constraintdef($1) END)
$$;
CREATE FUNCTION pg_catalog.pg_get_constraintdef(oid, boolean) RETURNS text LANGUAGE sql STABLE AS $$ SELECT pg_catalog.pg_get_constraintdef($1) $$;

-- What the catalogs say of an identity column: Redshift lists it as a default.
CREATE FUNCTION pg_veil.identity_default(target oid, number smallint) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE a.attidentity WHEN 'a' THEN '"identity"(' ELSE 'default_identity(' END || target || ', ' || number - 1 || ', '
    || pg_catalog.quote_literal(s.seqstart || ',' || s.seqincrement) || '::text)'
  FROM pg_catalog.pg_attribute AS a
  JOIN pg_catalog.pg_depend AS d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum
    AND d.classid = 'pg_class'::regclass AND d.deptype = 'i'
  JOIN pg_catalog.pg_sequence AS s ON s.seqrelid = d.objid
  WHERE a.attrelid = target AND a.attnum = number AND a.attidentity <> ''
$$;

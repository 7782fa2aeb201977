-- Hash functions. All take VARCHAR and give lower-case hex, except FNV_HASH (a BIGINT of the value's own bytes).
-- The server's encoding is UTF8, so textsend (here utf8) is the text's own bytes.
CREATE FUNCTION pg_veil.utf8(text) RETURNS bytea LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'textsend';

-- What this run of the engine refuses because a cluster may: veil.local.refusals. It does not change while the server runs.
CREATE FUNCTION pg_veil.is_refused(what text) RETURNS boolean LANGUAGE sql IMMUTABLE
  RETURN COALESCE(what = ANY (pg_catalog.string_to_array(pg_catalog.current_setting('pg_veil.refused', true), ',')), false);

CREATE FUNCTION pg_catalog.sha2(text, integer) RETURNS varchar LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN $1 IS NULL OR $2 IS NULL THEN NULL
    WHEN pg_veil.is_refused('hash-text') THEN pg_catalog.upper(pg_catalog.encode(pg_catalog.sha256(pg_veil.utf8($1)), 'hex'))
    WHEN $2 = 256 OR $2 = 0 THEN pg_catalog.encode(pg_catalog.sha256(pg_veil.utf8($1)), 'hex')
    WHEN $2 = 512 THEN pg_catalog.encode(pg_catalog.sha512(pg_veil.utf8($1)), 'hex')
    WHEN $2 = 384 THEN pg_catalog.encode(pg_catalog.sha384(pg_veil.utf8($1)), 'hex')
    WHEN $2 = 224 THEN pg_catalog.encode(pg_catalog.sha224(pg_veil.utf8($1)), 'hex')
    ELSE '' END::varchar
$$;

-- FIPS 180-4, section 6.1. PostgreSQL has SHA-2 built in, but not SHA-1. All bit operators have one precedence: brackets.
CREATE FUNCTION pg_veil.sha1(message bytea) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  m constant bigint := 4294967295;
  h bigint[] := ARRAY[1732584193, 4023233417, 2562383102, 271733878, 3285377520];
  size constant integer := pg_catalog.length(message);
  data bytea; w bigint[]; a bigint; b bigint; c bigint; d bigint; e bigint; f bigint; k bigint; t bigint; at integer;
BEGIN
  data := message || '\\x80'::pg_catalog.bytea
    || pg_catalog.decode(pg_catalog.repeat('00', (119 - size % 64) % 64), 'hex') || pg_catalog.int8send(size * 8::bigint);
  FOR block IN 0 .. pg_catalog.length(data) / 64 - 1 LOOP
    FOR i IN 0 .. 15 LOOP
      at := block * 64 + i * 4;
      w[i] := (pg_catalog.get_byte(data, at)::bigint << 24) | (pg_catalog.get_byte(data, at + 1) << 16)
        | (pg_catalog.get_byte(data, at + 2) << 8) | pg_catalog.get_byte(data, at + 3);
    END LOOP;
    FOR i IN 16 .. 79 LOOP
      t := w[i - 3] # w[i - 8] # w[i - 14] # w[i - 16];
      w[i] := ((t << 1) | (t >> 31)) & m;
    END LOOP;
    a := h[1]; b := h[2]; c := h[3]; d := h[4]; e := h[5];
    FOR i IN 0 .. 79 LOOP
      IF i < 20 THEN f := (b & c) | (~b & m & d); k := 1518500249;
      ELSIF i < 40 THEN f := b # c # d; k := 1859775393;
      ELSIF i < 60 THEN f := (b & c) | (b & d) | (c & d); k := 2400959708;
      ELSE f := b # c # d; k := 3395469782;
      END IF;
      t := ((((a << 5) | (a >> 27)) & m) + f + e + k + w[i]) & m;
      e := d; d := c; c := ((b << 30) | (b >> 2)) & m; b := a; a := t;
    END LOOP;
    h := ARRAY[(h[1] + a) & m, (h[2] + b) & m, (h[3] + c) & m, (h[4] + d) & m, (h[5] + e) & m];
  END LOOP;
  RETURN (SELECT pg_catalog.string_agg(pg_catalog.lpad(pg_catalog.to_hex(v), 8, '0'), '' ORDER BY n) FROM pg_catalog.unnest(h) WITH ORDINALITY AS x(v, n));
END $$;
CREATE FUNCTION pg_catalog.sha1(text) RETURNS varchar LANGUAGE sql IMMUTABLE AS $$ SELECT pg_veil.sha1(pg_veil.utf8($1))::varchar $$;
CREATE FUNCTION pg_catalog.sha(text) RETURNS varchar LANGUAGE sql IMMUTABLE AS $$ SELECT pg_veil.sha1(pg_veil.utf8($1))::varchar $$;
CREATE FUNCTION pg_catalog.func_sha1(text) RETURNS varchar LANGUAGE sql IMMUTABLE AS $$ SELECT pg_veil.sha1(pg_veil.utf8($1))::varchar $$;

-- The documented polynomial is CRC-32C; the digits come least significant byte first.
CREATE FUNCTION pg_catalog.crc32(text) RETURNS varchar LANGUAGE sql IMMUTABLE AS $$
  SELECT pg_catalog.lpad(pg_catalog.to_hex(pg_catalog.crc32c(pg_veil.utf8($1))), 8, '0')::varchar
$$;

-- 64-bit FNV-1a. Numbers wrap in NUMERIC because PostgreSQL's BIGINT overflows with an error.
CREATE FUNCTION pg_veil.fnv(data bytea, seed bigint) RETURNS bigint LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  h bigint := seed; low bigint; high bigint;
BEGIN
  FOR i IN 0 .. pg_catalog.length(data) - 1 LOOP
    h := h # pg_catalog.get_byte(data, i);
    -- h * 1099511628211 modulo 2^64, in halves: the prime is 2^40 + 435.
    low := (h & 4294967295) * 435;
    high := ((h >> 32) & 4294967295) * 435 + (low >> 32) + ((h & 16777215) << 8);
    h := ((high & 4294967295) << 32) | (low & 4294967295);
  END LOOP;
  RETURN h;
END $$;
CREATE FUNCTION pg_veil.reversed(bytea) RETURNS bytea LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'bytea_reverse';
CREATE FUNCTION pg_catalog.fnv_hash(text) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT pg_veil.fnv(pg_veil.utf8($1), (-3750763034362895579)::bigint) $$;
CREATE FUNCTION pg_catalog.fnv_hash(text, bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT pg_veil.fnv(pg_veil.utf8($1), $2) $$;
CREATE FUNCTION pg_catalog.fnv_hash(smallint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT pg_veil.fnv(pg_veil.reversed(pg_catalog.int2send($1)), (-3750763034362895579)::bigint) $$;
CREATE FUNCTION pg_catalog.fnv_hash(smallint, bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT pg_veil.fnv(pg_veil.reversed(pg_catalog.int2send($1)), $2) $$;
CREATE FUNCTION pg_catalog.fnv_hash(integer) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT pg_veil.fnv(pg_veil.reversed(pg_catalog.int4send($1)), (-3750763034362895579)::bigint) $$;
CREATE FUNCTION pg_catalog.fnv_hash(integer, bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT pg_veil.fnv(pg_veil.reversed(pg_catalog.int4send($1)), $2) $$;
CREATE FUNCTION pg_catalog.fnv_hash(bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT pg_veil.fnv(pg_veil.reversed(pg_catalog.int8send($1)), (-3750763034362895579)::bigint) $$;
CREATE FUNCTION pg_catalog.fnv_hash(bigint, bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT pg_veil.fnv(pg_veil.reversed(pg_catalog.int8send($1)), $2) $$;
CREATE FUNCTION pg_catalog.fnv_hash(float8) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT pg_veil.fnv(pg_veil.reversed(pg_catalog.float8send($1)), (-3750763034362895579)::bigint) $$;
CREATE FUNCTION pg_catalog.fnv_hash(float8, bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT pg_veil.fnv(pg_veil.reversed(pg_catalog.float8send($1)), $2) $$;
CREATE FUNCTION pg_catalog.fnv_hash(boolean) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT pg_veil.fnv(pg_catalog.boolsend($1), (-3750763034362895579)::bigint) $$;
CREATE FUNCTION pg_catalog.fnv_hash(boolean, bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT pg_veil.fnv(pg_catalog.boolsend($1), $2) $$;
CREATE FUNCTION pg_catalog.fnv_hash(date) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT pg_veil.fnv(pg_veil.reversed(pg_catalog.date_send($1)), (-3750763034362895579)::bigint) $$;
CREATE FUNCTION pg_catalog.fnv_hash(date, bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT pg_veil.fnv(pg_veil.reversed(pg_catalog.date_send($1)), $2) $$;
CREATE FUNCTION pg_catalog.fnv_hash(timestamp) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT pg_veil.fnv(pg_veil.reversed(pg_catalog.timestamp_send($1)), (-3750763034362895579)::bigint) $$;
CREATE FUNCTION pg_catalog.fnv_hash(timestamp, bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT pg_veil.fnv(pg_veil.reversed(pg_catalog.timestamp_send($1)), $2) $$;
CREATE FUNCTION pg_catalog.fnv_hash(numeric) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT pg_veil.fnv(pg_veil.utf8($1::pg_catalog.text), (-3750763034362895579)::bigint) $$;
CREATE FUNCTION pg_catalog.fnv_hash(numeric, bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT pg_veil.fnv(pg_veil.utf8($1::pg_catalog.text), $2) $$;

-- What only the gateway knows, the server asks in the middle of a statement: a notice with our own SQLSTATE carries the
-- question, and the gateway writes its answer to a file next to the server's socket. (A notice goes out at once; a table
-- or NOTIFY would need a commit.)
CREATE FUNCTION pg_veil_private.ask(code text, question text) RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET client_min_messages = notice AS $$
DECLARE
  name text := replace(gen_random_uuid()::pg_catalog.text, '-', '');
  file text := current_setting('unix_socket_directories') || '/' || name;
  answer text; failure jsonb; wait float8 := 0.0005;
BEGIN
  RAISE NOTICE USING ERRCODE = code, MESSAGE = name || question;
  LOOP
    answer := pg_read_file(file, true);
    IF answer IS NOT NULL THEN RETURN answer; END IF;
    failure := pg_read_file(file || '.error', true);
    IF failure ->> 'hint' = '' THEN
      RAISE EXCEPTION USING ERRCODE = failure ->> 'code', MESSAGE = failure ->> 'message';
    ELSIF failure IS NOT NULL THEN
      RAISE EXCEPTION USING ERRCODE = failure ->> 'code', MESSAGE = failure ->> 'message', HINT = failure ->> 'hint';
    END IF;
    PERFORM pg_sleep(wait);
    wait := LEAST(wait * 1.05, 0.02);
  END LOOP;
END $$;

-- EXECUTE in a procedure runs a text that the gateway has not seen: procedures are stored with EXECUTE pg_veil.rewritten(text).
CREATE FUNCTION pg_veil.rewritten(statement text) RETURNS text LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN statement IS NOT NULL THEN pg_veil_private.ask('VEIL1', statement) END
$$;

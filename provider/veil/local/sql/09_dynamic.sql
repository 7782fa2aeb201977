-- EXECUTE in a procedure runs a text that the gateway has not seen. Procedures are stored with EXECUTE
-- pg_veil.rewritten(text): a notice with our own SQLSTATE asks the gateway, which writes its answer to a file next to
-- the server's socket. (A notice goes out at once; a table or NOTIFY would need a commit.)
CREATE FUNCTION pg_veil.rewritten(statement text) RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET client_min_messages = notice AS $$
DECLARE
  question text := replace(gen_random_uuid()::text, '-', ''); answer text;
BEGIN
  IF statement IS NULL THEN RETURN NULL; END IF;
  RAISE NOTICE USING ERRCODE = 'VEIL1', MESSAGE = question || statement;
  FOR attempt IN 1 .. 20000 LOOP
    answer := pg_read_file(current_setting('unix_socket_directories') || '/' || question, true);
    IF answer IS NOT NULL THEN RETURN answer; END IF;
    PERFORM pg_sleep(0.0005);
  END LOOP;
  RAISE EXCEPTION USING ERRCODE = '57014', MESSAGE = 'the gateway did not answer';
END $$;

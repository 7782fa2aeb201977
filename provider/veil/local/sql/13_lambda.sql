-- External functions: each is a function of the language exfunc, which is PL/pgSQL by another name, and asks the gateway. Superusers
-- make them: USAGE on the language is nobody's.
CREATE TRUSTED LANGUAGE exfunc HANDLER plpgsql_call_handler VALIDATOR plpgsql_validator;
REVOKE USAGE ON LANGUAGE exfunc FROM PUBLIC;

-- The answer of a Lambda function to one row of arguments, as a text that PL/pgSQL turns into what the caller returns.
CREATE FUNCTION pg_veil.call_lambda(function text, external_function text, arguments jsonb) RETURNS text
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT pg_veil_private.ask('VEIL2', jsonb_build_object('kind', 'lambda', 'function', function, 'external_function', external_function,
    'user', SESSION_USER, 'database', current_database(), 'arguments', arguments)::text)::jsonb ->> 0
$$;

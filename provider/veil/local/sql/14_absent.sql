-- Functions of PostgreSQL that Redshift has not and that do more than compute: they run SQL that is in a text, write large
-- objects or send messages. Whoever calls one, in a view of somebody else's perhaps, does so as themselves.
DELETE FROM pg_catalog.pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace AND (
  proname ~ '_to_xml(schema|_and_xmlschema)?$' OR proname ~ '^lo(_|read$|write$)'
  OR proname IN ('pg_notify', 'ts_stat', 'ts_rewrite', 'pg_logical_emit_message', 'xpath_table', 'nextval', 'setval', 'currval', 'lastval'));

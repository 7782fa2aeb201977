GRANT USAGE ON SCHEMA {source_schema} TO {system_user};
GRANT SELECT ON ALL TABLES IN SCHEMA {source_schema} TO {system_user};
GRANT SELECT FOR TABLES IN SCHEMA {source_schema} TO {system_user};

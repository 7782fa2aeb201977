SELECT name, view_schema, view_name, text_hash, compiled_hash, compiler_version FROM {system}.published;

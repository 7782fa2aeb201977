SELECT schema_version, provider_version, view_schema, CURRENT_USER FROM {system}.integration;

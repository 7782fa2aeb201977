SELECT schema_version, provider_version, view_schema, impersonation_group, CURRENT_USER FROM {system}.integration;

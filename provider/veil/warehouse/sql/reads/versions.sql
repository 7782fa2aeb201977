SELECT schema_version, provider_version FROM {system}.integration;

SELECT view_schema, impersonation_group, NULL FROM {system}.integration;

SELECT view_schema, impersonation_group, read_only_role FROM {system}.integration;

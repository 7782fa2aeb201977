SELECT read_only_role FROM {system}.integration;

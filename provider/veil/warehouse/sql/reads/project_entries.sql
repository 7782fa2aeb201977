SELECT project, kind, name, value, strength, CAST(expires_at AS VARCHAR(64)) FROM {system}.project_entry;

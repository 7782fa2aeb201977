SELECT project, kind, name, value, strength, expires_at FROM {system}.project_entry;

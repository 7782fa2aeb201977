SELECT kind, name, status, error, CAST(happened_at AS VARCHAR(64)) FROM {system}.last_error ORDER BY kind, name, happened_at;

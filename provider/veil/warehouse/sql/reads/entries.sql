SELECT immuta__userid, kind, name, value, CAST(expires_at AS VARCHAR(64)) FROM {system}.profile_entry
ORDER BY immuta__userid, kind, name, value;

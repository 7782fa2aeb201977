SELECT immuta__userid, kind, name, value, expires_at FROM {system}.profile_entry
ORDER BY immuta__userid, kind, name, value;

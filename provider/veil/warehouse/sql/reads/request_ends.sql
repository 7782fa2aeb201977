SELECT immuta__userid, source, refused, CAST(refused_until AS VARCHAR(64)), CAST(ended_at AS VARCHAR(64)) FROM {system}.request_end
ORDER BY immuta__userid, source;

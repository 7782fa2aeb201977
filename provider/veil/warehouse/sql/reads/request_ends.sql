SELECT immuta__userid, source, refused, CAST(ended_at AS VARCHAR(64)) FROM {system}.request_end
ORDER BY immuta__userid, source;

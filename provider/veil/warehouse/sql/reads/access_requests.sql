SELECT immuta__userid, source, reason, CAST(requested_at AS VARCHAR(64)) FROM {system}.access_request
ORDER BY immuta__userid, source;

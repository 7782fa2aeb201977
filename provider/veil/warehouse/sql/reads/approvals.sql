SELECT immuta__userid, source, approver, CAST(approved_at AS VARCHAR(64)), CAST(expires_at AS VARCHAR(64)) FROM {system}.approval
ORDER BY immuta__userid, source;

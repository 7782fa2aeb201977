DELETE FROM {system}.revision;
INSERT INTO {system}.revision (revision, token, seal)
VALUES ({revision}, {token}, {{revision_seal('{revision}', {token})}});

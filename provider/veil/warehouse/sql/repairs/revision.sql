DELETE FROM {system}.revision;
INSERT INTO {system}.revision (revision, token, seal)
VALUES ({revision}, {token}, pg_catalog.SHA2('{revision}' || pg_catalog.CHR(31) || {token}, 256));

DELETE FROM {system}.revision;
INSERT INTO {system}.revision (revision, token, seal)
VALUES ({revision}, {token}, SHA2('{revision}' || CHR(31) || {token}, 256));

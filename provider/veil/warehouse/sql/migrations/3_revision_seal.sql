-- The revision carries a seal, so that a number that somebody else wrote is told from ours.
ALTER TABLE {system}.revision ADD COLUMN seal VARCHAR(64);
UPDATE {system}.revision SET seal = pg_catalog.SHA2(CAST(revision AS VARCHAR(32)) || pg_catalog.CHR(31) || token, 256);

INSERT INTO {system}.ledger (kind, name, part, parts, id, hash)
SELECT kind, name, part, parts, id, hash FROM {system}.object;

SELECT kind, name, part, parts, id, hash FROM {system}.ledger;

SELECT kind, name, part, parts, id, body, hash FROM {system}.object;

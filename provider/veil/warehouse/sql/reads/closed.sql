SELECT source, kind, name, id FROM {system}.closed;

SELECT name FROM {system}.salt;

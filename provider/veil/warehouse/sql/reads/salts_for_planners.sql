SELECT name FROM {system}.salt_name;

SELECT kind, name, item FROM {system}.unsealed;

SELECT revision, token, seal FROM {system}.revision;

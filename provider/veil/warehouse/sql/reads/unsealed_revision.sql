SELECT revision, token FROM {system}.revision;

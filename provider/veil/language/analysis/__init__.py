"""What the parsed syntax means: the typed tree, and every check beyond the grammar."""

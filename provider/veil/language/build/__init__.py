"""sqlglot's nodes to our tree. What is not mapped here by name is refused."""

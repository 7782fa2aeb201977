"""What maintainers run: `python -m tools.docs` writes docs/."""

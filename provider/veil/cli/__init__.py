"""The `veil` command. Begin with `main`; each command is a module with `main(argv) -> int`,
imported when it is used.
"""

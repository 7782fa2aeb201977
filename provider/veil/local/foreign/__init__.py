"""What is not in the database of a session: relations of other databases and external tables, fetched when they are read."""

from veil.local.foreign.answers import Foreign

__all__ = ["Foreign"]

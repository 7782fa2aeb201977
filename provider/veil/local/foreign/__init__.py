"""What is not in the database that a session is connected to: relations of other databases, fetched when they are read."""

from veil.local.foreign.answers import Foreign

__all__ = ["Foreign"]

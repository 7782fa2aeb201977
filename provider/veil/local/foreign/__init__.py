"""What is not in the database of a session: relations of other databases, external tables and
external functions, asked for when they are read or called.
"""

from veil.local.foreign.answers import Foreign

__all__ = ["Foreign"]

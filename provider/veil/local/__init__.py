"""The embedded engine: an Amazon Redshift look-alike on PostgreSQL, for development, tests and
demos.

It is no cluster: it runs on 127.0.0.1 and does not sync to disk. What it imitates is Redshift's
surface, as far as governed views need it.
"""

from veil.local.address import Address
from veil.local.engine import Engine, Status
from veil.local.errors import EngineError

__all__ = ["Address", "Engine", "EngineError", "Status"]

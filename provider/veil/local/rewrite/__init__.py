"""Redshift SQL to PostgreSQL SQL, by local edits of the original text."""

from veil.local.rewrite.result import Rewritten
from veil.local.rewrite.script import Rewriter
from veil.local.rewrite.settings import Settings

__all__ = ["Rewriter", "Rewritten", "Settings"]

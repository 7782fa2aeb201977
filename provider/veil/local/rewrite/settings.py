"""The session settings that change how statements are rewritten, followed through transactions."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

CASE_SENSITIVE = "enable_case_sensitive_identifier"
DOWNCASE = "downcase_delimited_identifier"
_TRUE = frozenset({"true", "on", "t", "yes", "y", "1"})


@dataclass(frozen=True)
class Scope:
    """What a statement's meaning depends on besides its text."""

    case_sensitive: bool = False
    database: str = ""  # the one that the session is connected to; empty where others cannot be reached
    external: frozenset[str] = frozenset()  # the names of its external schemas
    in_block: bool = False  # whether a transaction block is open
    refused: frozenset[str] = frozenset()  # names of refusals.REFUSALS
    signing_key: bytes = field(default=b"", repr=False)  # what the server knows the rewriter by

    def sign(self, text: str) -> str:
        """The signature that `pg_veil_private.verified` wants before a late-binding view's
        definition.
        """
        inner = hashlib.sha256(self.signing_key + text.encode()).digest()
        return hashlib.sha256(self.signing_key + inner).hexdigest()


class Settings:
    """What the session has set, and its database. A rollback takes back what its transaction
    set.
    """

    def __init__(self, database: str = "") -> None:
        self.database = database
        self.external: frozenset[str] = frozenset()  # the names of its external schemas
        self._in_block = False
        self._values: dict[str, str] = {}
        self._committed: dict[str, str] = {}

    @property
    def case_sensitive(self) -> bool:
        """Whether quoted identifiers keep their upper-case letters."""
        return self._values.get(CASE_SENSITIVE, "false").lower() in _TRUE or (
            self._values.get(DOWNCASE, "true").lower() not in _TRUE
        )

    @property
    def scope(self) -> Scope:
        """What the rewriter needs to know."""
        return Scope(self.case_sensitive, self.database, self.external, self._in_block)

    def assign(self, name: str, value: str | None) -> None:
        """Notes a completed SET, or a RESET where the value is None."""
        if value is None:
            self._values.pop(name, None)
        else:
            self._values[name] = value

    def ready(self, *, in_transaction: bool) -> None:
        """Notes that the server is ready; outside a transaction what was set is there to stay."""
        self._in_block = in_transaction
        if not in_transaction:
            self._committed = dict(self._values)

    def rolled_back(self) -> None:
        """Notes the end of a transaction that did not commit."""
        self._values = dict(self._committed)

    def copy(self) -> Settings:
        """A copy to look ahead with, for the later statements of one message."""
        other = Settings(self.database)
        other.external = self.external
        other._values = dict(self._values)
        return other

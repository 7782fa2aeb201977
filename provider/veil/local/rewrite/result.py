"""What rewriting a statement gives."""

from __future__ import annotations

import json
from dataclasses import dataclass

from veil.local.rewrite.errors import RefusalError
from veil.local.rewrite.foreign import Relation
from veil.local.rewrite.lexer import quote_string


@dataclass(frozen=True)
class Rewritten:
    """One statement for the server.

    `tag` replaces the server's completion tag where the statement became another; `setting` is what
    a SET assigns once it has completed (None as its value: a RESET); `changed` says that positions
    in the text no longer fit; `foreign` names the relations of other databases that need their
    stand-ins first.
    """

    sql: str
    tag: str | None = None
    setting: tuple[str, str | None] | None = None
    changed: bool = True
    foreign: frozenset[Relation] = frozenset()

    @property
    def defines(self) -> bool:
        """True if it may change what relations look like."""
        return self.sql.lstrip()[:7].lower().startswith(("create ", "alter ", "drop ", "call "))

    @property
    def is_about_databases(self) -> bool:
        """True if it makes, changes or drops a database, which nobody may be connected to."""
        return self.sql.lower().split(None, 2)[1:2] == ["database"]


def refused(refusal: RefusalError) -> Rewritten:
    """A statement that raises this error in the server when it is prepared, so that the transaction
    ends as with any other error.
    """
    payload = json.dumps({"code": refusal.code, "message": refusal.message, "hint": refusal.hint})
    element = payload.replace("\\", "\\\\").replace('"', '\\"')
    array = quote_string(f'{{"{element}"}}')
    return Rewritten(f"SELECT {array}::pg_veil.refusal[]")


def nothing(tag: str) -> Rewritten:
    """A statement that Redshift accepts and for which there is nothing to do here."""
    return Rewritten("CALL pg_veil.nothing()", tag)

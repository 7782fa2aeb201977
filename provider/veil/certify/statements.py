"""Every statement that a run sends, kept for its report."""

import re
from dataclasses import dataclass, field

from veil.errors import VeilError
from veil.governance import errors
from veil.warehouse import WarehouseError

_PASSWORD = re.compile(r"(\bPASSWORD\s+)'(?:''|\\.|[^'\\])*'", re.IGNORECASE)
_VALUE = re.compile(r"""'(?:''|\\.|[^'\\])*'|"(?:""|[^"])*"|\b\d+(?:\.\d+)?\b""")
_LIST = re.compile(r"\?(?:\s*,\s*\?)+")


@dataclass(frozen=True)
class Sent:
    """A statement without the password that it may set, how long it took in seconds, and what was
    refused.
    """

    sql: str
    seconds: float
    error: WarehouseError | None


@dataclass
class StatementLog:
    """What was sent, in order."""

    sent: list[Sent] = field(default_factory=list)

    def watch(self, sql: str, seconds: float, error: WarehouseError | None) -> None:
        """To be called by each session after each statement."""
        self.sent.append(Sent(_PASSWORD.sub(r"\1'…'", sql), seconds, error))

    @property
    def shapes(self) -> frozenset[str]:
        """The shapes of what was sent."""
        return frozenset(shape(each.sql) for each in self.sent)


def shape(sql: str) -> str:
    """A statement with names, literals and how many of them there are left out."""
    return _LIST.sub("?", _VALUE.sub("?", sql))


def unnamed(problem: VeilError) -> str:
    """What went wrong, without a name or a value: the title of the error, which holds none, and the
    SQLSTATE.
    """
    if isinstance(problem, WarehouseError):
        return f"{problem.summary} (SQLSTATE {problem.sqlstate or 'none'})."
    return f"{problem.summary}." if isinstance(problem, errors.GovernanceError) else "veil refused it."

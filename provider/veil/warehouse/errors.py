"""What can go wrong in a warehouse, in words for people and in flags for the code that decides what
to do next.
"""

import re
from collections.abc import Mapping

from veil.errors import VeilError

REVISION_MOVED = "veil: the revision moved"
"""How the procedure advance_revision begins its refusal."""

_CONFLICTS = (
    "conflict with concurrent transaction",
    "serializable isolation violation",
    "tuple concurrently updated",
    "tuple concurrently deleted",
    "tuple already updated by self",
    "dropped by a concurrent transaction",
    "could not open relation with oid",
)
"""What Redshift says when two transactions got in each other's way and one of them is to be
repeated.
"""

_CONFLICT_STATES = frozenset({"40001", "40P01"})
_LOST_STATES = frozenset({"57P01", "57P02", "57P03"})
_CANCELLED = "57014"
_UNDEFINED_OBJECT = "42704"


_LOOK = (
    "Run terraform plan: it looks at everything anew and shows what an apply repairs. What it cannot repair is named by "
    "`veil doctor`, with the statements that do."
)
REFUSALS = {
    "42P01": (
        "A table or view is not there",
        f"Somebody dropped or renamed it, or the account may not see it. {_LOOK}",
    ),
    "3F000": ("A schema is not there", f"Somebody dropped or renamed it, or the account may not see it. {_LOOK}"),
    "42703": ("A column is not there", f"Somebody dropped or renamed it. {_LOOK}"),
    "42883": ("A procedure or function is not there", f"Somebody dropped it, or the account may not see it. {_LOOK}"),
    "42704": (
        "Something that a statement names is not there",
        f"Somebody dropped it, or this warehouse has none. {_LOOK}",
    ),
    "42501": (
        "The warehouse denied permission",
        "Give this right to the account that the provider signs in with: `veil bootstrap-sql` prints all that it needs.",
    ),
    "42809": (
        "Something else has the name of a view",
        "Somebody put another kind of object in its place, which veil leaves alone. Rename or drop it, and apply again.",
    ),
    "2BP01": (
        "Something depends on what is to go",
        "Others made something on top of it, which veil leaves alone. Let its owner drop it, and apply again.",
    ),
    "42P06": ("The name is taken", f"Somebody else made something of this name. Rename or drop it. {_LOOK}"),
    "42P07": ("The name is taken", f"Somebody else made something of this name. Rename or drop it. {_LOOK}"),
    "42710": ("The name is taken", f"Somebody else made something of this name. Rename or drop it. {_LOOK}"),
    "25006": (
        "The warehouse only reads",
        "It takes no writes now: is it being restored, resized or shared? Try again later.",
    ),
    "53": ("The warehouse is out of resources", "Let an administrator make room, and apply again."),
    "54": ("The warehouse has reached a limit", "Make what this is about smaller, and apply again."),
    "": ("The warehouse refused a statement", _LOOK),
}
"""What it means when the server refuses something, by its SQLSTATE or the class of it: a title, and
what to do. Under "" what is said of all others. Source: PostgreSQL's "Error Codes", which Redshift
took over.
"""


UNKNOWN_OBJECTS = {
    "parameter": (
        "A configuration parameter is not there",
        "This warehouse has none of this name, or lets this account not set it. Where veil sent the statement, please report it with "
        "the version that `SELECT version()` gives; a setting in ALTER USER or in a parameter group is for an administrator.",
    ),
    "user|group|role": (
        "A user, group or role is not there",
        "Somebody dropped it. Let an administrator make it again, or take it out of the configuration, and apply again.",
    ),
    "type": (
        "A type is not there",
        "This warehouse has none of this name, or somebody dropped it. Name another type.",
    ),
}
"""What it means that an object is unknown (42704), by the words that the server's message calls it
by.
"""


class WarehouseError(VeilError):
    """A statement or a connection failed. `found` says what was found, `advice` what to do where
    `found` does not; `detail` is both.

    `sqlstate` is '' where the server gave none. `retryable`: Redshift documents that repeating the
    whole transaction on a fresh connection may succeed. `lost`: the connection is gone.
    `timed_out`: the statement ran into statement_timeout. `in_commit`: the connection was lost
    while COMMIT was under way, so that only the revision's token can tell whether the transaction
    took place.
    """

    def __init__(
        self,
        summary: str,
        found: str,
        *,
        advice: str = "",
        sqlstate: str = "",
        retryable: bool = False,
        lost: bool = False,
        timed_out: bool = False,
        in_commit: bool = False,
    ) -> None:
        super().__init__(summary, f"{found} {advice}".rstrip())
        self.found, self.advice, self.sqlstate = found, advice, sqlstate
        self.retryable, self.lost, self.timed_out, self.in_commit = retryable, lost, timed_out, in_commit


class RevisionMovedError(WarehouseError):
    """Another process changed the integration since we read it: reload, recompile, try again."""

    def __init__(self, sqlstate: str = "") -> None:
        super().__init__(
            "The integration changed meanwhile",
            "Another process changed this integration after it was read here. Nothing of this change was written.",
            sqlstate=sqlstate,
        )


class NotInstalledError(WarehouseError):
    """The integration's schemas are not, or not completely, in this database."""


_AGAIN = (
    "Apply again. Where it happens again, see whether the warehouse restarts, pauses or is being resized, and whether something "
    "between it and this machine ends connections that are quiet."
)


def lost_connection(
    place: str, how: str = "ended in the middle of a statement", *, in_commit: bool = False
) -> WarehouseError:
    """The error for a connection to `place` that is no more; `how` says what became of it. Work
    that had not reached COMMIT can be repeated. What the driver says of it is for logs.
    """
    written = (
        "That was while a transaction was being committed, so it is not known whether its changes are there: terraform plan shows "
        "it."
        if in_commit
        else "Nothing of the transaction was written."
    )
    return WarehouseError(
        "The connection to the warehouse was lost",
        f"The connection to {place} {how}. {written}",
        advice=_AGAIN,
        retryable=not in_commit,
        lost=True,
        in_commit=in_commit,
    )


def unreadable_answer(place: str) -> WarehouseError:
    """The error for an answer that the driver makes nothing of. What follows on that connection
    could be anything, so it ends.
    """
    return WarehouseError(
        "An answer that cannot be read",
        f"{place} answered a statement with something that the driver does not understand. Nothing of the transaction was written.",
        advice="Please report it with the output of TF_LOG=debug. Is this a Redshift warehouse, without anything in between?",
        lost=True,
    )


def from_server(fields: Mapping[str, str]) -> WarehouseError:
    """The error for what the server answered to a statement: `fields` are those of the wire
    protocol's ErrorResponse, by their letters (C is the SQLSTATE, M the message, D the detail, H
    the hint).
    """
    state, message = fields.get("C", ""), fields.get("M", "no message")
    if message.startswith(REVISION_MOVED):
        return RevisionMovedError(state)
    answer = ". ".join(part.rstrip(".") for part in (message, fields.get("D"), fields.get("H")) if part) + "."
    if state in _LOST_STATES or state.startswith("08"):
        return WarehouseError(
            "The warehouse ended the connection", answer, advice=_AGAIN, sqlstate=state, retryable=True, lost=True
        )
    if state == _CANCELLED:
        detail = f"{answer} A statement may run for as long as the provider's statement_timeout says."
        advice = "Set a longer statement_timeout in the provider block, or apply when the warehouse is less busy."
        return WarehouseError("A statement took too long", detail, advice=advice, sqlstate=state, timed_out=True)
    if state in _CONFLICT_STATES or any(each in message.lower() for each in _CONFLICTS):
        advice = "It was tried several times. Apply again when the others are done."
        return WarehouseError(
            "Transactions got in each other's way", answer, advice=advice, sqlstate=state, retryable=True
        )
    title, advice = _unknown_object(state, message) or REFUSALS.get(state) or REFUSALS.get(state[:2]) or REFUSALS[""]
    return WarehouseError(title, answer, advice=advice, sqlstate=state)


def _unknown_object(state: str, message: str) -> tuple[str, str] | None:
    """What to say of an object that is not there, by what the message calls it before its name."""
    if state != _UNDEFINED_OBJECT:
        return None
    called = message.lower().partition('"')[0]
    known = (texts for words, texts in UNKNOWN_OBJECTS.items() if re.search(rf"\b({words})\b", called))
    return next(known, None)

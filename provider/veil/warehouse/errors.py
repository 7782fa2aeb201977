"""What can go wrong in a warehouse, in words for people and in flags for the code that decides what to do next."""

from collections.abc import Mapping

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
"""What Redshift says when two transactions got in each other's way and one of them is to be repeated."""

_CONFLICT_STATES = frozenset({"40001", "40P01"})
_LOST_STATES = frozenset({"57P01", "57P02", "57P03"})
_CANCELLED = "57014"


class WarehouseError(Exception):
    """A statement or a connection failed. `title` is short, `detail` says what was found and what to do.

    `sqlstate` is '' where the server gave none. `retryable`: Redshift documents that repeating the whole transaction
    on a fresh connection may succeed. `lost`: the connection is gone. `timed_out`: the statement ran into
    statement_timeout. `in_commit`: the connection was lost while COMMIT was under way, so that only the revision's
    token can tell whether the transaction took place.
    """

    def __init__(
        self,
        title: str,
        detail: str,
        *,
        sqlstate: str = "",
        retryable: bool = False,
        lost: bool = False,
        timed_out: bool = False,
        in_commit: bool = False,
    ) -> None:
        super().__init__(f"{title}: {detail}")
        self.title, self.detail, self.sqlstate = title, detail, sqlstate
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


def lost_connection(reason: object, *, in_commit: bool = False) -> WarehouseError:
    """The error for a connection that ended under a statement. Work that had not reached COMMIT can be repeated."""
    return WarehouseError(
        "The connection to the warehouse was lost",
        f"{reason}. " + ("It was lost during COMMIT." if in_commit else "Nothing of this transaction was written."),
        retryable=not in_commit,
        lost=True,
        in_commit=in_commit,
    )


def from_server(fields: Mapping[str, str]) -> WarehouseError:
    """The error for what the server answered to a statement: `fields` are those of the wire protocol's
    ErrorResponse, by their letters (C is the SQLSTATE, M the message, D the detail, H the hint).
    """
    state, message = fields.get("C", ""), fields.get("M", "no message")
    if message.startswith(REVISION_MOVED):
        return RevisionMovedError(state)
    said = ". ".join(part.rstrip(".") for part in (message, fields.get("D"), fields.get("H")) if part) + "."
    if state in _LOST_STATES or state.startswith("08"):
        return WarehouseError("The warehouse ended the connection", said, sqlstate=state, retryable=True, lost=True)
    if state == _CANCELLED:
        detail = f"{said} A statement may run for as long as the provider's statement_timeout says."
        return WarehouseError("A statement took too long", detail, sqlstate=state, timed_out=True)
    if state in _CONFLICT_STATES or any(each in message.lower() for each in _CONFLICTS):
        return WarehouseError("Transactions got in each other's way", said, sqlstate=state, retryable=True)
    if state == "42501":
        return WarehouseError("The warehouse denied permission", said, sqlstate=state)
    return WarehouseError("The warehouse refused a statement", said, sqlstate=state)

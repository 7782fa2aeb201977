"""Statements that waited for somebody else's lock until statement_timeout: what they were about,
and who holds it.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from veil.governance.errors import GovernanceError
from veil.model.names import dotted
from veil.warehouse import Layout, Session, WarehouseError, read_blockers

Place = tuple[str, str]
T = TypeVar("T")

_METADATA = (
    "writer",
    "revision",
    "object",
    "ledger",
    "profile",
    "profile_entry",
    "project_entry",
    "project_profile",
    "published",
    "own_view",
    "salt",
    "salt_digest",
    "impersonation",
    "closed",
    "approver",
    "request_end",
)


class BlockedError(WarehouseError):
    """A statement took too long over `what`; whoever holds it back has a lock on one of
    `places`.
    """

    def __init__(self, what: str, places: Iterable[Place], cause: WarehouseError) -> None:
        super().__init__(cause.summary, f"{what}: {cause.found}", sqlstate=cause.sqlstate, timed_out=True)
        self.what, self.places = what, tuple(places)


@contextmanager
def naming(what: str, places: Iterable[Place]) -> Iterator[None]:
    """Turn a statement_timeout inside into a BlockedError that says what the statement was
    about.
    """
    try:
        yield
    except BlockedError:
        raise
    except WarehouseError as problem:
        if problem.timed_out:
            raise BlockedError(what, places, problem) from problem
        raise


@contextmanager
def naming_metadata(layout: Layout) -> Iterator[None]:
    """The same for statements about an integration's own tables."""
    with naming(f"the metadata in {layout.system}", [(layout.system, each) for each in _METADATA]):
        yield


def explaining(session: Session, work: Callable[[Session], T]) -> T:
    """Do something outside of any transaction; a lock it waited for in vain becomes a
    GovernanceError that tells who holds it.
    """
    try:
        return work(session)
    except BlockedError as problem:
        raise explained(problem, session) from problem


def explained(problem: BlockedError, session: Session) -> GovernanceError:
    """What to tell people, once the transaction has been rolled back: who holds the lock, where the
    warehouse tells.
    """
    holders = {place: blockers for place in problem.places if (blockers := read_blockers(session, *place))}
    held = "; ".join(f"{dotted(*place)} is locked by {', '.join(blockers)}" for place, blockers in holders.items())
    return GovernanceError(
        "Waited too long for a lock",
        f"A statement about {problem.what} did not end within {session.settings.statement_timeout} seconds, twice. "
        f"{held or 'The warehouse does not tell who holds it back'}. End that transaction, or set a longer "
        "statement_timeout in the provider block, and apply again. Nothing of this change was written.",
    )

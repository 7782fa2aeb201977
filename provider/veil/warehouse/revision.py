"""How far an integration has been written: a number that every transaction moves on, with that
transaction's token.

Writers compare it with what they read before. It is sealed, so that a row that somebody else wrote
is distinguished from ours.
"""

import re
from collections.abc import Iterable
from hashlib import sha256

from veil.warehouse.errors import RevisionMovedError
from veil.warehouse.layout import Layout
from veil.warehouse.quoting import literal, qualified
from veil.warehouse.rows import Revision, Snapshot
from veil.warehouse.session import Row, Session
from veil.warehouse.tables import Tables, answers
from veil.warehouse.templates import names, render, render_one

_TOKEN = re.compile(r"[A-Za-z0-9_.:-]{1,64}\Z")
_MOST = 2**62
"""No number of ours comes near it, and what lies beyond could not be counted on from."""


def advance_revision(layout: Layout, expected: int, token: str) -> list[str]:
    """Moves the revision from `expected` to the next and leaves the transaction's `token` (at most
    64 characters).

    Where it has moved already, or is not sound, the call fails with RevisionMovedError. Raises
    ValueError for a token of other characters than letters, digits and `_.:-`.
    """
    if not _TOKEN.match(token):
        raise ValueError(f"the token {token!r} is not made of 1 to 64 letters, digits and _ . : -")
    # The types are said, so that no overload of somebody else's fits better than ours, or as well.
    arguments = f"CAST({int(expected)} AS BIGINT), CAST({literal(token)} AS VARCHAR(64))"
    return [f"CALL {qualified(layout.procedures, 'advance_revision')}({arguments})"]


def hold_writers(session: Session, layout: Layout) -> None:
    """Make every other writer wait, from here to the end of the open transaction; readers do not
    notice. Send it first: what is read after it stays true until COMMIT.
    """
    session.execute(f"LOCK TABLE {qualified(layout.system, 'writer')}")


def read_revision(session: Session, layout: Layout, tables: Tables) -> Revision:
    """The revision that was committed last. `tables` are the columns of our tables; one query, none
    where the table is missing.
    """
    for template in ("reads/revision", "reads/unsealed_revision"):
        sql = render_one(template, names(layout))
        if answers(sql, "revision", tables):
            return revision_of(session.query(sql))
    return revision_of(())


def revision_of(rows: Iterable[Row]) -> Revision:
    """What these rows say. Rows of two columns are of an older version, which had no seal."""
    held = tuple(sorted(rows, key=str))
    numbers = [row[0] for row in held if isinstance(row[0], int) and 0 <= row[0] < _MOST]
    sound = len(held) == len(numbers) == 1 and _is_sealed(held[0])
    return Revision(max(numbers, default=0), str(held[0][1]) if sound else "", sound, held)


def require_unmoved(session: Session, layout: Layout, read: Snapshot) -> None:
    """Make other writers wait, in the open transaction. Raises RevisionMovedError where one of them
    wrote since `read`.
    """
    hold_writers(session, layout)
    now = read_revision(session, layout, read.tables)
    if now.rows != read.unsound.rows if read.unsound is not None else now.number != read.revision:
        raise RevisionMovedError


def move_on(session: Session, layout: Layout, read: Snapshot, token: str) -> None:
    """Move the revision on from the one that was `read`, as the first thing in the open
    transaction, and leave the transaction's token. One that is not sound is replaced.

    Raises RevisionMovedError where another process wrote since.
    """
    if read.unsound is None:
        statements = advance_revision(layout, read.revision, token)
    else:
        require_unmoved(session, layout, read)
        statements = replace_revision(layout, read.revision + 1, token)
    for statement in statements:
        session.execute(statement)


def replace_revision(layout: Layout, number: int, token: str) -> list[str]:
    """Puts a sound revision in the place of whatever is there. Needs no procedure: it may be what
    is being repaired.
    """
    return render("repairs/revision", names(layout) | {"revision": str(int(number)), "token": literal(token)})


def landed(session: Session, layout: Layout, token: str) -> bool:
    """Whether the last transaction that moved the revision is the one of this token."""
    rows = session.query(render_one("reads/unsealed_revision", names(layout)))
    return len(rows) == 1 and rows[0][1] == token


def _is_sealed(row: Row) -> bool:
    if len(row) == 2:
        return isinstance(row[1], str)
    number, token, seal = row
    return bool(seal == sha256(f"{number}\x1f{token}".encode()).hexdigest())

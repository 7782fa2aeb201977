"""Repeating a transaction where Redshift documents that repeating helps, and only there."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from veil.warehouse.errors import WarehouseError
from veil.warehouse.session import Session

T = TypeVar("T")

ATTEMPTS = 6
TIMEOUT_ATTEMPTS = 2
_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 5.0


def run_in_transaction(
    session: Session,
    work: Callable[[Session], T],
    *,
    attempts: int = ATTEMPTS,
    timeout_attempts: int = TIMEOUT_ATTEMPTS,
    landed: Callable[[Session], bool] | None = None,
    pause: Callable[[float], None] = time.sleep,
) -> T:
    """Run `work` in one transaction and commit it.

    Conflicts, serialization failures and lost connections are repeated on a fresh connection,
    `attempts` times at most, with growing, random pauses (seconds). After a statement that timed
    out `work` is tried `timeout_attempts` times in all: what blocked it may be gone. So `work` may
    run several times and must depend on nothing that it did before.

    Where the connection is lost under COMMIT, `landed` looks on a fresh one whether the transaction
    took place (see `writes.landed`); without it such a loss is an error. Raises the last
    WarehouseError.
    """
    timeouts = 0
    for attempt in range(1, attempts + 1):
        result: list[T] = []
        try:
            with session.transaction():
                result.append(work(session))
            return result[0]
        except WarehouseError as error:
            timeouts += error.timed_out
            again = error.retryable or (error.timed_out and timeouts < timeout_attempts)
            if error.in_commit and landed is not None:
                _reconnect(session, attempts, pause)
                if landed(session):
                    return result[0]
                again = True
            if not again or attempt == attempts:
                raise
        pause(_pause_before(attempt))
        _reconnect(session, attempts, pause)
    raise AssertionError("attempts must be at least 1")


def repeat_reading(session: Session, work: Callable[[Session], T]) -> T:
    """Run `work`, which only reads and is in no transaction; once more on a fresh connection where
    this one is lost.

    A connection that has been idle while Terraform made other things is often found closed.
    """
    try:
        return work(session)
    except WarehouseError as error:
        if not error.lost:
            raise
    session.reconnect()
    return work(session)


def _reconnect(session: Session, attempts: int, pause: Callable[[float], None]) -> None:
    """A fresh connection; a warehouse that just ended the old one may need a moment."""
    for attempt in range(1, attempts + 1):
        try:
            session.reconnect()
            return
        except WarehouseError as error:
            if not error.lost or attempt == attempts:
                raise
        pause(_pause_before(attempt))


def _pause_before(attempt: int) -> float:
    longest = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**attempt)
    return random.uniform(longest / 2, longest)  # noqa: S311 -- spreads load, hides nothing

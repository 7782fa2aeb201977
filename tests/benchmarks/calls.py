"""Calls made in place of time passed: what work costs, counted, so that it is the same on every
machine.
"""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def call_clock() -> Iterator[Callable[[], int]]:
    """A clock that tells how many calls, of Python and of built-in functions, were made so far by
    this thread and by those that start while it runs.
    """
    made = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal made
        made += event in ("call", "c_call")

    before, before_in_threads = sys.getprofile(), threading.getprofile()
    sys.setprofile(count)
    threading.setprofile(count)  # type: ignore[arg-type]  # typeshed takes None for its argument alone
    try:
        yield lambda: made
    finally:
        sys.setprofile(before)
        threading.setprofile(before_in_threads)  # type: ignore[arg-type]

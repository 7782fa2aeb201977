"""Work that a client's statement does not fail for."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Awaitable


async def attempt(work: Awaitable[None]) -> None:
    """Does the work; an error goes to the engine's log. Without its stand-in a relation does not
    exist, or is as it was.
    """
    try:
        await work
    except Exception:
        print(traceback.format_exc(), file=sys.stderr, flush=True)

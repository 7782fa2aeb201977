"""Faults of a cluster, switched on while the engine runs, so that what a client does then can be
tried.

`veil local fault` writes them into a file of the engine's folder; the gateway reads it before each
statement.
"""

from __future__ import annotations

import json
from pathlib import Path

from veil.local.errors import EngineError

SERIALIZATION = "serialization"
DISCONNECT = "disconnect"
SLOW = "slow"

FAULTS = {
    SERIALIZATION: "a share of the statements in transaction blocks fails with a serializable isolation violation",
    DISCONNECT: "a share of the statements in transaction blocks finds the connection closed instead",
    SLOW: "each statement waits for so many seconds before it runs",
}
"""By the names that `veil local fault` takes, what happens then; the share is from 0 to 1."""

CONFLICT = ("40001", "1023", "Serializable isolation violation on a table")
"""SQLSTATE, message and hint of what fails so. Source: Developer Guide, "Isolation levels"
(c_serial_isolation).
"""

_TRANSACTIONS = ("begin", "start", "commit", "end", "rollback", "abort")


def set_fault(file: Path, name: str, value: float) -> dict[str, float]:
    """Switches a fault on, or off where the value is 0; gives all that are on then.

    Raises:
        EngineError: there is no such fault, or it cannot have this value.
    """
    if name not in FAULTS:
        raise EngineError(f"The local engine knows no fault {name!r}. There are: {', '.join(FAULTS)}.")
    if not 0 <= value <= (1 if name != SLOW else 3600):
        raise EngineError(f"{value:g} is no value for {name}: {FAULTS[name]}.")
    faults = {**read_faults(file), name: value}
    kept = {one: share for one, share in faults.items() if share > 0}
    file.write_text(json.dumps(kept), encoding="utf-8")
    return kept


def read_faults(file: Path) -> dict[str, float]:
    """The faults that are on, with their values; none where the file is not there."""
    try:
        return {str(name): float(value) for name, value in json.loads(file.read_text(encoding="utf-8")).items()}
    except (OSError, ValueError):
        return {}


class Faults:
    """Which statements of the engine's clients meet a fault. A share of 0.2 is each fifth statement
    of all that could.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._due = {SERIALIZATION: 0.0, DISCONNECT: 0.0}

    def next(self, statement: str, *, in_block: bool) -> str:
        """SERIALIZATION or DISCONNECT where that is to become of the statement; else empty."""
        first = statement.lstrip().split(None, 1)[:1]
        if not in_block or (first and first[0].rstrip(";").lower() in _TRANSACTIONS):
            return ""
        shares = read_faults(self._file)
        for name in self._due:
            self._due[name] += shares.get(name, 0.0)
            if name in shares and self._due[name] > 1 - 1e-9:
                self._due[name] -= 1
                return name
        return ""

    @property
    def delay(self) -> float:
        """For how many seconds a statement waits."""
        return read_faults(self._file).get(SLOW, 0.0)

"""Compares what a view showed with what the interpreter says it shows."""

import json
import struct
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from math import isnan
from typing import Any

from veil.model import ColumnType, DataSource, Family
from veil.oracle import Sight


@dataclass(frozen=True)
class Answer:
    """What a user's `SELECT *` gave: column names and rows, or the warehouse's error."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Any, ...], ...] = ()
    error: str | None = None


@dataclass(frozen=True)
class Difference:
    """Where view and interpreter disagree: rows only one of them shows, or the view's error."""

    summary: str
    expected: tuple[tuple[Any, ...], ...] = ()
    found: tuple[tuple[Any, ...], ...] = ()


def difference(source: DataSource, sight: Sight, answer: Answer) -> Difference | None:
    """How the answer differs from the sight, or None. Rows compare as a multiset, their order means
    nothing.
    """
    if not source.enabled:
        return None
    if answer.error is not None:
        return Difference(f"the view fails: {answer.error}")
    kinds = {each.name: each.type for each in source.columns}
    names = tuple(shown_columns(source))
    if answer.columns != names:
        return Difference(f"the columns are {answer.columns} and not {names}")
    types = [kinds[name] for name in names]
    expected = Counter(_row([row.values[name] for name in names], types) for row in sight.rows)
    actual = Counter(_row(row, types) for row in answer.rows)
    if expected == actual:
        return None
    return Difference(
        _summary(expected, actual), tuple((expected - actual).elements()), tuple((actual - expected).elements())
    )


def shown_columns(source: DataSource) -> list[str]:
    """The columns that the view must have."""
    return [each.name for each in source.columns if each.accepted or source.new_columns != "hide"]


def plain(value: Any, kind: ColumnType) -> Any:
    """A value, of the warehouse or of the interpreter, as what may be compared: same SQL value,
    same Python value.
    """
    if value is None:
        return None
    if kind.family is Family.CHAR:
        return str(value).rstrip(" ")
    if kind.family in (Family.REAL, Family.DOUBLE):
        number = float(value) + 0.0  # SQL knows no difference between 0 and -0.
        if isnan(number):
            return "NaN"  # As a number it would not equal itself.
        return struct.pack("<f", number) if kind.family is Family.REAL else number
    if kind.family is Family.SUPER:
        return json.dumps(json.loads(value), sort_keys=True)
    if isinstance(value, datetime) and value.tzinfo:
        return value.timestamp()
    return value.isoformat() if isinstance(value, time) else value


def _summary(expected: Counter[Any], actual: Counter[Any]) -> str:
    more, less = actual.total(), expected.total()
    if more > less:
        return f"the view shows {more} rows, the interpreter {less}"
    return f"the view hides {less - more} rows that show" if more < less else "the view shows other values"


def _row(values: Sequence[Any], kinds: Sequence[ColumnType]) -> tuple[Any, ...]:
    return tuple(_typed(plain(value, kind)) for value, kind in zip(values, kinds, strict=True))


def _typed(value: Any) -> Any:
    """With its type, so that TRUE is not 1 and 1 is not 1.0."""
    return (type(value).__name__, value)

"""Values of scratch tables: as SQL, and as texts in a file."""

from typing import Any

from veil.model import ColumnType, Family
from veil.oracle import Value, read_literal
from veil.warehouse import literal

_AS_WRITTEN = frozenset({Family.TIME, Family.SUPER})
"""Types whose values are texts to the interpreter, which computes nothing with them."""


def cell(value: Value, kind: ColumnType) -> str:
    """A value as a literal of its column."""
    if value is None:
        return "NULL"
    text = literal(written(value))
    return f"JSON_PARSE({text})" if kind.family is Family.SUPER else f"CAST({text} AS {kind})"


def written(value: Any) -> str:
    """A value that is not NULL as a text that `read` understands."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def read(text: str | None, kind: ColumnType) -> Value:
    """The value of a column of this type that `written` wrote; None is NULL. Raises ValueError."""
    if text is None or kind.family in _AS_WRITTEN:
        return text
    value = read_literal(text, kind)
    if value is None:
        raise ValueError(f"{text!r} is no {kind}")
    return value

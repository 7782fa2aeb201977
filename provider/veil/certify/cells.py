"""Values of scratch tables: as SQL, and as texts in a file."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from veil.model import ColumnType, Family
from veil.oracle import Value
from veil.warehouse import literal


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
    if text is None:
        return None
    family = kind.family
    if family.is_integer:
        return int(text)
    if family is Family.NUMERIC:
        return Decimal(text)
    if family in (Family.REAL, Family.DOUBLE):
        return float(text)
    if family is Family.BOOLEAN:
        return {"true": True, "false": False}[text]
    if family is Family.DATE:
        return date.fromisoformat(text)
    if family.is_moment:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=moment.tzinfo or UTC) if family is Family.TIMESTAMPTZ else moment
    return text

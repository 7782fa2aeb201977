"""Values on their way from files to the server: as JSON, so that the server reads them as their
columns' types.
"""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

from veil.local.rewrite.errors import RefusalError
from veil.local.spectrum.table import Column

Value = str | int | bool | None
Row = dict[str, Value]
_TRUE = frozenset({"true", "t", "1"})
_FALSE = frozenset({"false", "f", "0"})


def unfit(file: Path, column: Column, what: str) -> RefusalError:
    """The error for a file that does not fit its table. The value stays out of it: a policy may
    hide it.
    """
    return RefusalError(
        "XX000", f'Spectrum Scan Error: file "{file.name}", column "{column.name}": {what} ({column.external_type})'
    )


def as_json(value: object) -> Value:
    """A typed value in a form that JSON has and the server reads."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else {"inf": "Infinity", "-inf": "-Infinity"}.get(str(value), "NaN")
    if isinstance(value, datetime):
        return (value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value).isoformat(sep=" ")
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    return str(value)


def from_text(text: str, column: Column, file: Path) -> Value:
    """A field of a text file as its column's type. An empty field is NULL unless the column holds
    text.

    Raises:
        RefusalError: the field cannot be read so.
    """
    kind = column.external_type.partition("(")[0]
    if kind in ("varchar", "char"):
        return text
    if not text:
        return None
    try:
        return as_json(_read(text.strip(), kind))
    except (ValueError, InvalidOperation):
        raise unfit(file, column, "a field cannot be read as the column's type") from None


def _read(text: str, kind: str) -> object:
    if kind in ("smallint", "int", "bigint"):
        return int(text)
    if kind == "boolean":
        if text.lower() not in _TRUE | _FALSE:
            raise ValueError
        return text.lower() in _TRUE
    if kind in ("float", "double"):
        return float(text)
    if kind == "decimal":
        return Decimal(text)
    if kind == "date":
        return date.fromisoformat(text)
    return datetime.fromisoformat(text)

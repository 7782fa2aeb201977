"""Typed literals: DATE '2026-01-31' and TIMESTAMP '2026-01-31 10:00:00'."""

import re
from datetime import date, datetime

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIMESTAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)?")


def canonical_date(text: str) -> str:
    """`text` as YYYY-MM-DD. Raises ValueError where it is no date of the years 1 to 9999."""
    if not _DATE.fullmatch(text):
        raise ValueError("a date is written YYYY-MM-DD")
    return date.fromisoformat(text).isoformat()


def canonical_timestamp(text: str) -> str:
    """`text` as YYYY-MM-DD HH:MM:SS, with six more digits where there is a fraction. Raises
    ValueError.
    """
    if not _TIMESTAMP.fullmatch(text):
        raise ValueError("a timestamp is written YYYY-MM-DD HH:MM:SS, in UTC and without a zone")
    return datetime.fromisoformat(text).isoformat(sep=" ")

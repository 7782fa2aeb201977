"""How far a date or timestamp may move: within years 1 to 9999, and NULL beyond.

A move that left the calendar of the engine would fail, and so reveal what a row holds. Years of
five digits, and those before the first, the engines have; the interpreter has not, and they are no
dates of anybody's data.
"""

from datetime import datetime, timedelta

from veil.compiler.building import NULL, case, cast, form, guard, infix, integer
from veil.compiler.hashing import DRAWN_DIGITS, drawn_at, drawn_from
from veil.compiler.sql import Between, Form, Sql, TextLiteral, Word
from veil.model import ColumnType, Family

_MONTHS = {"year": 12, "quarter": 3, "month": 1}
_SECONDS = {"week": 7 * 86_400, "day": 86_400, "hour": 3_600, "minute": 60, "second": 1}
_STEP = timedelta(microseconds=1)
_EARLIEST_NOW, _LATEST_NOW = datetime(2000, 1, 1), datetime(3000, 1, 1)
"""Between these GETDATE() lies, whenever a view is asked."""


def moved(unit: str, amount: int, moment: Sql, *, is_now: bool = False) -> Sql:
    """`moment` moved by so many units; NULL where that is out of years 1 to 9999. `is_now` says
    that it is GETDATE().
    """
    movable = moment
    if amount > 0:
        late = _first_too_late(unit, amount)
        if late is None:
            return NULL
        if not (is_now and late > _LATEST_NOW):
            movable = _unless("LEAST", moment, late)
    elif amount < 0:
        early = _last_too_early(unit, amount)
        if early is None:
            return NULL
        if not (is_now and early < _EARLIEST_NOW):
            movable = _unless("GREATEST", moment, early)
    return form("DATEADD", Word(unit), integer(amount), movable)


def shifted(moment: Sql, days: int, digest: Sql) -> Sql:
    """`moment` moved by as many days as the digest says, from 1 to `days`, to the side that it
    says, or to the other where the calendar might end on that one.
    """
    size = infix("+", infix("/", infix("*", drawn_from(digest), integer(days)), integer(16**DRAWN_DIGITS)), integer(1))
    forth, back = integer(1), integer(-1)
    sign = case(
        [
            (infix("<", moment, _written(datetime.min + timedelta(days=days))), forth),
            (infix(">", moment, _written(datetime.max - timedelta(days=days))), back),
            (infix("<", drawn_at(digest, DRAWN_DIGITS + 1), integer(8)), back),
        ],
        forth,
    )
    displaced = form("DATEADD", Word("day"), cast(infix("*", size, sign), ColumnType(Family.INTEGER)), moment)
    return guard(Between(moment, _written(datetime.min), _written(datetime.max)), displaced)


def _written(moment: datetime) -> TextLiteral:
    return TextLiteral(moment.isoformat(sep=" "), "TIMESTAMP")


def _unless(choice: str, moment: Sql, limit: datetime) -> Form:
    """The moment, or NULL from the limit on. LEAST and GREATEST pass over NULL, of which they make
    the limit.
    """
    return form("NULLIF", form(choice, moment, _written(limit)), _written(limit))


def _first_too_late(unit: str, amount: int) -> datetime | None:
    """The first moment that would move past the year 9999; None where all of them would."""
    if unit in _MONTHS:
        return _start_of_month(10_000 * 12 - amount * _MONTHS[unit])
    try:
        return datetime.max - timedelta(seconds=amount * _SECONDS[unit]) + _STEP
    except OverflowError:
        return None


def _last_too_early(unit: str, amount: int) -> datetime | None:
    """The last moment that would move before the year 1; None where all of them would."""
    if unit in _MONTHS:
        first = _start_of_month(12 - amount * _MONTHS[unit])
        return None if first is None else first - _STEP
    try:
        return datetime.min - timedelta(seconds=amount * _SECONDS[unit]) - _STEP
    except OverflowError:
        return None


def _start_of_month(months: int) -> datetime | None:
    """The first moment of a month, which is counted from January of a year 0."""
    year, month = divmod(months, 12)
    return datetime(year, month + 1, 1) if 1 <= year <= 9999 else None

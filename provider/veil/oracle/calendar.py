"""Arithmetic on naive UTC timestamps by units of time. Weeks start on Monday."""

from calendar import isleap, monthrange
from datetime import date, datetime, timedelta

_MONTHS = {"year": 12, "quarter": 3, "month": 1}
_FINER = {
    "second": {"microsecond": 0},
    "minute": {"second": 0, "microsecond": 0},
    "hour": {"minute": 0, "second": 0, "microsecond": 0},
    "day": {"hour": 0, "minute": 0, "second": 0, "microsecond": 0},
}


def start_of(unit: str, moment: datetime) -> datetime:
    """The first moment of the year, quarter, ... second that the moment lies in."""
    if unit in _FINER:
        return moment.replace(**_FINER[unit])  # type: ignore[arg-type]
    day = moment.replace(**_FINER["day"])  # type: ignore[arg-type]
    if unit == "week":
        return day - timedelta(days=day.weekday())
    months = _MONTHS[unit]
    return day.replace(month=(day.month - 1) // months * months + 1, day=1)


def add(unit: str, amount: int, moment: datetime) -> datetime | None:
    """The moment so many units later; None outside years 1 to 9999.

    A day that the month has not becomes its last. But by years, 29 February becomes 1 March.

    Source: Amazon Redshift Developer Guide, "DATEADD function", usage notes.
    """
    try:
        if unit == "year" and (moment.month, moment.day) == (2, 29) and not isleap(moment.year + amount):
            return moment.replace(year=moment.year + amount, month=3, day=1)
        if unit not in _MONTHS:
            return moment + timedelta(**{f"{unit}s": amount})
        years, month = divmod(moment.month - 1 + amount * _MONTHS[unit], 12)
        year = moment.year + years
        return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))
    except (ValueError, OverflowError):
        return None


def last_day(moment: datetime) -> date:
    """The last day of the month that the moment lies in."""
    return moment.date().replace(day=monthrange(moment.year, moment.month)[1])


def boundaries(unit: str, start: datetime, end: datetime) -> int:
    """How many starts of a unit lie between the two, negative where `end` is the earlier one."""
    if unit in _MONTHS:
        months = _MONTHS[unit]
        return (end.year * 12 + end.month - 1) // months - (start.year * 12 + start.month - 1) // months
    passed = start_of(unit, end) - start_of(unit, start)
    return passed // timedelta(**{f"{unit}s": 1})


def part(unit: str, moment: datetime) -> int | None:
    """One field of the moment; days of the week count from Sunday, which is 0."""
    if unit == "quarter":
        return (moment.month - 1) // 3 + 1
    if unit == "dow":
        return moment.isoweekday() % 7
    if unit == "doy":
        return moment.timetuple().tm_yday
    field: int | None = getattr(moment, unit, None)
    return field

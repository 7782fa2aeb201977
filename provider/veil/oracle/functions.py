"""The allow-listed functions, as Redshift and PostgreSQL both compute them.

NULL where an argument is NULL, unless the function is about NULLs, and where an argument is not of
the type it takes.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Any

from veil.language.functions import ALLOWED, Takes
from veil.model import ColumnType
from veil.oracle import calendar
from veil.oracle.arithmetic import calculate, exact, exactly_rounded, is_float, is_whole
from veil.oracle.lengths import BYTES_OF_CHARACTER, Length, after, cut, filled, replaced
from veil.oracle.operands import (
    DATE,
    DOUBLE,
    INTEGER,
    NOTHING,
    TEXT,
    TIMESTAMP,
    UNTYPED,
    WHOLE,
    Group,
    Operand,
    compare,
)
from veil.oracle.results import as_results, common_type
from veil.oracle.values import EXACT, MOST_DIGITS, at_utc, carries, digits_of, rounded

_GROUPS = {
    Takes.TEXT: Group.TEXT,
    Takes.UNIT: Group.TEXT,
    Takes.MOMENT: Group.MOMENT,
    Takes.NUMBER: Group.NUMBER,
    Takes.INTEGER: Group.NUMBER,
    Takes.COUNT: Group.NUMBER,
    Takes.ORDINAL: Group.NUMBER,
    Takes.DIGITS: Group.NUMBER,
    Takes.WIDTH: Group.NUMBER,
    Takes.FILL: Group.TEXT,
    Takes.CHARACTERS: Group.TEXT,
}


def call(name: str, arguments: Sequence[Operand], now: datetime) -> Operand:
    """The result of the function of this canonical name; `now` is what GETDATE gives, in whole
    seconds.
    """
    if name == "getdate":
        return Operand(at_utc(now).replace(microsecond=0), TIMESTAMP)
    if name in _GENERAL:
        return _GENERAL[name](arguments)
    kind, compute = _PLAIN[name]
    if not _are_taken(name, arguments):
        return NOTHING
    values = [at_utc(each.value) if isinstance(each.value, date) else each.value for each in arguments]
    extent = _LENGTHS[name](arguments) if name in _LENGTHS and UNTYPED not in arguments else None
    return Operand(None if None in values else compute(*values), kind, extent=extent)


def is_about_texts(name: str) -> bool:
    """Whether a function makes texts of texts, whose lengths count together."""
    return name in _LENGTHS or name in ("coalesce", "nullif", "greatest", "least")


def _are_taken(name: str, arguments: Sequence[Operand]) -> bool:
    """Whether every argument is of the type that its parameter takes, or an untyped NULL."""
    wanted = [_GROUPS[takes] for takes in ALLOWED[name].parameters[: len(arguments)]]
    return all(each.type is None or each.group is group for each, group in zip(arguments, wanted, strict=True))


def _each(change: Callable[[str], str], value: str) -> str:
    """Every character changed by itself; one that would become several, as ß does, stays."""
    return "".join(new if len(new := change(old)) == 1 else old for old in value)


def _split_part(value: str, delimiter: str, place: int) -> str:
    parts = value.split(delimiter) if delimiter else [value]
    return parts[place - 1] if place <= len(parts) else ""


def _substring(value: str, start: int, length: int | None = None) -> str:
    return value[start - 1 :] if length is None else value[start - 1 : start - 1 + length]


def _padding(value: str, width: int, fill: str) -> str:
    return (fill * width)[: max(0, width - len(value))]


def _lpad(value: str, width: int, fill: str = " ") -> str:
    return _padding(value, width, fill) + value[:width]


def _rpad(value: str, width: int, fill: str = " ") -> str:
    return value[:width] + _padding(value, width, fill)


def _translate(value: str, old: str, new: str) -> str:
    return value.translate(str.maketrans(old[: len(new)], new, old[len(new) :]))


def _integral(decimals: str, floating: Callable[[float], float]) -> Callable[[Sequence[Operand]], Operand]:
    """FLOOR, CEIL and ROUND to integers."""

    def calling(arguments: Sequence[Operand]) -> Operand:
        operand = arguments[0]
        if len(arguments) > 1:
            return _round_to(operand, arguments[1].value)
        if operand.group is not Group.NUMBER:
            return NOTHING
        if is_whole(operand):
            return operand
        if is_float(operand):
            return Operand(floating(operand.value) if isinstance(operand.value, float) else None, DOUBLE)
        return exactly_rounded(operand, 0) if decimals == ROUND_HALF_UP else _to_integral(operand, decimals)

    return calling


def _to_integral(operand: Operand, decimals: str) -> Operand:
    """A NUMERIC of all 38 digits that could get another is NULL."""
    assert operand.type is not None
    scale = operand.type.scale or 0
    digits = min(digits_of(operand.type) + 1, MOST_DIGITS - scale)
    value = operand.value
    if not isinstance(value, Decimal) or carries(value, -1, operand.type, Decimal(1)):
        return exact(None, digits, 0)
    whole = value.quantize(Decimal(1), rounding=decimals, context=EXACT)
    # NUMERIC knows no negative zero, which Decimal makes of CEIL(-0.5).
    return exact(whole if whole else whole.copy_abs(), digits, 0)


def _round_to(operand: Operand, places: Any) -> Operand:
    """ROUND to decimals, or to tens, hundreds and so on: integers stay integers, and are NULL out
    of BIGINT's range.
    """
    if operand.group is not Group.NUMBER or is_float(operand) or not isinstance(places, int):
        return NOTHING
    if not is_whole(operand):
        return exactly_rounded(operand, places)
    if places >= 0:
        return operand
    if not isinstance(operand.value, int):
        return Operand(None, WHOLE)
    whole = int(rounded(Decimal(operand.value), places))
    return Operand(whole if -(2**63) <= whole < 2**63 else None, WHOLE)


def _half_away(value: float) -> float:
    whole = floor(abs(Fraction(value)) + Fraction(1, 2))
    return float(whole if value >= 0 else -whole)


def _abs(arguments: Sequence[Operand]) -> Operand:
    """The number without its sign; the smallest BIGINT has none without."""
    operand = arguments[0]
    if operand == UNTYPED or operand.group is not Group.NUMBER:
        return operand if operand == UNTYPED else NOTHING
    value = operand.value
    if is_whole(operand):
        return Operand(abs(value) if isinstance(value, int) and value != -(2**63) else None, WHOLE)
    if isinstance(value, float):
        return Operand(abs(value), operand.type)
    return Operand(value.copy_abs() if isinstance(value, Decimal) else None, operand.type, computed=True)


def _coalesce(arguments: Sequence[Operand]) -> Operand:
    results = as_results(arguments)
    return next((each for each in results if each.value is not None), results[-1])


def _nullif(arguments: Sequence[Operand]) -> Operand:
    """NULL where both are equal as `=` compares them; what cannot be compared is kept closed, as
    NULL.
    """
    left, right = arguments
    if common_type(arguments) is None:
        return NOTHING
    kept = right.value is None or compare("=", left, right) is False
    nullif = Operand(left.value if kept else None, DOUBLE if is_float(left) else left.type, computed=True)
    if left.group is not Group.TEXT:
        return nullif
    return replace(nullif, type=TEXT, extent=after(left.length, [right.length]))


def _greatest(arguments: Sequence[Operand]) -> Operand:
    return _extreme(arguments, lambda each, chosen: compare(">", each, chosen) is True)


def _least(arguments: Sequence[Operand]) -> Operand:
    return _extreme(arguments, lambda each, chosen: compare("<", each, chosen) is True)


def _extreme(arguments: Sequence[Operand], better: Callable[[Operand, Operand], bool]) -> Operand:
    """GREATEST and LEAST pass over NULLs."""
    chosen, *others = as_results(arguments)
    for each in others:
        if each.value is not None and (chosen.value is None or better(each, chosen)):
            chosen = each
    return chosen


def _same(arguments: Sequence[Operand]) -> Length:
    text, *others = arguments
    return after(text.length, [each.length for each in others if each.group is Group.TEXT])


def _cut(arguments: Sequence[Operand]) -> Length:
    return cut(arguments[0].length, BYTES_OF_CHARACTER * int(arguments[-1].value))  # type: ignore[arg-type]


def _part(arguments: Sequence[Operand]) -> Length:
    return _cut(arguments) if len(arguments) == 3 else arguments[0].length


def _exchanged(arguments: Sequence[Operand]) -> Length:
    text, old, new = (each.length for each in arguments)
    return after(replaced(text, new), [old])


def _padded(arguments: Sequence[Operand]) -> Length:
    return filled(arguments[0].length, BYTES_OF_CHARACTER * int(arguments[1].value))  # type: ignore[arg-type]


_LENGTHS: dict[str, Callable[[Sequence[Operand]], Length]] = {
    **dict.fromkeys(("lower", "upper", "btrim", "ltrim", "rtrim", "split_part", "translate"), _same),
    "left": _cut,
    "right": _cut,
    "substring": _part,
    "replace": _exchanged,
    "lpad": _padded,
    "rpad": _padded,
}
_PLAIN: dict[str, tuple[ColumnType, Callable[..., Any]]] = {
    "lower": (TEXT, lambda value: _each(str.lower, value)),
    "upper": (TEXT, lambda value: _each(str.upper, value)),
    "btrim": (TEXT, lambda value, characters=" ": value.strip(characters) if characters else value),
    "ltrim": (TEXT, lambda value, characters=" ": value.lstrip(characters) if characters else value),
    "rtrim": (TEXT, lambda value, characters=" ": value.rstrip(characters) if characters else value),
    "left": (TEXT, lambda value, count: value[:count]),
    "right": (TEXT, lambda value, count: value[max(0, len(value) - count) :]),
    "substring": (TEXT, _substring),
    "replace": (TEXT, lambda value, old, new: value.replace(old, new) if old else value),
    "split_part": (TEXT, _split_part),
    "lpad": (TEXT, _lpad),
    "rpad": (TEXT, _rpad),
    "translate": (TEXT, _translate),
    "length": (INTEGER, len),
    "strpos": (INTEGER, lambda value, sought: value.find(sought) + 1),
    "date_trunc": (TIMESTAMP, calendar.start_of),
    "dateadd": (TIMESTAMP, calendar.add),
    "datediff": (WHOLE, calendar.boundaries),
    "date_part": (INTEGER, calendar.part),
    "last_day": (DATE, calendar.last_day),
}
_GENERAL: dict[str, Callable[[Sequence[Operand]], Operand]] = {
    "abs": _abs,
    "floor": _integral(ROUND_FLOOR, lambda value: float(floor(value))),
    "ceil": _integral(ROUND_CEILING, lambda value: float(ceil(value))),
    "round": _integral(ROUND_HALF_UP, _half_away),
    "mod": lambda arguments: calculate("%", *arguments),
    "coalesce": _coalesce,
    "nullif": _nullif,
    "greatest": _greatest,
    "least": _least,
}

EVALUATED = frozenset((*_PLAIN, *_GENERAL))
"""The functions that are evaluated here: all but GETDATE, which is the moment of the query."""

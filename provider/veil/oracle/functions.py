"""The allow-listed functions, as Redshift and PostgreSQL both compute them.

NULL where an argument is NULL, unless the function is about NULLs, and where an argument is not of the type it takes.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Any

from veil.language.functions import ALLOWED, Takes
from veil.model import ColumnType
from veil.oracle import calendar
from veil.oracle.arithmetic import calculate, is_float, is_whole, negative
from veil.oracle.operands import DOUBLE, NOTHING, TEXT, TIMESTAMP, UNSCALED, UNTYPED, WHOLE, Group, Operand, compare
from veil.oracle.results import as_result, common_type
from veil.oracle.values import EXACT, at_utc

_ZERO = Operand(0, WHOLE)
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
    """The result of the function of this canonical name; `now` is what GETDATE gives, in whole seconds."""
    if name == "getdate":
        return Operand(at_utc(now).replace(microsecond=0), TIMESTAMP)
    if name in _GENERAL:
        return _GENERAL[name](arguments)
    kind, compute = _PLAIN[name]
    if not _are_taken(name, arguments):
        return NOTHING
    values = [at_utc(each.value) if isinstance(each.value, date) else each.value for each in arguments]
    return Operand(None if None in values else compute(*values), kind)


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


def _to_zeros(operand: Operand, places: int) -> Operand:
    """ROUND to tens, hundreds and so on: whole numbers stay whole, and are NULL out of BIGINT's range."""
    if operand.value is None:
        return operand if is_whole(operand) else Operand(None, UNSCALED)
    rounded = Decimal(operand.value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP, context=EXACT)  # type: ignore[arg-type]
    if is_whole(operand):
        whole = int(rounded)
        return Operand(whole if -(2**63) <= whole < 2**63 else None, WHOLE)
    return Operand(Decimal(int(rounded)), UNSCALED)


def _rounding(decimals: str, floating: Callable[[float], float]) -> Callable[[Sequence[Operand]], Operand]:
    """FLOOR, CEIL and ROUND: to a number of decimals, 0 unless given."""

    def calling(arguments: Sequence[Operand]) -> Operand:
        operand = arguments[0]
        places = arguments[1].value if len(arguments) > 1 else 0
        if operand.group is not Group.NUMBER or not isinstance(places, int):
            return NOTHING
        if is_float(operand) and len(arguments) > 1:
            return NOTHING
        if places < 0:
            return _to_zeros(operand, places)
        if is_whole(operand):
            return operand
        if is_float(operand):
            return Operand(floating(operand.value) if isinstance(operand.value, float) else None, DOUBLE)
        if not isinstance(operand.value, Decimal | int):
            return Operand(None, UNSCALED)
        unit = Decimal(1).scaleb(-places)
        whole = Decimal(operand.value).quantize(unit, rounding=decimals, context=EXACT)
        # NUMERIC knows no negative zero, which Decimal makes of CEIL(-0.5).
        return Operand(whole if whole else whole.copy_abs(), UNSCALED)

    return calling


def _half_away(value: float) -> float:
    whole = floor(abs(Fraction(value)) + Fraction(1, 2))
    return float(whole if value >= 0 else -whole)


def _abs(arguments: Sequence[Operand]) -> Operand:
    operand = arguments[0]
    negated = negative(operand)
    return negated if operand.value is None or compare("<", operand, negated) else calculate("+", operand, _ZERO)


def _coalesce(arguments: Sequence[Operand]) -> Operand:
    chosen = next((each for each in arguments if each.value is not None), UNTYPED)
    return as_result(chosen, common_type(arguments))


def _nullif(arguments: Sequence[Operand]) -> Operand:
    """NULL where both are equal as `=` compares them; what cannot be compared is kept closed, as NULL."""
    left, right = arguments
    if common_type(arguments) is None:
        return NOTHING
    kept = right.value is None or compare("=", left, right) is False
    return as_result(left if kept else UNTYPED, left.type)


def _greatest(arguments: Sequence[Operand]) -> Operand:
    return _extreme(arguments, lambda each, chosen: compare(">", each, chosen) is True)


def _least(arguments: Sequence[Operand]) -> Operand:
    return _extreme(arguments, lambda each, chosen: compare("<", each, chosen) is True)


def _extreme(arguments: Sequence[Operand], better: Callable[[Operand, Operand], bool]) -> Operand:
    """GREATEST and LEAST pass over NULLs."""
    chosen = UNTYPED
    for each in arguments:
        if each.value is not None and (chosen.value is None or better(each, chosen)):
            chosen = each
    return as_result(chosen, common_type(arguments))


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
    "length": (WHOLE, len),
    "strpos": (WHOLE, lambda value, sought: value.find(sought) + 1),
    "date_trunc": (TIMESTAMP, calendar.start_of),
    "dateadd": (TIMESTAMP, calendar.add),
    "datediff": (WHOLE, calendar.boundaries),
    "date_part": (WHOLE, calendar.part),
}
_GENERAL: dict[str, Callable[[Sequence[Operand]], Operand]] = {
    "abs": _abs,
    "floor": _rounding(ROUND_FLOOR, lambda value: float(floor(value))),
    "ceil": _rounding(ROUND_CEILING, lambda value: float(ceil(value))),
    "round": _rounding(ROUND_HALF_UP, _half_away),
    "mod": lambda arguments: calculate("%", *arguments),
    "coalesce": _coalesce,
    "nullif": _nullif,
    "greatest": _greatest,
    "least": _least,
}

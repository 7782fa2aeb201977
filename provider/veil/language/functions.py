"""The SQL functions of the language: those that mean the same on Redshift and on PostgreSQL.

Left out are functions whose result depends on more than their arguments (RANDOM, CURRENT_SETTING,
…), that read across rows, that run only on Redshift's leader node (NOW), or that the two engines
read differently (regular expressions, TO_CHAR). Counts and units are literals, so that no row's
data can make a call fail: a failure would tell something about a hidden row.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from veil.language.value_types import ValueType


class Takes(StrEnum):
    """What may stand for one argument."""

    TEXT = "a string"
    NUMBER = "a number"
    MOMENT = "a date or a timestamp"
    VALUE = "a value"
    UNIT = "a unit of time"
    """A word or string literal out of `Signature.units`; a `Text` in lower case in the tree."""
    INTEGER = "an integer"
    """A literal, perhaps negative."""
    COUNT = "an integer from 0"
    """A literal."""
    ORDINAL = "an integer from 1"
    """A literal."""
    DIGITS = "an integer from -37 to 37"
    """A literal: decimals, or zeros before the point where it is negative."""
    WIDTH = "an integer from 0 to 16383"
    """A literal: so many characters fit in the longest VARCHAR, whatever they are."""
    FILL = "a string in single quotes, of one character or more"
    """A literal."""
    CHARACTERS = "ASCII characters in single quotes"
    """A literal."""


@dataclass(frozen=True, slots=True)
class Signature:
    """A function: its canonical name, what it takes and gives: None for the type that its arguments
    have in common.

    `parameters` beyond `required` are optional; with `repeats` the last one may come any number of
    times. A `built_in` is SQL's own function of the name, on both engines and of these arguments:
    the compiler calls it, and the probe of what a cluster has asks for it, by this declaration
    alone. The size of every text and number is bounded, and by this one's declaration too: it gives
    a string no longer than its first argument, an INTEGER, a date or a timestamp.
    """

    name: str
    parameters: tuple[Takes, ...]
    gives: ValueType | None
    required: int
    repeats: bool = False
    units: tuple[str, ...] = ()
    built_in: bool = False

    @property
    def usage(self) -> str:
        """How a call is written, for messages: `SUBSTRING(a string, an integer from 1[, …])`."""
        needed = [str(each) for each in self.parameters[: self.required]]
        optional = "".join(f"[, {each}]" for each in self.parameters[self.required :])
        return f"{self.name.upper()}({', '.join(needed)}{optional}{', …' if self.repeats else ''})"


_CLOCK = ("hour", "minute", "second")
_CALENDAR = ("year", "quarter", "month", "week", "day")

UNIT_SYNONYMS: Mapping[str, str] = {f"{unit}s": unit for unit in (*_CALENDAR, *_CLOCK)} | {"dayofyear": "doy"}

_T, _N, _M, _V, _U = Takes.TEXT, Takes.NUMBER, Takes.MOMENT, Takes.VALUE, Takes.UNIT


def _plain(
    name: str, *parameters: Takes, gives: ValueType | None, required: int | None = None, repeats: bool = False
) -> Signature:
    return Signature(name, parameters, gives, len(parameters) if required is None else required, repeats)


_SIGNATURES = (
    _plain("lower", _T, gives=ValueType.TEXT),
    _plain("upper", _T, gives=ValueType.TEXT),
    _plain("btrim", _T, _T, gives=ValueType.TEXT, required=1),
    _plain("ltrim", _T, _T, gives=ValueType.TEXT, required=1),
    _plain("rtrim", _T, _T, gives=ValueType.TEXT, required=1),
    _plain("left", _T, Takes.COUNT, gives=ValueType.TEXT),
    _plain("right", _T, Takes.COUNT, gives=ValueType.TEXT),
    _plain("substring", _T, Takes.ORDINAL, Takes.COUNT, gives=ValueType.TEXT, required=2),
    _plain("replace", _T, _T, _T, gives=ValueType.TEXT),
    _plain("split_part", _T, _T, Takes.ORDINAL, gives=ValueType.TEXT),
    _plain("lpad", _T, Takes.WIDTH, Takes.FILL, gives=ValueType.TEXT, required=2),
    _plain("rpad", _T, Takes.WIDTH, Takes.FILL, gives=ValueType.TEXT, required=2),
    _plain("translate", _T, Takes.CHARACTERS, Takes.CHARACTERS, gives=ValueType.TEXT),
    _plain("length", _T, gives=ValueType.INTEGER),
    _plain("strpos", _T, _T, gives=ValueType.INTEGER),
    _plain("abs", _N, gives=ValueType.NUMBER),
    _plain("floor", _N, gives=ValueType.NUMBER),
    _plain("ceil", _N, gives=ValueType.NUMBER),
    _plain("round", _N, Takes.DIGITS, gives=ValueType.NUMBER, required=1),
    _plain("mod", _N, _N, gives=ValueType.NUMBER),
    _plain("coalesce", _V, _V, gives=None, repeats=True),
    _plain("nullif", _V, _V, gives=None),
    _plain("greatest", _V, _V, gives=None, repeats=True),
    _plain("least", _V, _V, gives=None, repeats=True),
    _plain("getdate", gives=ValueType.TIMESTAMP),
    Signature("date_trunc", (_U, _M), ValueType.TIMESTAMP, 2, units=(*_CALENDAR, *_CLOCK)),
    Signature("dateadd", (_U, Takes.INTEGER, _M), ValueType.TIMESTAMP, 3, units=(*_CALENDAR, *_CLOCK)),
    # Weeks are left out: the engines do not agree on the day a week of DATEDIFF begins.
    Signature("datediff", (_U, _M, _M), ValueType.INTEGER, 3, units=("year", "quarter", "month", "day", *_CLOCK)),
    # Seconds carry a fraction on one engine only.
    Signature(
        "date_part",
        (_U, _M),
        ValueType.INTEGER,
        2,
        units=("year", "quarter", "month", "day", "hour", "minute", "dow", "doy"),
    ),
    # Source: Amazon Redshift Database Developer Guide, "LAST_DAY function": a DATE, whatever it is
    # of.
    Signature("last_day", (_M,), ValueType.DATE, 1, built_in=True),
)

_SYNONYMS = {
    "trim": "btrim",
    "len": "length",
    "char_length": "length",
    "character_length": "length",
    "position": "strpos",
    "charindex": "strpos",
    "substr": "substring",
    "ceiling": "ceil",
    "nvl": "coalesce",
    "sysdate": "getdate",
    "extract": "date_part",
}

ALLOWED: Mapping[str, Signature] = {each.name: each for each in _SIGNATURES} | {
    synonym: next(each for each in _SIGNATURES if each.name == name) for synonym, name in _SYNONYMS.items()
}
"""Every accepted spelling, in lower case, with its signature. `Signature.name` is the canonical
name, which is the one in the tree. `position` and `charindex` take their arguments in the other
order; the tree holds them in `strpos`'s.
"""

BUILT_IN = frozenset(each.name for each in _SIGNATURES if each.built_in)
"""The canonical names of those that are called as they are written."""

SWAPPED = frozenset({"position", "charindex"})
"""Synonyms whose two arguments come in the other order."""

SHORTHANDS: Mapping[str, str] = {
    "concat": "CONCAT(a, b, …)",
    "nvl2": "NVL2(x, if not NULL, if NULL)",
    "decode": "DECODE(x, value, result, …[, otherwise])",
    "current_date": "CURRENT_DATE",
    "convert_timezone": "CONVERT_TIMEZONE(['source zone', ]'target zone', a date or a timestamp)",
}
"""Calls that stand for other forms of the language, and how each is written. None of them is in a
tree.
"""

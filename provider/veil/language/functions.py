"""The SQL functions of the language: those that mean the same on Redshift and on PostgreSQL.

Left out are functions whose result depends on more than their arguments (RANDOM, CURRENT_SETTING, …), that read
across rows, that run only on Redshift's leader node (SUBSTR, NOW), or that the two engines read differently (CONCAT and
NULL, regular expressions, TO_CHAR). Counts and units are literals, so that no row's data can make a call fail: a
failure would tell something about a hidden row.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Takes(StrEnum):
    """What may stand for one argument."""

    TEXT = "a text"
    NUMBER = "a number"
    MOMENT = "a date or a timestamp"
    VALUE = "a value"
    UNIT = "a unit of time"
    """A word or text literal out of `Signature.units`; a `Text` in lower case in the tree."""
    INTEGER = "a whole number"
    """A literal, perhaps negative."""
    COUNT = "a whole number from 0"
    """A literal."""
    ORDINAL = "a whole number from 1"
    """A literal."""


class Gives(StrEnum):
    """What a call results in."""

    TEXT = "text"
    NUMBER = "number"
    INTEGER = "integer"
    TIMESTAMP = "timestamp"
    SAME = "the type its arguments have in common"


@dataclass(frozen=True, slots=True)
class Signature:
    """A function: its canonical name, what it takes and gives.

    `parameters` beyond `required` are optional; with `repeats` the last one may come any number of times.
    """

    name: str
    parameters: tuple[Takes, ...]
    gives: Gives
    required: int
    repeats: bool = False
    units: tuple[str, ...] = ()

    @property
    def usage(self) -> str:
        """How a call is written, for messages: `SUBSTRING(a text, a whole number from 1[, …])`."""
        needed = [str(each) for each in self.parameters[: self.required]]
        optional = "".join(f"[, {each}]" for each in self.parameters[self.required :])
        return f"{self.name.upper()}({', '.join(needed)}{optional}{', …' if self.repeats else ''})"


_CLOCK = ("hour", "minute", "second")
_CALENDAR = ("year", "quarter", "month", "week", "day")

UNIT_SYNONYMS: Mapping[str, str] = {f"{unit}s": unit for unit in (*_CALENDAR, *_CLOCK)} | {"dayofyear": "doy"}

_T, _N, _M, _V, _U = Takes.TEXT, Takes.NUMBER, Takes.MOMENT, Takes.VALUE, Takes.UNIT


def _plain(
    name: str, *parameters: Takes, gives: Gives, required: int | None = None, repeats: bool = False
) -> Signature:
    return Signature(name, parameters, gives, len(parameters) if required is None else required, repeats)


_SIGNATURES = (
    _plain("lower", _T, gives=Gives.TEXT),
    _plain("upper", _T, gives=Gives.TEXT),
    _plain("btrim", _T, _T, gives=Gives.TEXT, required=1),
    _plain("ltrim", _T, _T, gives=Gives.TEXT, required=1),
    _plain("rtrim", _T, _T, gives=Gives.TEXT, required=1),
    _plain("left", _T, Takes.COUNT, gives=Gives.TEXT),
    _plain("right", _T, Takes.COUNT, gives=Gives.TEXT),
    _plain("substring", _T, Takes.ORDINAL, Takes.COUNT, gives=Gives.TEXT, required=2),
    _plain("replace", _T, _T, _T, gives=Gives.TEXT),
    _plain("split_part", _T, _T, Takes.ORDINAL, gives=Gives.TEXT),
    _plain("length", _T, gives=Gives.INTEGER),
    _plain("strpos", _T, _T, gives=Gives.INTEGER),
    _plain("abs", _N, gives=Gives.NUMBER),
    _plain("floor", _N, gives=Gives.NUMBER),
    _plain("ceil", _N, gives=Gives.NUMBER),
    _plain("round", _N, Takes.COUNT, gives=Gives.NUMBER, required=1),
    _plain("mod", _N, _N, gives=Gives.NUMBER),
    _plain("coalesce", _V, _V, gives=Gives.SAME, repeats=True),
    _plain("nullif", _V, _V, gives=Gives.SAME),
    _plain("greatest", _V, _V, gives=Gives.SAME, repeats=True),
    _plain("least", _V, _V, gives=Gives.SAME, repeats=True),
    _plain("getdate", gives=Gives.TIMESTAMP),
    Signature("date_trunc", (_U, _M), Gives.TIMESTAMP, 2, units=(*_CALENDAR, *_CLOCK)),
    Signature("dateadd", (_U, Takes.INTEGER, _M), Gives.TIMESTAMP, 3, units=(*_CALENDAR, *_CLOCK)),
    # Weeks are left out: the engines do not agree on the day a week of DATEDIFF begins.
    Signature("datediff", (_U, _M, _M), Gives.INTEGER, 3, units=("year", "quarter", "month", "day", *_CLOCK)),
    # Seconds carry a fraction on one engine only.
    Signature(
        "date_part",
        (_U, _M),
        Gives.INTEGER,
        2,
        units=("year", "quarter", "month", "day", "hour", "minute", "dow", "doy"),
    ),
)

_SYNONYMS = {
    "trim": "btrim",
    "len": "length",
    "char_length": "length",
    "character_length": "length",
    "position": "strpos",
    "ceiling": "ceil",
    "nvl": "coalesce",
    "sysdate": "getdate",
    "extract": "date_part",
}

ALLOWED: Mapping[str, Signature] = {each.name: each for each in _SIGNATURES} | {
    synonym: next(each for each in _SIGNATURES if each.name == name) for synonym, name in _SYNONYMS.items()
}
"""Every accepted spelling, in lower case, with its signature. `Signature.name` is the canonical name, which is the
one in the tree. `position` takes its arguments in the other order; the tree holds them in `strpos`'s."""

SWAPPED = frozenset({"position"})
"""Synonyms whose two arguments come in the other order."""

_AGGREGATE = "An expression sees one row at a time."
_REGEX = "Use LIKE here, or mask = { regex = { … } } to mask by a regular expression."
_VOLATILE = (
    "A policy decides the same for the same row every time. To show a share of the rows, use show = { percent = … }."
)

ADVICE: Mapping[str, str] = {
    **dict.fromkeys(("count", "sum", "avg", "min", "max", "listagg", "median", "row_number", "rank"), _AGGREGATE),
    **dict.fromkeys(("regexp_replace", "regexp_substr", "regexp_instr", "regexp_count"), _REGEX),
    **dict.fromkeys(("md5", "sha", "sha1", "sha2", "fnv_hash", "crc32"), "Use mask = { hash = {} }, which is salted."),
    **dict.fromkeys(("random", "rand", "uuid", "gen_random_uuid"), _VOLATILE),
    **dict.fromkeys(("now", "current_timestamp", "current_date"), "Write GETDATE(), which is UTC."),
    **dict.fromkeys(
        ("current_setting", "set_config"), "Users can change settings. Test the user: @hasAttribute('name', 'value')."
    ),
    "user_is_member_of": "Write @isInGroups('group').",
    "substr": "Write SUBSTRING(text, start, length).",
    "charindex": "Write STRPOS(text, sought).",
    "concat": "Write a || b.",
    "isnull": "Write COALESCE(a, b).",
    "ifnull": "Write COALESCE(a, b).",
    **dict.fromkeys(("nvl2", "decode", "if", "iff"), "Write CASE WHEN condition THEN a ELSE b END."),
    **dict.fromkeys(("convert", "try_cast", "to_date", "to_number", "to_timestamp"), "Write CAST(x AS type)."),
    "to_char": "Write CAST(x AS VARCHAR(n)), DATE_TRUNC('month', x) or DATE_PART('year', x).",
    "date_add": "Write DATEADD(day, 30, x).",
    "add_months": "Write DATEADD(month, 1, x).",
    "date_diff": "Write DATEDIFF(day, a, b).",
}
"""What to write instead of well-known functions that are not allowed."""

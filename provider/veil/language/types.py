"""The data types that CAST and `::` may name."""

from collections.abc import Mapping
from dataclasses import dataclass

from veil.language.errors import did_you_mean
from veil.language.value_types import ValueType


@dataclass(frozen=True, slots=True)
class CastType:
    """A data type by its standard name, which is also its name in `veil.model.Family`, and the type
    of its values.

    `defaults` are the length, or the precision and scale, that Redshift takes where none is written
    (Amazon Redshift Developer Guide, "Character types" and "Numeric types"); they are filled in, so
    that every engine reads the same. Empty for types without arguments. `limits` are their largest
    values.
    """

    name: str
    gives: ValueType
    defaults: tuple[int, ...] = ()
    limits: tuple[int, ...] = ()


_SMALLINT = CastType("smallint", ValueType.INTEGER)
_INTEGER = CastType("integer", ValueType.INTEGER)
_BIGINT = CastType("bigint", ValueType.INTEGER)
_NUMERIC = CastType("numeric", ValueType.NUMERIC, (18, 0), (38, 37))
_REAL = CastType("real", ValueType.DOUBLE)
_DOUBLE = CastType("double precision", ValueType.DOUBLE)
_BOOLEAN = CastType("boolean", ValueType.BOOLEAN)
_CHAR = CastType("character", ValueType.TEXT, (1,), (4096,))
_VARCHAR = CastType("character varying", ValueType.TEXT, (256,), (65535,))
_DATE = CastType("date", ValueType.DATE)
_TIMESTAMP = CastType("timestamp without time zone", ValueType.TIMESTAMP)

CASTABLE: Mapping[str, CastType] = {
    **dict.fromkeys(("smallint", "int2"), _SMALLINT),
    **dict.fromkeys(("integer", "int", "int4"), _INTEGER),
    **dict.fromkeys(("bigint", "int8"), _BIGINT),
    **dict.fromkeys(("numeric", "decimal"), _NUMERIC),
    **dict.fromkeys(("real", "float4"), _REAL),
    **dict.fromkeys(("double precision", "float8", "float"), _DOUBLE),
    **dict.fromkeys(("boolean", "bool"), _BOOLEAN),
    **dict.fromkeys(("character", "char", "nchar"), _CHAR),
    **dict.fromkeys(("character varying", "varchar", "nvarchar", "text"), _VARCHAR),
    "date": _DATE,
    **dict.fromkeys(("timestamp without time zone", "timestamp"), _TIMESTAMP),
}
"""Every accepted spelling, in lower case with single spaces. Types with a time zone are left out:
what they give depends on the session's zone.
"""

LONGEST_SPELLING = 4
"""How many words the longest spelling has."""

_ZONED = "A value with a time zone would depend on the session's zone. Use TIMESTAMP, which is UTC here."
_ADVICE: Mapping[str, str] = {
    **dict.fromkeys(("timestamptz", "timetz", "time", "timestamp with time zone"), _ZONED),
    "string": "Write VARCHAR(n).",
    "number": "Write NUMERIC(p, s).",
    "bpchar": "Write CHAR(n).",
}


def problem_with_arguments(cast_type: CastType, arguments: tuple[int, ...]) -> str | None:
    """Why a type cannot have these arguments, or None where it can."""
    if len(arguments) > len(cast_type.defaults):
        return (
            f"{cast_type.name.upper()} takes {('no length', 'a length only', 'two numbers')[len(cast_type.defaults)]}."
        )
    for value, limit in zip(arguments, cast_type.limits, strict=False):
        if value > limit:
            return f"{cast_type.name.upper()} allows {limit} at most."
    if arguments and arguments[0] < 1:
        return f"{cast_type.name.upper()} needs 1 at least."
    if len(arguments) == 2 and arguments[1] > arguments[0]:
        return "The scale is larger than the precision."
    return None


def advice_about(spelling: str) -> str:
    """What to write instead of a type that is not castable."""
    known = _ADVICE.get(spelling) or did_you_mean(spelling.upper(), (each.upper() for each in CASTABLE))
    return (
        known
        or "Allowed are the integer types, NUMERIC, REAL, DOUBLE PRECISION, BOOLEAN, CHAR, VARCHAR, DATE, TIMESTAMP."
    )

"""Casts that give NULL where the value does not fit, and never an error that would print it.

CASE decides before it casts: both engines evaluate a branch only where its condition holds.
"""

from decimal import Decimal

from veil.compiler.building import FALSE, NULL, TRUE, call, case, cast, disjunction, infix, integer, where
from veil.compiler.sql import Between, In, NumberLiteral, Sql, TextLiteral
from veil.compiler.values import (
    INTEGER_BITS,
    Value,
    as_text,
    as_timestamp,
    at_utc,
    canonical_text,
    null_of,
    read_column,
)
from veil.model import ColumnType, Family
from veil.policy.shapes import Shape, shape_of

_LARGEST_REAL = NumberLiteral("3.4028234e38")
_SMALLEST_REAL = NumberLiteral("1.2e-38")
_YES, _NO = ("true", "t", "yes", "y", "1"), ("false", "f", "no", "n", "0")
_WHOLE = "^[+-]?[0-9]{1,37}$"
_FLOAT = "^[+-]?([0-9]{1,38}[.]?[0-9]{0,37}|[.][0-9]{1,37})([eE][+-]?[0-9]{1,2})?$"
_DAY = (
    "((([0-9]{3}[1-9]|[0-9]{2}[1-9][0-9]|[0-9][1-9][0-9]{2}|[1-9][0-9]{3})-"
    "((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8])))"
    "|(([0-9]{2}(0[48]|[2468][048]|[13579][26])|(0[48]|[2468][048]|[13579][26])00)-02-29))"
)
"""The days of the years 1 to 9999, leap days where they are, so that a cast of a text that matches cannot fail."""
_TIME = "([ T]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?)?"


def guarded_cast(value: Value, target: ColumnType) -> Value:
    """The value as the type: texts are read or cut, numbers rounded half away from zero; NULL where it cannot be."""
    shape = shape_of(target)
    if value.is_null:
        return null_of(shape)
    if shape is Shape.TEXT:
        return read_column(_cut_text(value, target), target)
    if value.shape in (Shape.TEXT, Shape.ANY):
        return _typed(_read_text(value, target), target)
    if shape.is_number:
        return _typed(number_as(value.sql, value.shape, target), target)
    if shape is Shape.DATE:
        return Value(cast(value.sql, target), shape)
    return as_timestamp(value) if shape is Shape.TIMESTAMP else value


def _cut_text(value: Value, target: ColumnType) -> Sql:
    if value.shape not in (Shape.TEXT, Shape.ANY):
        return cast(canonical_text(value), target)
    text = as_text(value)
    cut = cast(text, target)
    return where(_is_single_byte(text), cut) if target.family is Family.CHAR else cut


def _typed(sql: Sql, target: ColumnType) -> Value:
    bits = INTEGER_BITS.get(target.family, 63)
    return Value(sql, shape_of(target), wide=target.family is Family.BIGINT, scale=target.scale, bits=bits)


def as_column(value: Value, target: ColumnType) -> Sql:
    """The value as a column shows it: a text only where it fits, else NULL; never cut."""
    if value.is_null:
        return NULL
    if value.shape is Shape.TEXT:
        fitting = fitting_text(value.sql, target)
        return where(_is_single_byte(value.sql), fitting) if target.family is Family.CHAR else fitting
    found = guarded_cast(value, target)
    return at_utc(found.sql) if target.family is Family.TIMESTAMPTZ else found.sql


def fitting_text(text: Sql, target: ColumnType) -> Sql:
    """A text, or NULL where it has more bytes than the column holds."""
    length = integer(target.length or (256 if target.family is Family.VARCHAR else 1))
    return where(infix("<=", call("octet_length", text), length), text)


def _is_single_byte(text: Sql) -> Sql:
    """Whether a CHAR can hold the text's characters: more bytes than characters make Redshift refuse the cast.

    Source: Amazon Redshift Developer Guide, "Character types".
    """
    return infix("=", call("octet_length", text), call("len", text))


def number_as(number: Sql, shape: Shape, target: ColumnType) -> Sql:
    """A number as a number type, rounded to its scale; NULL where it is out of range."""
    family = target.family
    if family is Family.DOUBLE:
        return cast(number, target)
    if family is Family.REAL:
        size = call("abs", number if shape is Shape.DOUBLE else cast(number, ColumnType(Family.DOUBLE)))
        fits = [Between(size, _SMALLEST_REAL, _LARGEST_REAL), infix("=", size, integer(0))]
        return where(disjunction(fits), cast(number, target))
    if family.is_integer:
        rounded = number if shape is Shape.INTEGER else call("round", number)
        return where(Between(rounded, *_range(family)), cast(rounded, target))
    return _as_numeric(number, shape, target)


def _as_numeric(number: Sql, shape: Shape, target: ColumnType) -> Sql:
    """ABS of the smallest whole number of a type overflows, so whole numbers become NUMERIC first."""
    if shape is Shape.INTEGER:
        number = cast(number, ColumnType(Family.NUMERIC, precision=20, scale=0))
    precision, scale = target.precision or 18, target.scale or 0
    limit = NumberLiteral(f"{Decimal(10) ** (precision - scale):f}")
    wide = ColumnType(Family.NUMERIC, precision=min(38, precision + 1), scale=scale)
    rounded = cast(number, wide) if shape is Shape.DOUBLE else call("round", number, integer(scale))
    held = where(infix("<", call("abs", rounded), limit), cast(rounded, target))
    return where(infix("<", call("abs", number), limit), held)


def _range(family: Family) -> tuple[Sql, Sql]:
    limit = 1 << INTEGER_BITS[family]
    return integer(-limit), integer(limit - 1)


def _read_text(value: Value, target: ColumnType) -> Sql:
    text = call("btrim", as_text(value))
    family = target.family
    if family is Family.BOOLEAN:
        return _read_boolean(text)
    if family is Family.DATE:
        return where(_matches(text, f"^{_DAY}$"), cast(text, target))
    if family is Family.TIMESTAMP:
        return where(_matches(text, f"^{_DAY}{_TIME}$"), cast(text, target))
    if family.is_integer:
        return _read_number(text, _WHOLE, ColumnType(Family.NUMERIC, precision=38, scale=0), target)
    if family is Family.NUMERIC:
        scale = target.scale or 0
        pattern = f"^[+-]?([0-9]{{1,{max(1, 37 - scale)}}}[.]?[0-9]{{0,37}}|[.][0-9]{{1,37}})$"
        return _read_number(text, pattern, ColumnType(Family.NUMERIC, precision=38, scale=scale), target)
    return _read_number(text, _FLOAT, ColumnType(Family.DOUBLE), target)


def _read_number(text: Sql, pattern: str, through: ColumnType, target: ColumnType) -> Sql:
    number = cast(text, through)
    return where(_matches(text, pattern), number_as(number, shape_of(through), target))


def _read_boolean(text: Sql) -> Sql:
    folded = call("lower", text)
    yes, no = (tuple(map(TextLiteral, words)) for words in (_YES, _NO))
    return case([(In(folded, yes), TRUE), (In(folded, no), FALSE)])


def _matches(text: Sql, pattern: str) -> Sql:
    return infix("~", text, TextLiteral(pattern))

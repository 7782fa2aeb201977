"""Compiled values: their SQL, what kind of value it gives, and how two of them are compared.

Values of one kind always read the same: texts without a CHAR's padding, timestamps with a time zone at UTC.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from veil.compiler.building import FALSE, NULL, TRUE, UNKNOWN, call, case, cast, infix, negation
from veil.compiler.sql import NumberLiteral, Sql, TextLiteral
from veil.language.tree import Boolean, Moment, Number, Text
from veil.model import ColumnType, Family
from veil.policy.shapes import Shape, literal_shape, shape_of

LONGEST_TEXT = ColumnType(Family.VARCHAR, length=65_535)
TIMESTAMP = ColumnType(Family.TIMESTAMP)
INTEGER_BITS = {Family.SMALLINT: 15, Family.INTEGER: 31, Family.BIGINT: 63}
_DIGITS = ColumnType(Family.VARCHAR, length=64)
_NULL_TYPES = {
    Shape.TEXT: ColumnType(Family.VARCHAR, length=1),
    Shape.INTEGER: ColumnType(Family.BIGINT),
    Shape.NUMERIC: ColumnType(Family.NUMERIC, precision=38, scale=0),
    Shape.DOUBLE: ColumnType(Family.DOUBLE),
    Shape.BOOLEAN: ColumnType(Family.BOOLEAN),
    Shape.DATE: ColumnType(Family.DATE),
    Shape.TIMESTAMP: TIMESTAMP,
}


@dataclass(frozen=True, slots=True)
class Value:
    """`trimmed` texts are known to have no trailing blanks. Whole numbers are `wide` where they are BIGINT already, and
    no larger than 2^`bits`.
    """

    sql: Sql
    shape: Shape
    trimmed: bool = False
    wide: bool = False
    scale: int | None = None
    bits: int = 63

    @property
    def is_null(self) -> bool:
        """Whether it is plainly NULL, which is then decided here and not by the warehouse."""
        return self.shape is Shape.NULL


NOTHING = Value(NULL, Shape.NULL)


def read_column(reference: Sql, column_type: ColumnType) -> Value:
    """A column's value as expressions see it."""
    shape = shape_of(column_type)
    match column_type.family:
        case Family.CHAR:
            return Value(call("rtrim", reference), shape, trimmed=True)
        case Family.TIMESTAMPTZ:
            return Value(at_utc(reference), shape)
        case Family.NUMERIC:
            return Value(reference, shape, scale=column_type.scale or 0)
        case family:
            return Value(reference, shape, wide=family is Family.BIGINT, bits=INTEGER_BITS.get(family, 63))


def at_utc(moment: Sql) -> Sql:
    """A timestamp with a time zone as a timestamp at UTC, or the other way round."""
    return infix("AT TIME ZONE", moment, TextLiteral("UTC"))


def literal_value(node: Text | Number | Boolean | Moment) -> Value:
    """A literal of the language."""
    shape = literal_shape(node)
    match node:
        case Text(value=text):
            return Value(TextLiteral(text), shape, trimmed=not text.endswith(" "))
        case Boolean(value=truth):
            return Value(TRUE if truth else FALSE, shape)
        case Moment(text=text):
            return Value(TextLiteral(text, "DATE" if shape is Shape.DATE else "TIMESTAMP"), shape)
        case Number(value=number):
            scale = max(0, -int(number.as_tuple().exponent))
            bits = int(number).bit_length()
            return Value(NumberLiteral(f"{number:f}"), shape, scale=scale, bits=bits)


def null_of(shape: Shape) -> Value:
    """NULL in the type of a shape."""
    found = _NULL_TYPES.get(shape)
    return NOTHING if found is None else Value(cast(NULL, found), shape)


def trimmed(value: Value) -> Sql:
    """A text as it is compared: without trailing blanks, which Redshift ignores and PostgreSQL does not."""
    if value.shape is Shape.ANY:
        return call("rtrim", cast(value.sql, LONGEST_TEXT))
    return value.sql if value.trimmed else call("rtrim", value.sql)


def as_text(value: Value) -> Sql:
    """A text as functions take it."""
    return cast(value.sql, LONGEST_TEXT) if value.shape is Shape.ANY else value.sql


def canonical_text(value: Value) -> Sql:
    """The one text in which a value is compared with what users hold, and hashed. NULL for NULL."""
    match value.shape:
        case Shape.TEXT | Shape.ANY:
            return trimmed(value)
        case Shape.INTEGER:
            return cast(value.sql, _DIGITS)
        case Shape.NUMERIC:
            exact = cast(value.sql, ColumnType(Family.NUMERIC, precision=38, scale=value.scale or 0))
            return cast(exact, _DIGITS)
        case Shape.BOOLEAN:
            return case([(value.sql, TextLiteral("true")), (negation(value.sql), TextLiteral("false"))])
        case Shape.DATE:
            return call("to_char", value.sql, TextLiteral("YYYY-MM-DD"))
        case Shape.TIMESTAMP:
            digits = call("to_char", value.sql, TextLiteral("YYYY-MM-DD HH24:MI:SS.US"))
            return call("rtrim", call("rtrim", digits, TextLiteral("0")), TextLiteral("."))
        case _:
            return null_of(Shape.TEXT).sql


def compare(operator: str, left: Value, right: Value) -> Sql:
    """`left operator right`, in the form that both sides have in common."""
    if left.is_null or right.is_null:
        return UNKNOWN
    left, right = align((left, right))
    return infix(operator, left.sql, right.sql)


def align(values: Sequence[Value]) -> tuple[Value, ...]:
    """Values that are compared with each other: texts trimmed, dates among timestamps at midnight."""
    shapes = {value.shape for value in values if not value.is_null}
    if Shape.TEXT in shapes:
        return tuple(_trimmed_value(value) for value in values)
    if shapes >= {Shape.DATE, Shape.TIMESTAMP}:
        return tuple(as_timestamp(value) for value in values)
    return tuple(values)


def _trimmed_value(value: Value) -> Value:
    return value if value.is_null else Value(trimmed(value), Shape.TEXT, trimmed=True)


def as_timestamp(value: Value) -> Value:
    """A date as its midnight."""
    if value.shape is not Shape.DATE:
        return value
    return Value(cast(value.sql, TIMESTAMP), Shape.TIMESTAMP)

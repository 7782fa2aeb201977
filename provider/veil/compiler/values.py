"""Compiled values: their SQL, what kind of value it gives, and how two of them are compared.

Values of one kind always read the same: texts without a CHAR's padding, timestamps with a time zone
at UTC.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import assert_never

from veil.compiler.bounds import (
    BIGINT_LIMIT,
    DOUBLE,
    EXACT,
    SMALLEST_BIGINT,
    Exact,
    Floating,
    Whole,
    double_literal,
    exact_literal,
    exact_of,
    floating_literal,
    floating_of,
    whole_literal,
    whole_of,
)
from veil.compiler.building import FALSE, NULL, TRUE, UNKNOWN, call, cast, guard, infix, integer
from veil.compiler.lengths import LONGEST, Length, fits, of_bytes, of_text
from veil.compiler.node import node
from veil.compiler.sql import Between, Case, ColumnRef, NumberLiteral, Sql, TextLiteral
from veil.language.inference import static_type
from veil.language.tree import Boolean, Moment, Number, Text
from veil.language.value_types import ValueType
from veil.model import ColumnType, Family
from veil.policy.column_types import value_type_of
from veil.policy.fitting import text_length

LOOKUP = "l"
"""The alias of a lookup's table."""

LONGEST_TEXT = ColumnType(Family.VARCHAR, length=LONGEST)
TIMESTAMP = ColumnType(Family.TIMESTAMP)
_DIGITS = ColumnType(Family.VARCHAR, length=64)
_NULL_TYPES = {
    ValueType.TEXT: ColumnType(Family.VARCHAR, length=1),
    ValueType.INTEGER: ColumnType(Family.BIGINT),
    ValueType.NUMERIC: ColumnType(Family.NUMERIC, precision=1, scale=0),
    ValueType.DOUBLE: ColumnType(Family.DOUBLE),
    ValueType.BOOLEAN: ColumnType(Family.BOOLEAN),
    ValueType.DATE: ColumnType(Family.DATE),
    ValueType.TIMESTAMP: TIMESTAMP,
}


@node
class Value:
    """`trimmed` texts are known to have no trailing spaces, `padded` is the CHAR that one was.
    `known` is what is known of a number's size, or a text's length; without it, no more than that
    its type holds it. `literal` is the number that is written here.
    """

    sql: Sql
    value_type: ValueType
    trimmed: bool = False
    known: Whole | Exact | Floating | Length | None = None
    literal: Decimal | None = None
    padded: Sql | None = None

    @property
    def is_null(self) -> bool:
        """Whether it is plainly NULL, which is then decided here and not by the warehouse."""
        return self.value_type is ValueType.NULL

    @property
    def whole(self) -> Whole:
        return self.known if isinstance(self.known, Whole) else Whole()

    @property
    def exact(self) -> Exact:
        """As a NUMERIC, which an integer is too."""
        if isinstance(self.known, Exact):
            return self.known
        return Exact(self.whole.digits) if self.value_type is ValueType.INTEGER else Exact()

    @property
    def floating(self) -> Floating:
        """As a DOUBLE, which every number is too."""
        if isinstance(self.known, Floating):
            return self.known
        if self.value_type is ValueType.INTEGER:
            return Floating(0, 64)
        return floating_of(self.exact) if self.value_type is ValueType.NUMERIC else Floating()

    @property
    def length(self) -> Length:
        return self.known if isinstance(self.known, Length) else of_text(self.sql, LONGEST)


NOTHING = Value(NULL, ValueType.NULL)


def read_column(reference: Sql, column_type: ColumnType) -> Value:
    """A column's value as expressions see it."""
    value_type, family = value_type_of(column_type), column_type.family
    if family.is_text:
        most = text_length(column_type)
        if family is Family.CHAR:
            text = call("rtrim", cast(reference, ColumnType(Family.VARCHAR, length=most)))
            return Value(text, value_type, trimmed=True, known=of_bytes(most), padded=reference)
        return Value(reference, value_type, known=of_text(reference, most))
    if family is Family.TIMESTAMPTZ:
        return Value(at_utc(reference), value_type)
    return Value(reference, value_type, known=known_of(column_type))


def type_of(value: Value) -> ColumnType:
    """The type of a value that has one for sure: not of a text, or a lookup's column."""
    if value.value_type is ValueType.INTEGER:
        return ColumnType(value.whole.family)
    return value.exact.type if value.value_type is ValueType.NUMERIC else _NULL_TYPES[value.value_type]


def known_of(column_type: ColumnType) -> Whole | Exact | Floating | None:
    """What the type of a number says of its size."""
    match column_type.family:
        case Family.NUMERIC:
            scale = column_type.scale or 0
            return Exact((column_type.precision or 18) - scale, scale)
        case Family.REAL:
            return Floating(-149, 128, single=True)
        case Family.DOUBLE:
            return Floating()
        case family:
            # No test tells an INTEGER that took the place of a SMALLINT (see `typechecks`).
            known = Family.INTEGER if family is Family.SMALLINT else family
            return whole_of(known) if family.is_integer else None


def at_utc(moment: Sql) -> Sql:
    """A timestamp with a time zone as a timestamp at UTC, or the other way round."""
    return infix("AT TIME ZONE", moment, TextLiteral("UTC"))


def literal_value(node: Text | Number | Boolean | Moment) -> Value:
    """A literal of the language."""
    value_type = static_type(node)
    match node:
        case Text(value=text):
            return Value(
                TextLiteral(text), value_type, trimmed=not text.endswith(" "), known=of_bytes(len(text.encode()))
            )
        case Boolean(value=truth):
            return Value(TRUE if truth else FALSE, value_type)
        case Moment(text=text):
            return Value(TextLiteral(text, "DATE" if value_type is ValueType.DATE else "TIMESTAMP"), value_type)
        case Number(value=number):
            return _number(number, value_type)


def _number(number: Decimal, value_type: ValueType) -> Value:
    if value_type is ValueType.INTEGER:
        known = whole_literal(int(number))
        whole = integer(int(number)) if known.most < BIGINT_LIMIT else SMALLEST_BIGINT
        return Value(whole, value_type, known=known, literal=number)
    exact = exact_of(number)
    if exact is None:
        return Value(double_literal(float(number)), ValueType.DOUBLE, literal=number)
    is_small = exact.digits + exact.scale <= _SURELY_EXACT
    written: Sql = NumberLiteral(f"{number:f}") if is_small else exact_literal(number, exact.type)
    return Value(written, value_type, known=exact, literal=number)


_SURELY_EXACT = 18
"""A number of so many digits is a NUMERIC with as many decimals as are written, to both engines."""


def null_of(value_type: ValueType) -> Value:
    """NULL of a value type."""
    column_type = _NULL_TYPES.get(value_type)
    if column_type is None:
        return NOTHING
    return Value(
        cast(NULL, column_type),
        value_type,
        known=of_bytes(0) if value_type is ValueType.TEXT else known_of(column_type),
    )


def length_of(value: Value) -> Length:
    """The length of a text as functions take it."""
    return of_text(as_text(value), LONGEST) if value.value_type is ValueType.UNKNOWN else value.length


def closed(value: Value) -> Value:
    """A text, or NULL where it, or one on the way to it, would be longer than any text can be."""
    if value.value_type is not ValueType.TEXT or not value.length.all:
        return value
    return Value(guard(fits(value.length), value.sql), ValueType.TEXT, value.trimmed, known=of_bytes(LONGEST))


def compared(value: Value) -> Sql:
    """A text as it is compared. Its trailing spaces mean nothing there (Amazon Redshift Developer
    Guide, Character types), so that a column stands bare and the warehouse finds its values by
    their order.
    """
    if value.value_type is ValueType.UNKNOWN:
        return cast(value.sql, LONGEST_TEXT)
    return value.sql if value.padded is None else value.padded


def entire(value: Value) -> Sql:
    """A column's value such that equal ones are one in a window too: a text without the spaces at
    its end.
    """
    return trimmed(value) if value.value_type is ValueType.TEXT else value.sql


def trimmed(value: Value) -> Sql:
    """A text without trailing spaces."""
    if value.value_type is ValueType.UNKNOWN:
        return call("rtrim", cast(value.sql, LONGEST_TEXT))
    return value.sql if value.trimmed else call("rtrim", as_text(value))


def as_text(value: Value) -> Sql:
    """A text as functions take it: a column's no longer than it was when the view was compiled, by
    a cast to what it is.
    """
    if value.value_type is ValueType.UNKNOWN:
        return cast(value.sql, LONGEST_TEXT)
    if isinstance(value.sql, ColumnRef) and value.value_type is ValueType.TEXT:
        return cast(value.sql, ColumnType(Family.VARCHAR, length=value.length.bytes))
    return value.sql


LONGEST_CANONICAL = 64
"""Bytes of the longest text of a value that is none."""


def longest_canonical(column_type: ColumnType) -> int:
    """Bytes of the longest text of a column's value."""
    return text_length(column_type) if column_type.family.is_text else LONGEST_CANONICAL


def entry_text(value: Value) -> Sql:
    """The text in which a value is compared with what users hold. NULL for NULL."""
    return compared(value) if value.value_type in (ValueType.TEXT, ValueType.UNKNOWN) else canonical_text(value)


def canonical_text(value: Value) -> Sql:
    """The one text that a value has: what it is hashed by. NULL for NULL."""
    match value.value_type:
        case ValueType.TEXT | ValueType.UNKNOWN:
            return trimmed(value)
        case ValueType.INTEGER:
            return cast(value.sql, _DIGITS)
        case ValueType.NUMERIC:
            exact = value.sql if isinstance(value.sql, ColumnRef) else cast(value.sql, value.exact.type)
            return cast(exact, _DIGITS)
        case ValueType.BOOLEAN:
            return Case(((TRUE, TextLiteral("true")), (FALSE, TextLiteral("false"))), NULL, value.sql)
        case ValueType.DATE:
            return call("to_char", value.sql, TextLiteral("YYYY-MM-DD"))
        case ValueType.TIMESTAMP:
            digits = call("to_char", value.sql, TextLiteral("YYYY-MM-DD HH24:MI:SS.US"))
            return call("rtrim", call("rtrim", digits, TextLiteral("0")), TextLiteral("."))
        case ValueType.DOUBLE | ValueType.NUMBER | ValueType.NULL | ValueType.OPAQUE | ValueType.LOST:
            return null_of(ValueType.TEXT).sql
        case never:
            assert_never(never)


def compare(operator: str, left: Value, right: Value) -> Sql:
    """`left operator right`, in the form that both sides have in common."""
    if left.is_null or right.is_null:
        return UNKNOWN
    left, right = align((left, right))
    return infix(operator, left.sql, right.sql)


def align(values: Sequence[Value]) -> tuple[Value, ...]:
    """Values that are compared with each other: dates among timestamps at midnight, floating-point
    numbers as DOUBLE but where all are REAL.
    """
    value_types = {value.value_type for value in values if not value.is_null}
    if ValueType.TEXT in value_types:
        return tuple(_compared_value(value) for value in values)
    if ValueType.UNKNOWN in value_types and (known := value_types - {ValueType.UNKNOWN}):
        values = [replace(each, sql=typed(each, min(known))) for each in values]
    if ValueType.DOUBLE in value_types:
        return tuple(_as_floating(values))
    if value_types >= {ValueType.DATE, ValueType.TIMESTAMP}:
        return tuple(as_timestamp(value) for value in values)
    return tuple(values)


def typed(value: Value, wanted: ValueType) -> Sql:
    """A value, and of a lookup's column, of which only the warehouse knows the type, that it is a
    number, a truth or a moment where that is wanted. A text in its place is an error of the query,
    whatever the table holds: comparing it with a NUMERIC would read it, and print it where it is no
    number. The smallest type of the kind leaves the value its own.

    Source: Amazon Redshift Developer Guide, "Type compatibility and conversion".
    """
    if not (isinstance(value.sql, ColumnRef) and value.sql.alias == LOOKUP):
        return value.sql
    smallest = Family.SMALLINT if wanted.is_number else _SMALLEST.get(wanted)
    return value.sql if smallest is None else Case(((FALSE, cast(NULL, ColumnType(smallest))),), value.sql)


_SMALLEST = {ValueType.BOOLEAN: Family.BOOLEAN, ValueType.DATE: Family.DATE, ValueType.TIMESTAMP: Family.DATE}


def _as_floating(values: Sequence[Value]) -> Iterator[Value]:
    """AWS documents that a DOUBLE becomes a REAL by itself, and not the other way round, so that a
    number might equal the REAL that is nearest to it.

    Source: Amazon Redshift Developer Guide, "Type compatibility and conversion".
    """
    single = all(value.is_null or value.floating.single for value in values)
    for value in values:
        yield value if value.is_null or single else as_double(value)


def _compared_value(value: Value) -> Value:
    return value if value.is_null else Value(compared(value), ValueType.TEXT)


def held(value: Value) -> Sql:
    """A number as one of the type that it was compiled for. Of a column's no session tells the
    digits: another NUMERIC, and integers in the place of others, are made what the column was, NULL
    where they are too large for it. What it is already stays as it is.
    """
    if not isinstance(value.sql, ColumnRef):
        return value.sql
    if value.value_type is ValueType.DOUBLE:
        return cast(value.sql, ColumnType(Family.REAL) if value.floating.single else DOUBLE)
    if value.value_type is ValueType.INTEGER and value.whole.family is Family.BIGINT:
        return cast(value.sql, _NULL_TYPES[ValueType.INTEGER])
    if value.value_type is not ValueType.NUMERIC:
        return value.sql
    known = value.exact
    largest = EXACT.subtract(Decimal(10**known.digits), Decimal(1).scaleb(-known.scale))
    low, high = (exact_literal(each, known.type) for each in (largest.copy_negate(), largest))
    return cast(guard(Between(value.sql, low, high), value.sql), known.type)


def as_double(value: Value) -> Value:
    """A number as a DOUBLE."""
    if value.literal is not None:
        number = float(value.literal)
        return replace(value, sql=double_literal(number), value_type=ValueType.DOUBLE, known=floating_literal(number))
    if value.value_type is ValueType.DOUBLE and not value.floating.single:
        return replace(value, sql=held(value))
    return replace(
        value, sql=cast(value.sql, DOUBLE), value_type=ValueType.DOUBLE, known=replace(value.floating, single=False)
    )


def as_timestamp(value: Value) -> Value:
    """A date as its midnight."""
    if value.value_type is not ValueType.DATE:
        return value
    return Value(cast(value.sql, TIMESTAMP), ValueType.TIMESTAMP)

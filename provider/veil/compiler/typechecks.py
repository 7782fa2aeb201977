"""That columns still have the types which a view was compiled for.

A late-binding view looks its columns up when it is asked. One that was dropped and added again as
another type would have values computed that nothing here kept from failing, and an error tells of a
row that nobody may see: a cast of a text prints the text. So WHERE holds a test for every column of
which more is made than that it is shown. It reads no row: the column stands where nothing evaluates
it, only its type is looked at, and planners decide the whole once per query. For the type that the
view was compiled for it is TRUE. Any other is an error of the query, whatever the table holds, or
FALSE.
"""

from collections.abc import Iterator
from decimal import Decimal

from veil.compiler.bounds import EXACT, exact_literal, power_of_ten
from veil.compiler.building import FALSE, NULL, call, case, cast, form, infix, integer, is_null
from veil.compiler.sql import Prefix, Sql, TextLiteral, Word
from veil.compiler.values import TIMESTAMP, at_utc
from veil.model import ColumnType, Family

_SHOWN = ColumnType(Family.VARCHAR, length=64)
_SOME_DAY = "2000-01-01"
_SINGLE = cast(TextLiteral("0.1"), ColumnType(Family.REAL))


def type_tests(column: Sql, column_type: ColumnType) -> Iterator[Sql]:
    """What is TRUE, and decided without a row, where the column has the type that it was compiled
    for. Types that values are passed on of and nothing is computed from have no test.

    CASE takes results that become one type by implicit conversion. None is documented from VARCHAR
    to a number, a date or a BOOLEAN, nor from VARBYTE and SUPER to anything, and arithmetic and
    DATEDIFF take no text. To a TIMETZ none is documented from a DATE or a TIMESTAMP, only from a
    TIMESTAMPTZ.

    Source: Amazon Redshift Developer Guide, "Type compatibility and conversion".
    """
    family = column_type.family
    if family.is_integer:
        # Of integers alone the quotient is one. CHR takes an INTEGER, and no BIGINT.
        yield infix("=", infix("/", _typed(column, cast(integer(1), column_type)), integer(2)), integer(0))
        if family is not Family.BIGINT:
            yield is_null(call("chr", _typed(column, cast(NULL, ColumnType(Family.INTEGER)))))
    elif family.is_number:
        yield is_null(infix("+", _typed(column, cast(NULL, column_type)), integer(0)))
        if family is Family.REAL:
            yield _shown_alike(column, _SINGLE)
        elif family is Family.NUMERIC:
            # The largest number that it holds, which a DOUBLE holds only where it has few digits.
            precision, scale = column_type.precision or 18, column_type.scale or 0
            largest = EXACT.subtract(power_of_ten(precision - scale), Decimal(1).scaleb(-scale))
            yield _shown_alike(column, exact_literal(largest, column_type))
    elif family.is_text:
        yield is_null(_typed(column, cast(NULL, ColumnType(Family.VARCHAR, length=1))))
    elif family is Family.BOOLEAN:
        yield is_null(Prefix("NOT", _typed(column, cast(NULL, column_type))))
    elif family is Family.DATE:
        yield from _of_moment(column, cast(TextLiteral(_SOME_DAY), column_type))
    elif family.is_moment:
        # At UTC one with a time zone has none, and one without has one: then it shows it.
        moment = at_utc(column) if family is Family.TIMESTAMPTZ else column
        yield from _of_moment(moment, cast(TextLiteral(_SOME_DAY), TIMESTAMP))
        if family is Family.TIMESTAMPTZ:
            # A date becomes its midnight in the time zone of the session, which whoever asks may
            # set.
            yield is_null(cast(case([(FALSE, column)]), ColumnType(Family.TIMETZ)))


def _typed(column: Sql, value: Sql) -> Sql:
    """The value, in the type that it and the column have in common."""
    return case([(FALSE, column)], value)


def _of_moment(column: Sql, moment: Sql) -> Iterator[Sql]:
    """A day in the type that it and the column have in common shows as the moment. A DATE's is a
    DATE, of which no hour can be asked.
    """
    day = cast(TextLiteral(_SOME_DAY), ColumnType(Family.DATE))
    yield infix("=", form("DATEDIFF", Word("day"), _typed(column, day), day), integer(0))
    yield _shown_alike(column, day, moment)


def _shown_alike(column: Sql, value: Sql, shown: Sql | None = None) -> Sql:
    """That the value has its own text, or that of what is `shown`, in the type that it and the
    column have in common: a session may set how moments are shown, but not one without a time zone
    as one that has one.
    """
    return infix("=", cast(_typed(column, value), _SHOWN), cast(value if shown is None else shown, _SHOWN))

"""Casts that give NULL where the value does not fit, and never an error that would print it.

What is cast is NULL before it is cast, where it does not fit, and stands there once.
"""

from decimal import Decimal
from math import inf, nextafter

from veil.compiler.bounds import (
    BIGINT_LIMIT,
    DOUBLE,
    EXACT,
    WIDEST,
    double_literal,
    exact_literal,
    power_of_ten,
    whole_of,
    within,
    within_double,
    within_exact,
)
from veil.compiler.building import FALSE, NULL, TRUE, call, cast, form, guard, infix, integer
from veil.compiler.exacts import exact_as, exact_rounded
from veil.compiler.floats import as_real
from veil.compiler.lengths import cut, of_bytes
from veil.compiler.sql import Case, Sql, TextLiteral
from veil.compiler.values import (
    LONGEST_CANONICAL,
    Value,
    as_double,
    as_text,
    as_timestamp,
    at_utc,
    canonical_text,
    held,
    known_of,
    length_of,
    null_of,
)
from veil.language.value_types import ValueType
from veil.model import ColumnType, Family
from veil.policy.column_types import value_type_of
from veil.policy.fitting import text_length

_YES, _NO = ("true", "t", "yes", "y", "1"), ("false", "f", "no", "n", "0")
_WHOLE = "^[+-]?[0-9]{1,37}$"
_FLOAT = "^[+-]?([0-9]{1,38}[.]?[0-9]{0,37}|[.][0-9]{1,37})([eE][+-]?[0-9]{1,2})?$"
_DAY = (
    "((([0-9]{3}[1-9]|[0-9]{2}[1-9][0-9]|[0-9][1-9][0-9]{2}|[1-9][0-9]{3})-"
    "((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8])))"
    "|(([0-9]{2}(0[48]|[2468][048]|[13579][26])|(0[48]|[2468][048]|[13579][26])00)-02-29))"
)
"""The days of the years 1 to 9999, leap days where they are, so that a cast of a text that matches
cannot fail.
"""
_TIME = "([ T]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?)?"


def guarded_cast(value: Value, target: ColumnType) -> Value:
    """The value as the type: texts are read or cut, numbers rounded half away from zero; NULL where
    it cannot be.
    """
    value_type = value_type_of(target)
    if value.is_null:
        return null_of(value_type)
    if value_type is ValueType.TEXT:
        return _as_text(value, target)
    if value.value_type in (ValueType.TEXT, ValueType.UNKNOWN):
        return Value(_read_text(value, target), value_type, known=known_of(target))
    if value_type.is_number:
        return number_as(value, target)
    if value_type is ValueType.DATE:
        return Value(cast(value.sql, target), value_type)
    return as_timestamp(value) if value_type is ValueType.TIMESTAMP else value


def _as_text(value: Value, target: ColumnType) -> Value:
    """Cut to what the type holds. A CHAR is without its padding, and of single-byte characters
    only.
    """
    most = text_length(target)
    if value.value_type not in (ValueType.TEXT, ValueType.UNKNOWN):
        text = cast(canonical_text(value), ColumnType(Family.VARCHAR, length=most))
        is_char, known = target.family is Family.CHAR, of_bytes(min(most, LONGEST_CANONICAL))
        return Value(call("rtrim", text) if is_char else text, ValueType.TEXT, trimmed=is_char, known=known)
    text, known = cast(as_text(value), ColumnType(Family.VARCHAR, length=most)), cut(length_of(value), most)
    if target.family is not Family.CHAR:
        return Value(text, ValueType.TEXT, known=known)
    return Value(call("rtrim", _of_single_bytes(text)), ValueType.TEXT, trimmed=True, known=known)


def _of_single_bytes(text: Sql) -> Sql:
    """A text of characters that a CHAR holds, else NULL; Redshift refuses to cast any other. A mark
    before it tells an empty string from none.

    Source: Amazon Redshift Developer Guide, "Character types".
    """
    matched = call("regexp_substr", infix("||", TextLiteral("|"), text), TextLiteral("^[|][\t-~]*$"))
    return call("substring", form("NULLIF", matched, TextLiteral("")), integer(2))


def as_column(value: Value, target: ColumnType) -> Sql:
    """The value as a column shows it: a text only where it fits, else NULL; never cut."""
    if value.is_null:
        return NULL
    if value.value_type is not ValueType.TEXT:
        converted = guarded_cast(value, target)
        return at_utc(converted.sql) if target.family is Family.TIMESTAMPTZ else converted.sql
    fitting = value.sql if value.length.bytes <= text_length(target) else fitting_text(value.sql, target)
    return guard(_is_single_byte(value.sql), fitting) if target.family is Family.CHAR else fitting


def fitting_text(text: Sql, target: ColumnType) -> Sql:
    """A text, or NULL where it has more bytes than the column holds."""
    return guard(infix("<=", call("octet_length", text), integer(text_length(target))), text)


def _is_single_byte(text: Sql) -> Sql:
    """Whether a CHAR can hold the text's characters: more bytes than characters make Redshift
    refuse the cast.
    """
    return infix("=", call("octet_length", text), call("len", text))


def number_as(value: Value, target: ColumnType) -> Value:
    """A number as a number type, rounded half away from zero to its scale; NULL where it is out of
    range.
    """
    value_type, family = value_type_of(target), target.family
    if value.value_type is ValueType.INTEGER and value.whole.family is family:
        return value
    if family is Family.DOUBLE:
        return as_double(value)
    if family is Family.REAL:
        return Value(as_real(value), value_type, known=known_of(target))
    if family is Family.NUMERIC:
        sql = (
            _double_as_exact(as_double(value).sql, target)
            if value.value_type is ValueType.DOUBLE
            else exact_as(value, target)
        )
    elif value.value_type is ValueType.DOUBLE:
        sql = _double_as_whole(as_double(value).sql, target)
    else:
        sql = _exact_as_whole(value, target)
    return Value(sql, value_type, known=known_of(target))


def _exact_as_whole(value: Value, target: ColumnType) -> Sql:
    limit = whole_of(target.family).most
    if value.value_type is ValueType.INTEGER:
        fits = value.whole.most < limit
    else:
        value = exact_rounded(value, 0)
        fits = 10**value.exact.digits <= limit
    number = held(value)
    if fits:
        return cast(number, target)
    if limit < BIGINT_LIMIT:
        return cast(within(number, integer(-limit - 1), integer(limit)), target)
    return cast(within(number, *(exact_literal(Decimal(each), WIDEST) for each in (-limit - 1, limit))), target)


def _double_as_whole(number: Sql, target: ColumnType) -> Sql:
    limit = float(whole_of(target.family).most)
    below = nextafter(-limit, -inf) if target.family is Family.BIGINT else -limit - 1
    return cast(within(call("round", number), double_literal(below), double_literal(limit)), target)


def _double_as_exact(number: Sql, target: ColumnType) -> Sql:
    """A DOUBLE becomes a NUMERIC by its first 15 digits. Those may round it up to one more than the
    type holds, for which there is room in a wider type, or else must be room below the limit.
    """
    precision, scale = target.precision or 18, target.scale or 0
    limit = power_of_ten(precision - scale)
    if precision >= CERTAIN_DIGITS:
        return cast(within_double(number, float(EXACT.multiply(limit, BELOW_ROUNDING))), target)
    wide = ColumnType(Family.NUMERIC, precision=precision + 1, scale=scale)
    return cast(within_exact(cast(within_double(number, float(limit)), wide), limit, scale), target)


CERTAIN_DIGITS = 17
"""A NUMERIC of so many digits has a place for each of a DOUBLE's first 15, so that none is rounded
away.
"""

BELOW_ROUNDING = Decimal("0.999999999999999")


def _read_text(value: Value, target: ColumnType) -> Sql:
    text = call("btrim", as_text(value))
    family = target.family
    if family is Family.BOOLEAN:
        return _read_boolean(text)
    if family is Family.DATE:
        return cast(_matching(text, f"^{_DAY}$"), target)
    if family is Family.TIMESTAMP:
        return cast(_matching(text, f"^{_DAY}{_TIME}$"), target)
    if family.is_integer:
        return _read_number(text, _WHOLE, WIDEST, target)
    if family is Family.NUMERIC:
        scale = target.scale or 0
        pattern = f"^[+-]?([0-9]{{1,{max(1, 37 - scale)}}}([.][0-9]{{0,37}})?|[.][0-9]{{1,37}})$"
        return _read_number(text, pattern, ColumnType(Family.NUMERIC, precision=38, scale=scale), target)
    return _read_number(text, _FLOAT, DOUBLE, target)


def _read_number(text: Sql, pattern: str, through: ColumnType, target: ColumnType) -> Sql:
    read = Value(cast(_matching(text, pattern), through), value_type_of(through), known=known_of(through))
    return number_as(read, target).sql


def _read_boolean(text: Sql) -> Sql:
    branches = [(TextLiteral(word), truth) for words, truth in ((_YES, TRUE), (_NO, FALSE)) for word in words]
    return Case(tuple(branches), NULL, call("lower", text))


def _matching(text: Sql, pattern: str) -> Sql:
    """The text where all of it matches, else NULL: no pattern here matches an empty one."""
    return form("NULLIF", call("regexp_substr", text, TextLiteral(pattern)), TextLiteral(""))

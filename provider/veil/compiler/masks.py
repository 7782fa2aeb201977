"""What each mask puts in place of a value, as SQL. NULL stays NULL except under a constant and an
`sql` mask.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from veil.compiler.bounds import MOST_DIGITS
from veil.compiler.buckets import FLOATING, rounded_down
from veil.compiler.building import NULL, call, case, cast, conjunction, form, guard, infix, integer, is_null
from veil.compiler.casts import as_column, fitting_text, guarded_cast
from veil.compiler.expressions import Expressions
from veil.compiler.hashing import DRAWN_DIGITS, drawn_at, drawn_from, salted
from veil.compiler.lengths import LONGEST
from veil.compiler.moments import shifted
from veil.compiler.numbers import floating_noise, noise
from veil.compiler.rows import row_digest
from veil.compiler.scope import Scope
from veil.compiler.sql import Case, Sql, TextLiteral, UserCall
from veil.compiler.values import (
    TIMESTAMP,
    Value,
    as_text,
    at_utc,
    canonical_text,
    compare,
    held,
    known_of,
    literal_value,
    longest_canonical,
    read_column,
)
from veil.language.tree import Number, Text
from veil.model import (
    Categories,
    Column,
    ColumnType,
    DataSource,
    DateShift,
    Email,
    Family,
    Hash,
    KAnonymity,
    Noise,
    Null,
    Partial,
    Regex,
    Round,
    TruncateDate,
)
from veil.policy.column_types import value_type_of
from veil.policy.fitting import text_length
from veil.policy.resolved import Called, ExpressionMask, FittedMask

HASH_DIGITS = {Family.SMALLINT: 3, Family.INTEGER: 7, Family.BIGINT: 15}
"""Hex digits of the hash that a signed integer of the family always holds."""

EMAIL_DIGITS = 16


@dataclass(frozen=True, slots=True)
class MaskedColumn:
    """The column being masked, as it stands in the table, and the scope it is read in."""

    column: Column
    reference: Sql
    scope: Scope
    source: DataSource

    @property
    def type(self) -> ColumnType:
        return self.column.type

    @property
    def value(self) -> Value:
        return read_column(self.reference, self.type)

    @property
    def text(self) -> Sql:
        """The characters of a text column: of a CHAR without its padding, of a VARCHAR with all of
        them.
        """
        return as_text(self.value)

    @property
    def most_bytes(self) -> int:
        """Of a text made of the value."""
        return longest_canonical(self.type)

    def salted(self, text: Sql) -> Sql:
        """The hex SHA-256 of salt and text, which is no longer than the value's."""
        return salted(self.scope.salt, text, self.most_bytes)

    def salted_for(self, purpose: str, text: Sql) -> Sql:
        """The same for one purpose alone: a hash that is shown in another column, of the same text,
        must not reveal what a mask drew from it.
        """
        return salted(
            self.scope.salt, infix("||", TextLiteral(f"{purpose}:"), text), self.most_bytes + len(purpose) + 1
        )

    @property
    def hashed(self) -> Sql:
        """The hex SHA-256 of the value, with the salt that a project may share among its data
        sources.
        """
        return salted(self.scope.join_salt, canonical_text(self.value), self.most_bytes)


def mask_sql(mask: FittedMask, cell: MaskedColumn) -> Sql:
    """What is shown in place of the cell's value."""
    return MASKS[type(mask)](mask, cell)


def _evaluated(mask: ExpressionMask, cell: MaskedColumn) -> Sql:
    cell.scope.masked = cell.value
    value = Expressions(cell.scope).value(mask.expression)
    if not mask.replaces_null:
        return as_column(value, cell.type)
    if cell.type.family is Family.TIMESTAMPTZ:
        return at_utc(cast(value.sql, TIMESTAMP))
    return guarded_cast(value, cell.type).sql if cell.type.family in FLOATING else value.sql


def _hash(mask: Hash, cell: MaskedColumn) -> Sql:
    digest = cell.hashed
    if cell.type.family.is_text:
        return digest
    digits = call("left", digest, integer(HASH_DIGITS[cell.type.family]))
    return cast(call("strtol", digits, integer(16)), cell.type)


def _partial(mask: Partial, cell: MaskedColumn) -> Sql:
    text, kept, each = cell.text, mask.keep_first + mask.keep_last, len(mask.replacement.encode())
    length, replacement = call("len", text), TextLiteral(mask.replacement)
    hidden = _if_short(_times(length, each), call("repeat", replacement, length), each * text_length(cell.type), cell)
    if not kept:
        return hidden
    rest = infix("-", length, integer(kept))
    first = [call("left", text, integer(mask.keep_first))] if mask.keep_first else []
    last = [call("right", text, integer(mask.keep_last))] if mask.keep_last else []
    bytes_ = infix("+", *(call("octet_length", end) for end in (*first, *last)), _times(rest, each))
    most = max(1, each) * text_length(cell.type)
    masked = _if_short(bytes_, infix("||", *first, call("repeat", replacement, rest), *last), most, cell)
    return guard(infix("<=", length, integer(kept)), hidden, masked)


def _times(count: Sql, factor: int) -> Sql:
    return count if factor == 1 else infix("*", count, integer(factor))


def _if_short(bytes_: Sql, text: Sql, most: int, cell: MaskedColumn) -> Sql:
    """A text of so many bytes, `most` at most, where the column holds it: it is not made before
    that is known.
    """
    limit = text_length(cell.type)
    return text if most <= limit else guard(infix("<=", bytes_, integer(limit)), text)


def _email(mask: Email, cell: MaskedColumn) -> Sql:
    text, at = cell.text, TextLiteral("@")
    signs = infix("-", call("len", text), call("len", call("replace", text, at, TextLiteral(""))))
    local, domain = (call("split_part", text, at, integer(part)) for part in (1, 2))
    masked = infix("||", call("left", cell.salted(local), integer(EMAIL_DIGITS)), at, domain)
    bytes_ = infix("+", call("octet_length", domain), integer(EMAIL_DIGITS + 1))
    shown = _if_short(bytes_, masked, EMAIL_DIGITS + 1 + text_length(cell.type), cell)
    return guard(infix("=", signs, integer(1)), shown)


def _regex(mask: Regex, cell: MaskedColumn) -> Sql:
    """A replacement with characters that a regular expression would read goes in afterwards, for a
    control character that is first taken out of the text. Every match is of one character or more,
    so that none becomes longer than as many replacements: where a text could become too long for
    any text on the way, it is NULL.
    """
    text, replacement = cell.text, TextLiteral(mask.replacement)
    flags = (integer(1), TextLiteral("i")) if mask.case_insensitive else ()
    pattern = TextLiteral(mask.pattern)
    if any(character in mask.replacement for character in "\\$&"):
        mark = call("chr", integer(1))
        clean = call("replace", text, mark, TextLiteral(""))
        replaced = call("replace", call("regexp_replace", clean, pattern, mark, *flags), mark, replacement)
    else:
        replaced = call("regexp_replace", text, pattern, replacement, *flags)
    each = len(mask.replacement.encode())
    most = max(1, each) * text_length(cell.type)
    fitting = replaced if most <= text_length(cell.type) else fitting_text(replaced, cell.type)
    if most <= LONGEST:
        return fitting
    return guard(infix("<=", _times(call("octet_length", text), each), integer(LONGEST)), fitting)


def _round(mask: Round, cell: MaskedColumn) -> Sql:
    return rounded_down(cell.reference, cell.type, mask.bucket)


def _noise(mask: Noise, cell: MaskedColumn) -> Sql:
    if cell.type.family in FLOATING:
        return floating_noise(cell.value, cell.type, mask.percent, lambda text: cell.salted_for("noise", text))
    return noise(cell.value, cell.type, mask.percent, cell.salted_for("noise", canonical_text(cell.value)))


def _categories(mask: Categories, cell: MaskedColumn) -> Sql:
    """The place of the true value among the listed ones, and a step from it: none where it is kept,
    else one that never comes back to it. A value that is not listed has no place, and any is drawn.
    """
    items = [
        literal_value(Number(Decimal(each)) if isinstance(each, int) else Text(each)) for each in _items(mask, cell)
    ]
    count, value = len(items), cell.value
    drawn = row_digest(cell.source, cell.scope, f"categories:{cell.column.name}:")
    place = case([(compare("=", value, each), integer(at)) for at, each in enumerate(items)])
    step: Sql = infix("+", integer(1), _share_of(count - 1, drawn))
    if kept := int(mask.keep * 16**DRAWN_DIGITS / 100):
        step = case([(infix("<", drawn_from(drawn), integer(kept)), integer(0))], step)
    chosen = call("mod", form("COALESCE", infix("+", place, step), _share_of(count, drawn)), integer(count))
    shown = Case(tuple((integer(at), each.sql) for at, each in enumerate(items)), NULL, chosen)
    return guard(is_null(cell.reference, negated=True), shown)


def _items(mask: Categories, cell: MaskedColumn) -> Sequence[str | int]:
    held = mask.held(cell.type)
    assert held is not None  # Else it does not fit, and is NULL.
    return held


def _share_of(count: int, drawn: Sql) -> Sql:
    """An integer below `count`, which other digits decide than those that keep a value."""
    digits = drawn_at(drawn, DRAWN_DIGITS + 1, DRAWN_DIGITS)
    return infix("/", infix("*", digits, integer(count)), integer(16**DRAWN_DIGITS))


def _k_anonymity(mask: KAnonymity, cell: MaskedColumn) -> Sql:
    return guard(infix(">=", cell.scope.alike(mask.columns), integer(mask.k)), cell.reference)


def _called(mask: Called, cell: MaskedColumn) -> Sql:
    """Not for NULL. What a function gives whoever asks may differ: in an equalized project nobody
    sees it. A text stands there twice, since one that is cut to the column's length could be the
    very value that the function added something to.
    """
    arguments = (cast(literal_value(each.value).sql, each.type) for each in mask.arguments)
    family = cell.type.family
    value = cast(cell.reference, cell.type) if family is Family.VARCHAR else held(cell.value)
    given = cell.reference if family in (Family.CHAR, Family.TIMESTAMPTZ) else value
    output: Sql = UserCall(mask.schema, mask.name, (given, *arguments))
    if family.is_text:
        shown = fitting_text(call("rtrim", output) if family is Family.CHAR else output, cell.type)
    else:
        returned = cell.type
        if family is Family.NUMERIC:
            # The catalog knows no digits of what a function gives.
            returned = ColumnType(family, precision=MOST_DIGITS, scale=cell.type.scale or 0)
            output = cast(output, returned)
        shown = as_column(Value(output, value_type_of(returned), known=known_of(returned)), cell.type)
    asked = [is_null(cell.reference, negated=True), *([] if mask.steady else [cell.scope.not_equalized])]
    return guard(conjunction(asked), shown)


def _date_shift(mask: DateShift, cell: MaskedColumn) -> Sql:
    family, value = cell.type.family, cell.value
    moment = cast(value.sql, TIMESTAMP) if family is Family.DATE else value.sql
    moved = shifted(moment, mask.days, cell.salted_for("date_shift", canonical_text(value)))
    if family is Family.DATE:
        return cast(moved, cell.type)
    return at_utc(moved) if family is Family.TIMESTAMPTZ else moved


def _truncated(mask: TruncateDate, cell: MaskedColumn) -> Sql:
    family = cell.type.family
    moment = read_column(cell.reference, cell.type).sql
    start = call("date_trunc", TextLiteral(mask.unit), cast(moment, TIMESTAMP) if family is Family.DATE else moment)
    if family is Family.DATE:
        return cast(start, cell.type)
    return at_utc(start) if family is Family.TIMESTAMPTZ else start


MASKS: Mapping[type, Callable[[Any, MaskedColumn], Sql]] = {
    ExpressionMask: _evaluated,
    Null: lambda mask, cell: NULL,
    Hash: _hash,
    Partial: _partial,
    Email: _email,
    Regex: _regex,
    Round: _round,
    Noise: _noise,
    TruncateDate: _truncated,
    DateShift: _date_shift,
    Categories: _categories,
    KAnonymity: _k_anonymity,
    Called: _called,
}
"""By its kind, what each mask is compiled to. A constant and an `sql` mask are `ExpressionMask` by
then, a function is `Called`.
"""

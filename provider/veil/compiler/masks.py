"""What each mask puts in place of a value, as SQL. NULL stays NULL except under a constant and an `sql` mask."""

from dataclasses import dataclass

from veil.compiler.building import NULL, call, cast, infix, integer, where
from veil.compiler.casts import as_column, fitting_text
from veil.compiler.expressions import Expressions
from veil.compiler.numbers import FLOATING, floating_noise, noise, rounded_down
from veil.compiler.scope import Scope
from veil.compiler.sql import Sql, TextLiteral
from veil.compiler.values import TIMESTAMP, at_utc, canonical_text, read_column
from veil.model import (
    Column,
    ColumnType,
    Email,
    Family,
    Hash,
    Noise,
    Null,
    Partial,
    Regex,
    Round,
    TruncateDate,
)
from veil.policy.resolved import Evaluated, FittedMask

HASH_DIGITS = {Family.SMALLINT: 3, Family.INTEGER: 7, Family.BIGINT: 15}
"""Hex digits of the hash that a signed integer of the family always holds."""

EMAIL_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Cell:
    """The column being masked, as it stands in the table, and the scope it is read in."""

    column: Column
    reference: Sql
    scope: Scope

    @property
    def type(self) -> ColumnType:
        return self.column.type

    @property
    def text(self) -> Sql:
        """The characters of a text column: of a CHAR without its padding, of a VARCHAR with all of them."""
        return read_column(self.reference, self.type).sql

    @property
    def canonical(self) -> Sql:
        return canonical_text(read_column(self.reference, self.type))

    def salted(self, text: Sql) -> Sql:
        """The hex SHA-256 of salt and text."""
        return _digest(self.scope.salt, text)

    @property
    def hashed(self) -> Sql:
        """The hex SHA-256 of the value, with the salt that a project may share among its data sources."""
        return _digest(self.scope.join_salt, self.canonical)


def mask_sql(mask: FittedMask, cell: Cell) -> Sql:
    """What is shown in place of the cell's value."""
    match mask:
        case Evaluated():
            return _evaluated(mask, cell)
        case Null():
            return NULL
        case Hash():
            return _hash(cell)
        case Partial():
            return _partial(mask, cell)
        case Email():
            return _email(cell)
        case Regex():
            return _regex(mask, cell)
        case Round(bucket=bucket):
            return rounded_down(cell.reference, cell.type, bucket)
        case Noise(percent=percent) if cell.type.family in FLOATING:
            return floating_noise(cell.reference, cell.type, percent, cell.salted)
        case Noise(percent=percent):
            return noise(cell.reference, cell.type, percent, cell.salted(cell.canonical))
        case TruncateDate(unit=unit):
            return _truncated(unit, cell)


def _evaluated(mask: Evaluated, cell: Cell) -> Sql:
    cell.scope.masked = read_column(cell.reference, cell.type)
    value = Expressions(cell.scope).value(mask.expression)
    if mask.replaces_null:
        return at_utc(cast(value.sql, TIMESTAMP)) if cell.type.family is Family.TIMESTAMPTZ else value.sql
    return as_column(value, cell.type)


def _hash(cell: Cell) -> Sql:
    digest = cell.hashed
    if cell.type.family.is_text:
        return digest
    digits = call("left", digest, integer(HASH_DIGITS[cell.type.family]))
    return cast(call("strtol", digits, integer(16)), cell.type)


def _digest(salt: Sql, text: Sql) -> Sql:
    return call("sha2", infix("||", salt, text), integer(256))


def _partial(mask: Partial, cell: Cell) -> Sql:
    text, kept = cell.text, mask.keep_first + mask.keep_last
    length, replacement = call("len", text), TextLiteral(mask.replacement)
    pieces = [call("repeat", replacement, infix("-", length, integer(kept)) if kept else length)]
    if mask.keep_first:
        pieces.insert(0, call("left", text, integer(mask.keep_first)))
    if mask.keep_last:
        pieces.append(call("right", text, integer(mask.keep_last)))
    hidden = call("repeat", replacement, length)
    if len(pieces) == 1:
        return fitting_text(hidden, cell.type)
    masked = where(infix("<=", length, integer(kept)), hidden, infix("||", *pieces))
    return fitting_text(masked, cell.type)


def _email(cell: Cell) -> Sql:
    text, at = cell.text, TextLiteral("@")
    signs = infix("-", call("len", text), call("len", call("replace", text, at, TextLiteral(""))))
    local, domain = (call("split_part", text, at, integer(part)) for part in (1, 2))
    masked = infix("||", call("left", cell.salted(local), integer(EMAIL_DIGITS)), at, domain)
    return where(infix("=", signs, integer(1)), fitting_text(masked, cell.type))


def _regex(mask: Regex, cell: Cell) -> Sql:
    """A replacement with characters that a regular expression would read goes in afterwards, for a control character
    that is first taken out of the text.
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
    return fitting_text(replaced, cell.type)


def _truncated(unit: str, cell: Cell) -> Sql:
    family = cell.type.family
    moment = read_column(cell.reference, cell.type).sql
    start = call("date_trunc", TextLiteral(unit), cast(moment, TIMESTAMP) if family is Family.DATE else moment)
    if family is Family.DATE:
        return cast(start, cell.type)
    return at_utc(start) if family is Family.TIMESTAMPTZ else start

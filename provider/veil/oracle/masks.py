"""What each mask makes of a value. NULL stays NULL except under a constant and an `sql` mask; what a mask cannot do is
NULL.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from math import floor, isfinite
from typing import Any

from veil.model import (
    Column,
    Constant,
    Email,
    Family,
    Hash,
    Mask,
    Noise,
    Null,
    Partial,
    Regex,
    Round,
    Sql,
    TruncateDate,
)
from veil.model.patterns import PatternError, read_pattern
from veil.oracle.calendar import start_of
from veil.oracle.reading import read
from veil.oracle.values import EXACT, Value, at_utc, fits_text, number_as, rounded, rtrim, text_of

INTEGER_HASH_DIGITS = {Family.SMALLINT: 3, Family.INTEGER: 7, Family.BIGINT: 15}
"""Hex digits of the hash that a signed integer of the family always holds."""

NOISE_DIGITS = 7
_SMALLEST, _LARGEST = 1e-20, 1e28
"""Sizes between which noise moves a floating-point number."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One value to be masked: its column, the data source's salt, and how an `sql` mask's expression is evaluated.

    `salt` is None where there is none, and then no salted mask gives a value. `join_salt` is that of hash masks.
    """

    value: Value
    column: Column
    salt: str | None
    join_salt: str | None
    evaluate: Callable[[str, Column], Value]


def masked(mask: Mask, cell: Cell) -> Value:
    """What is shown in place of the cell's value."""
    if isinstance(mask, Constant):
        return read(mask.value, cell.column.type)
    if isinstance(mask, Null) or (cell.value is None and not isinstance(mask, Sql)):
        return None
    return _MASKS[type(mask)](mask, cell)


def digest(salt: str | None, text: str | None) -> str | None:
    """The hex SHA-256 of salt and text; None without either."""
    return None if salt is None or text is None else hashlib.sha256((salt + text).encode()).hexdigest()


def fraction_of(salt: str | None, text: str | None) -> Fraction | None:
    """A number in [0, 1) that salt and text decide: the first seven hex digits of their hash over 16^7."""
    found = digest(salt, text)
    return None if found is None else Fraction(int(found[:NOISE_DIGITS], 16), 16**NOISE_DIGITS)


def _hash(mask: Hash, cell: Cell) -> Value:
    family = cell.column.type.family
    found = digest(cell.join_salt, text_of(cell.value, cell.column.type))
    if found is None or family.is_text:
        return found
    digits = INTEGER_HASH_DIGITS.get(family)
    return None if digits is None else int(found[:digits], 16)


def _partial(mask: Partial, cell: Cell) -> Value:
    text = _text(cell)
    if text is None or not _holds(mask.replacement, cell):
        return None
    first, last, length = mask.keep_first, mask.keep_last, len(text)
    if length <= first + last:
        return _fitting(mask.replacement * length, cell)
    return _fitting(text[:first] + mask.replacement * (length - first - last) + text[length - last :], cell)


def _email(mask: Email, cell: Cell) -> Value:
    text = _text(cell)
    if text is None or text.count("@") != 1:
        return None
    local, domain = text.split("@")
    found = digest(cell.salt, local)
    return None if found is None else _fitting(f"{found[:16]}@{domain}", cell)


def _regex(mask: Regex, cell: Cell) -> Value:
    text = _text(cell)
    if text is None or not _holds(mask.replacement, cell):
        return None
    try:
        pattern = read_pattern(mask.pattern, case_insensitive=mask.case_insensitive)
    except PatternError:
        return None
    return _fitting(pattern.replace(text, mask.replacement), cell)


def _round(mask: Round, cell: Cell) -> Value:
    value = cell.value
    if not cell.column.type.family.is_number or isinstance(value, str | date) or value is None or mask.bucket <= 0:
        return None
    if isinstance(value, float):
        steps = value / float(mask.bucket)
        return number_as(floor(steps) * float(mask.bucket), cell.column.type) if isfinite(steps) else None
    multiple = floor(Fraction(value) / Fraction(mask.bucket)) * Fraction(mask.bucket)
    digits = 10 ** (cell.column.type.scale or 0)
    return number_as(_decimal(Fraction(floor(multiple * digits), digits)), cell.column.type)


def _noise(mask: Noise, cell: Cell) -> Value:
    value = cell.value
    if isinstance(value, float):
        return _floating_noise(float(mask.percent / 50 / 16**NOISE_DIGITS), float(1 - mask.percent / 100), value, cell)
    share = fraction_of(cell.salt, text_of(value, cell.column.type))
    if share is None or not cell.column.type.family.is_number or not isinstance(value, int | Decimal):
        return None
    exact = Fraction(value)
    return number_as(_decimal(exact + exact * Fraction(mask.percent) / 100 * (2 * share - 1)), cell.column.type)


def _floating_noise(step: float, least: float, value: float, cell: Cell) -> Value:
    """In floating-point arithmetic, and by the hash of the number with nine decimals."""
    if value and not _SMALLEST <= abs(value) <= _LARGEST:
        return None
    found = digest(cell.salt, f"{rounded(Decimal(f'{value:.15g}'), 9):f}")
    if found is None:
        return None
    return number_as(value * (least + int(found[:NOISE_DIGITS], 16) * step), cell.column.type)


def _truncate(mask: TruncateDate, cell: Cell) -> Value:
    value, family = cell.value, cell.column.type.family
    if isinstance(value, datetime) and family in (Family.TIMESTAMP, Family.TIMESTAMPTZ):
        cut = start_of(mask.unit, at_utc(value))
        return cut.replace(tzinfo=UTC) if family is Family.TIMESTAMPTZ else cut
    if isinstance(value, date) and family is Family.DATE and mask.unit not in ("day", "hour", "minute"):
        return start_of(mask.unit, at_utc(value)).date()
    return None


def _sql(mask: Sql, cell: Cell) -> Value:
    return cell.evaluate(mask.expression, cell.column)


def _text(cell: Cell) -> str | None:
    """The characters of a text cell. Blanks that pad a CHAR are no part of it, those of a VARCHAR are."""
    if not isinstance(cell.value, str) or not cell.column.type.family.is_text:
        return None
    return rtrim(cell.value) if cell.column.type.family is Family.CHAR else cell.value


def _holds(replacement: str, cell: Cell) -> bool:
    """Whether the column can hold the replacement's characters at all."""
    return replacement.isascii() or cell.column.type.family is Family.VARCHAR


def _fitting(text: str, cell: Cell) -> str | None:
    return text if fits_text(text, cell.column.type) else None


def _decimal(exact: Fraction) -> Decimal:
    """The fraction as a decimal: all that masks make are quotients by powers of ten and two, so nothing is lost."""
    return EXACT.divide(Decimal(exact.numerator), Decimal(exact.denominator))


_MASKS: dict[type, Callable[[Any, Cell], Value]] = {
    Hash: _hash,
    Partial: _partial,
    Email: _email,
    Regex: _regex,
    Round: _round,
    Noise: _noise,
    TruncateDate: _truncate,
    Sql: _sql,
}

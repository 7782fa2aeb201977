"""What each mask makes of a value. NULL stays NULL except under a constant and an `sql` mask; what
a mask cannot do is NULL.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

from veil.model import (
    Categories,
    Column,
    ColumnType,
    Constant,
    DateShift,
    Email,
    Family,
    Function,
    Hash,
    KAnonymity,
    Mask,
    Noise,
    Null,
    Partial,
    Regex,
    Round,
    Sql,
    TruncateDate,
    UserFunctions,
)
from veil.model.names import dotted
from veil.model.patterns import PatternError, read_pattern
from veil.oracle.arithmetic import calculate, exact
from veil.oracle.buckets import rounded_down
from veil.oracle.calendar import start_of
from veil.oracle.lengths import LONGEST
from veil.oracle.operands import Operand, numeric
from veil.oracle.reading import read, read_exact
from veil.oracle.values import (
    Unevaluated,
    Value,
    at_utc,
    digits_of,
    fits_text,
    number_as,
    rounded,
    rtrim,
    text_length,
    text_of,
)

INTEGER_HASH_DIGITS = {Family.SMALLINT: 3, Family.INTEGER: 7, Family.BIGINT: 15}
"""Hex digits of the hash that a signed integer of the family always holds."""

NOISE_DIGITS = 7
_NOISE_STEPS = 10**6
_SMALLEST, _LARGEST = 1e-20, 1e28
"""Sizes between which noise moves a floating-point number."""


@dataclass(frozen=True, slots=True)
class Functions:
    """The functions of users as a mask may call them: those that are `known`, and what the policy
    has `accepted` of them. `run` is what stands for a function here, by its dotted name.
    `equalized` says that the user acts in an equalized project.
    """

    known: UserFunctions
    accepted: frozenset[str]
    run: Mapping[str, Callable[..., Value]]
    equalized: bool


NO_FUNCTIONS = Functions({}, frozenset(), {}, equalized=False)


@dataclass(frozen=True, slots=True)
class Cell:
    """One value to be masked: its column, the data source's salt, and how an `sql` mask's
    expression is evaluated.

    `salt` is None where there is none, and then no salted mask gives a value. `join_salt` is that
    of hash masks. `row` is the text of the whole row, from which something is drawn; `alike` says
    how many rows have its values in some columns.
    """

    value: Value
    column: Column
    salt: str | None
    join_salt: str | None
    evaluate: Callable[[str, Column], Value]
    row: Callable[[], str]
    alike: Callable[[frozenset[str]], int | None]
    functions: Functions = NO_FUNCTIONS


def masked(mask: Mask, cell: Cell) -> Value:
    """What is shown in place of the cell's value."""
    if cell.value is None and not isinstance(mask, Constant | Sql):
        return None
    return MASKS[type(mask)](mask, cell)


def digest(salt: str | None, text: str | None) -> str | None:
    """The hex SHA-256 of salt and text; None without either. A text too long to stand behind its
    salt is hashed first.
    """
    if salt is None or text is None:
        return None
    return hashed(salt + (text if len(text.encode()) <= _LONGEST_SALTED else hashed(text)))


def digest_of(salt: str | None, text: str) -> str | None:
    """The hex SHA-256 of salt and a text that was made to fit behind it."""
    return None if salt is None else hashed(salt + text)


def hashed(text: str) -> str:
    """The hex SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


_LONGEST_SALTED = 65_000


def fraction_of(salt: str | None, text: str | None) -> Fraction | None:
    """A number in [0, 1) that salt and text decide: the first seven hex digits of their hash over
    16^7.
    """
    digest_hex = digest(salt, text)
    return None if digest_hex is None else Fraction(int(digest_hex[:NOISE_DIGITS], 16), 16**NOISE_DIGITS)


def _constant(mask: Constant, cell: Cell) -> Value:
    return read(mask.value, cell.column.type)


def _hash(mask: Hash, cell: Cell) -> Value:
    family = cell.column.type.family
    digest_hex = digest(cell.join_salt, text_of(cell.value, cell.column.type))
    if digest_hex is None or family.is_text:
        return digest_hex
    digits = INTEGER_HASH_DIGITS.get(family)
    return None if digits is None else int(digest_hex[:digits], 16)


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
    digest_hex = digest(cell.salt, local)
    return None if digest_hex is None else _fitting(f"{digest_hex[:16]}@{domain}", cell)


def _regex(mask: Regex, cell: Cell) -> Value:
    text = _text(cell)
    if text is None or not _holds(mask.replacement, cell):
        return None
    try:
        pattern = read_pattern(mask.pattern, case_insensitive=mask.case_insensitive)
    except PatternError:
        return None
    most = max(1, len(mask.replacement.encode()))
    if most * text_length(cell.column.type) > LONGEST and most * len(text.encode()) > LONGEST:
        return None
    return _fitting(pattern.replace(text, mask.replacement), cell)


def _round(mask: Round, cell: Cell) -> Value:
    kind, value = cell.column.type, cell.value
    if not kind.family.is_number or not isinstance(value, int | Decimal | float) or not mask.is_usable:
        return None
    return rounded_down(value, mask.bucket, kind)


def number_as_column(number: Operand, cell: Cell) -> Value:
    """A number that a mask made as the column shows it."""
    value = number.value
    return number_as(value, cell.column.type, number.type) if isinstance(value, int | Decimal | float) else None


def _as_written(number: Decimal) -> Operand:
    whole = abs(int(number))
    scale = max(0, -int(number.as_tuple().exponent))
    return Operand(number, numeric(len(str(whole)) if whole else 0, scale))


def _noise(mask: Noise, cell: Cell) -> Value:
    """v * (1 + steps * (percent / 100 / 10^6)), with as many steps up or down as the hash of the
    value says.
    """
    value, kind = cell.value, cell.column.type
    if isinstance(value, float):
        return _floating_noise(mask, value, cell)
    text = text_of(value, kind)
    steps = None if text is None else _steps(cell.salt, text)
    if steps is None or not kind.family.is_number or not isinstance(value, int | Decimal):
        return None
    share = mask.percent / 100 / _NOISE_STEPS
    most = _as_written(1 + mask.percent / 100).type
    assert most is not None
    factor = exact(1 + steps * share, digits_of(most), max(0, -int(share.as_tuple().exponent)))
    return number_as_column(calculate("*", Operand(value, kind), factor), cell)


def _floating_noise(mask: Noise, value: float, cell: Cell) -> Value:
    """In floating-point arithmetic, and by the hash of the number with nine decimals."""
    if value and not _SMALLEST <= abs(value) <= _LARGEST:
        return None
    steps = _steps(cell.salt, f"{rounded(Decimal(f'{value:.15g}'), 9):f}")
    if steps is None:
        return None
    return number_as(value * (1.0 + steps * float(mask.percent / 100 / _NOISE_STEPS)), cell.column.type)


def _steps(salt: str | None, text: str) -> int | None:
    """An integer from -10^6 to 10^6, which the hash for this purpose decides: one that another mask
    shows tells nothing of it.
    """
    digest_hex = digest(salt, f"noise:{text}")
    if digest_hex is None:
        return None
    share: int = int(digest_hex[:NOISE_DIGITS], 16) * (2 * _NOISE_STEPS + 1) // 16**NOISE_DIGITS
    return share - _NOISE_STEPS


def _truncate(mask: TruncateDate, cell: Cell) -> Value:
    value, family = cell.value, cell.column.type.family
    if isinstance(value, datetime) and family in (Family.TIMESTAMP, Family.TIMESTAMPTZ):
        cut = start_of(mask.unit, at_utc(value))
        return cut.replace(tzinfo=UTC) if family is Family.TIMESTAMPTZ else cut
    if isinstance(value, date) and family is Family.DATE and mask.unit not in ("day", "hour", "minute"):
        return start_of(mask.unit, at_utc(value)).date()
    return None


def _date_shift(mask: DateShift, cell: Cell) -> Value:
    """From 1 to `days` days, by the hash of the value for this purpose; to the side where the
    calendar has room for all of them, else to the one that the hash says.
    """
    value, family, days = cell.value, cell.column.type.family, timedelta(days=mask.days)
    text = text_of(value, cell.column.type)
    digest_hex = None if text is None else digest(cell.salt, f"date_shift:{text}")
    if digest_hex is None or not isinstance(value, date) or mask.incompatibility(cell.column.type):
        return None
    at = at_utc(value)
    forth = at < datetime.min + days or (at <= datetime.max - days and int(digest_hex[NOISE_DIGITS], 16) >= 8)
    size = timedelta(days=int(digest_hex[:NOISE_DIGITS], 16) * mask.days // 16**NOISE_DIGITS + 1)
    moved = at + size if forth else at - size
    if family is Family.DATE:
        return moved.date()
    return moved.replace(tzinfo=UTC) if family is Family.TIMESTAMPTZ else moved


def _categories(mask: Categories, cell: Cell) -> Value:
    """By two numbers that salt and row decide for this column: whether the true value is kept, and
    which of the others stands in its place.
    """
    kind = cell.column.type
    if mask.incompatibility(kind):
        return None
    digest_hex = digest_of(cell.salt, f"categories:{cell.column.name}:{cell.row()}")
    if digest_hex is None:
        return None
    keeps, other = (Fraction(int(digest_hex[at : at + NOISE_DIGITS], 16), 16**NOISE_DIGITS) for at in (0, NOISE_DIGITS))
    items = sorted({each if kind.family.is_text else int(each) for each in mask.values})
    true = rtrim(cell.value) if isinstance(cell.value, str) else cell.value
    if not isinstance(true, str | int) or true not in items:
        return items[floor(other * len(items))]
    if keeps < Fraction(floor(mask.keep * 16**NOISE_DIGITS / 100), 16**NOISE_DIGITS):
        return items[items.index(true)]
    others = items[items.index(true) + 1 :] + items[: items.index(true)]
    return others[floor(other * len(others))]


def _k_anonymity(mask: KAnonymity, cell: Cell) -> Value:
    alike = None if mask.incompatibility(cell.column.type) else cell.alike(mask.columns)
    return cell.value if alike is not None and alike >= mask.k else None


def _function(mask: Function, cell: Cell) -> Value:
    """Where the one overload that takes the value and the constants gives the column's type, may be
    called and is accepted.
    """
    kind, place = cell.column.type, mask.place
    if place is None or mask.incompatibility(kind):
        return None
    name = dotted(*place)
    fitting = [
        (each, arguments)
        for each in cell.functions.known.get(name, ())
        if each.arguments[:1] == (kind.family.value,)
        and (arguments := _constants(mask.arguments, each.arguments[1:])) is not None
    ]
    if len(fitting) != 1:
        return None
    function, arguments = fitting[0]
    accepted = (
        function.fingerprint in mask.definitions
        if mask.definitions
        else f"{name} {function.fingerprint}" in cell.functions.accepted
    )
    if function.returns != kind.family.value or function.problem or not accepted:
        return None
    if cell.functions.equalized and not function.steady:
        return None
    run = cell.functions.run.get(name)
    return Unevaluated(name) if run is None else _returned(run(cell.value, *arguments), cell)


def _constants(texts: Sequence[str], types: Sequence[str]) -> list[Value] | None:
    """The constants as a function of these types gets them; None where it does not take them."""
    if len(texts) != len(types):
        return None
    constants = [_constant_of(text, type_) for text, type_ in zip(texts, types, strict=True)]
    return None if None in constants else constants


def _constant_of(text: str, type_: str) -> Value:
    try:
        family = Family(type_)
    except ValueError:
        return None
    if family is Family.VARCHAR:
        return text
    if family is Family.NUMERIC:
        return read_exact(text)
    is_constant = family.is_integer or family in (Family.DOUBLE, Family.BOOLEAN, Family.DATE, Family.TIMESTAMP)
    return read(text, ColumnType(family)) if is_constant else None


def _returned(value: Value, cell: Cell) -> Value:
    """What a function gave as the column shows it."""
    if isinstance(value, str):
        return _fitting(rtrim(value) if cell.column.type.family is Family.CHAR else value, cell)
    is_number = isinstance(value, int | Decimal | float) and cell.column.type.family.is_number
    return number_as_column(Operand(value, cell.column.type), cell) if is_number else value


def _sql(mask: Sql, cell: Cell) -> Value:
    return cell.evaluate(mask.expression, cell.column)


def _text(cell: Cell) -> str | None:
    """The characters of a text cell. Spaces that pad a CHAR are no part of it, those of a VARCHAR
    are.
    """
    if not isinstance(cell.value, str) or not cell.column.type.family.is_text:
        return None
    return rtrim(cell.value) if cell.column.type.family is Family.CHAR else cell.value


def _holds(replacement: str, cell: Cell) -> bool:
    """Whether the column can hold the replacement's characters at all."""
    return replacement.isascii() or cell.column.type.family is Family.VARCHAR


def _fitting(text: str, cell: Cell) -> str | None:
    return text if fits_text(text, cell.column.type) else None


MASKS: dict[type, Callable[[Any, Cell], Value]] = {
    Constant: _constant,
    Null: lambda mask, cell: None,
    Hash: _hash,
    Partial: _partial,
    Email: _email,
    Regex: _regex,
    Round: _round,
    Noise: _noise,
    TruncateDate: _truncate,
    DateShift: _date_shift,
    Categories: _categories,
    KAnonymity: _k_anonymity,
    Function: _function,
    Sql: _sql,
}
"""By its kind, what each mask makes of a value."""

"""Which masks fit which columns, and what a mask becomes on a column."""

from decimal import ROUND_HALF_UP, Context, Decimal

from veil.language import outcomes, tree
from veil.language.tree import Expression, Number, Text
from veil.model import (
    ColumnType,
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
from veil.model.patterns import problem_with_pattern
from veil.policy.findings import Problem
from veil.policy.reading import mask_expression
from veil.policy.resolved import Evaluated, FittedMask
from veil.policy.shapes import Shape, meet, read, shape_of
from veil.policy.typecheck import Environment, typecheck

HASH_LENGTH = 64
"""Hex digits of a SHA-256."""

_SUBDAY = ("day", "hour", "minute")
_EXACT = Context(prec=100)
_REAL_LIMIT = Decimal(10) ** 37
"""Source: Amazon Redshift Developer Guide, "Numeric types"."""
Fit = tuple[FittedMask, tuple[Problem, ...]]


def fit(mask: Mask, env: Environment) -> Fit:
    """What `mask` becomes on the column whose type is `env.value`, and the problems that make it `Null`."""
    column_type = env.value
    assert column_type is not None
    if isinstance(mask, Constant):
        return _constant(mask, column_type)
    if isinstance(mask, Sql):
        return _sql(mask, env, column_type)
    needed = _misfit(mask, column_type)
    if needed is None:
        return mask, ()
    return Null(), (_does_not_fit(mask, column_type, needed),)


def widened(column_type: ColumnType, masks: tuple[Mask, ...]) -> ColumnType:
    """The type that a view's column has: a text that may be hashed holds 64 characters."""
    if not column_type.family.is_text or not any(isinstance(mask, Hash) for mask in masks):
        return column_type
    return ColumnType(Family.VARCHAR, length=max(text_length(column_type), HASH_LENGTH))


def text_length(column_type: ColumnType) -> int:
    """How many bytes a CHAR or VARCHAR holds. Redshift Developer Guide, "Character types", gives the defaults."""
    return column_type.length or (256 if column_type.family is Family.VARCHAR else 1)


def may_keep_value(mask: Mask) -> str | None:
    """Why a mask may show a value as it is, or None where it never does."""
    match mask:
        case Regex():
            return "a value in which the pattern is not found stays as it is"
        case Round():
            return "a value that is already a multiple of the bucket stays as it is"
        case Noise():
            return "a value may move by so little that it rounds to itself, and 0 always stays 0"
        case Sql(expression=text):
            expression, _ = mask_expression(text)
            gives = expression is not None and _gives_value(expression)
            return "its expression can give @value itself" if gives else None
        case _:
            return None


def _gives_value(expression: Expression) -> bool:
    """Whether the value itself can come out, chosen and not computed."""
    return any(isinstance(each, tree.MaskedValue) for each in outcomes(expression))


def _misfit(mask: Mask, column_type: ColumnType) -> str | None:
    """What the mask needs instead of this column, or None where it fits."""
    family = column_type.family
    match mask:
        case Hash() if not (family.is_text or family.is_integer):
            return "it works on texts and whole numbers"
        case Partial() | Email() | Regex() if not family.is_text:
            return "it works on texts"
        case Partial(replacement=text) | Regex(replacement=text) if family is Family.CHAR and not text.isascii():
            return f"CHAR holds single-byte characters only, and its replacement {text!r} has others"
        case Regex(pattern=pattern) if problem_with_pattern(pattern):
            return f"its pattern is not usable ({problem_with_pattern(pattern)})"
        case Round() if not family.is_number:
            return "it works on numbers"
        case Round() if not mask.is_usable:
            return "its bucket must be above 0 and have 38 digits at most, 37 of them behind the point"
        case Noise() if not family.is_number:
            return "it works on numbers"
        case TruncateDate() if not family.is_moment:
            return "it works on dates and timestamps"
        case TruncateDate(unit=unit) if family is Family.DATE and unit in _SUBDAY:
            return f"a date has nothing below the {unit}, so it would stay as it is; use week or above"
        case _:
            return None


def _constant(mask: Constant, column_type: ColumnType) -> Fit:
    literal = _constant_literal(mask.value, column_type)
    if literal is not None:
        return Evaluated(literal, replaces_null=True), ()
    single_bytes = " (CHAR holds single-byte characters only)" if column_type.family is Family.CHAR else ""
    why = f"{mask.value!r} cannot be read as a {column_type}{single_bytes}"
    return Null(), (_does_not_fit(mask, column_type, why),)


def _constant_literal(text: str, column_type: ColumnType) -> Expression | None:
    if column_type.family.is_text:
        fits = len(text.encode()) <= text_length(column_type) and (
            text.isascii() or column_type.family is Family.VARCHAR
        )
        return Text(text) if fits else None
    found = read(text, column_type)
    if not isinstance(found, Number):
        return found
    return _held(found.value, column_type)


def _held(value: Decimal, column_type: ColumnType) -> Number | None:
    """The number as the column would hold it, rounded half away from zero; None where it is out of range."""
    if column_type.family is Family.NUMERIC:
        scale = column_type.scale or 0
        value = value.quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP, _EXACT)
        return Number(value) if abs(value) < Decimal(10) ** ((column_type.precision or 18) - scale) else None
    return Number(value) if column_type.family is not Family.REAL or abs(value) < _REAL_LIMIT else None


def _sql(mask: Sql, env: Environment, column_type: ColumnType) -> Fit:
    expression, problem = mask_expression(mask.expression)
    if expression is None:
        return Null(), (problem,) if problem else ()
    found = typecheck(expression, env)
    if found.problems:
        return (Evaluated(found.expression) if _same_kind(found.shape, column_type) else Null()), found.problems
    if not _same_kind(found.shape, column_type):
        return Null(), (_does_not_fit(mask, column_type, f"its expression gives a {found.shape}"),)
    return Evaluated(found.expression), ()


def _same_kind(shape: Shape, column_type: ColumnType) -> bool:
    return shape not in (Shape.NULL, Shape.LOST) and meet(shape, shape_of(column_type))


def _does_not_fit(mask: Mask, column_type: ColumnType, why: str) -> Problem:
    return Problem("mask-does-not-fit", f"{mask_key(mask)} does not fit a {column_type} column: {why}")


def mask_key(mask: Mask) -> str:
    """How HCL spells the mask: the key inside `mask = {…}`."""
    return "truncate_date" if isinstance(mask, TruncateDate) else type(mask).__name__.lower()

"""Which masks fit which columns, and what a mask becomes on a column."""

from dataclasses import replace
from decimal import ROUND_HALF_UP, Context, Decimal

from veil.language import outcomes, tree
from veil.language.tree import Expression, Number, Text
from veil.language.value_types import ValueType, article, meet
from veil.model import ColumnType, Constant, Family, Function, Hash, KAnonymity, Mask, Null, Sql
from veil.policy.column_types import value_type_of
from veil.policy.findings import Problem
from veil.policy.functions import NO_FUNCTIONS, KnownFunctions, bind
from veil.policy.literals import read
from veil.policy.reading import mask_expression
from veil.policy.resolved import ExpressionMask, FittedMask
from veil.policy.typecheck import Environment, typecheck

HASH_LENGTH = 64
"""Hex digits of a SHA-256."""

_EXACT = Context(prec=100)
_REAL_LIMIT = Decimal(10) ** 37
"""Source: Amazon Redshift Developer Guide, "Numeric types"."""
Fit = tuple[FittedMask, tuple[Problem, ...]]


def fit(mask: Mask, env: Environment, known: KnownFunctions = NO_FUNCTIONS) -> Fit:
    """What `mask` becomes on the column whose type is `env.value`, and the problems that make it
    `Null`. `known` are the functions that it may call.
    """
    column_type = env.value
    assert column_type is not None
    if isinstance(mask, Constant):
        return _constant(mask, column_type)
    if isinstance(mask, Sql):
        return _sql(mask, env, column_type)
    needed = mask.incompatibility(column_type)
    if needed is None and isinstance(mask, Function):
        return bind(mask, column_type, known)
    if needed is None:
        return _k_anonymity(mask, env) if isinstance(mask, KAnonymity) else (mask, ())
    return Null(), (_does_not_fit(mask, column_type, needed),)


def widened(column_type: ColumnType, masks: tuple[Mask, ...]) -> ColumnType:
    """The type that a view's column has: a string that may be hashed holds 64 characters."""
    if not column_type.family.is_text or not any(isinstance(mask, Hash) for mask in masks):
        return column_type
    return ColumnType(Family.VARCHAR, length=max(text_length(column_type), HASH_LENGTH))


def text_length(column_type: ColumnType) -> int:
    """How many bytes a CHAR or VARCHAR holds. Redshift Developer Guide, "Character types", gives
    the defaults.
    """
    return column_type.length or (256 if column_type.family is Family.VARCHAR else 1)


def may_keep_value(mask: Mask) -> str | None:
    """Why a mask may show a value as it is, or None where it never does."""
    if not isinstance(mask, Sql):
        return mask.why_kept()
    expression, _ = mask_expression(mask.expression)
    gives = expression is not None and _gives_value(expression)
    return "its expression can give @value itself" if gives else None


def _gives_value(expression: Expression) -> bool:
    """Whether the value itself can come out, chosen and not computed."""
    return any(isinstance(each, tree.MaskedValue) for each in outcomes(expression))


def _constant(mask: Constant, column_type: ColumnType) -> Fit:
    literal = _constant_literal(mask.value, column_type)
    if literal is not None:
        return ExpressionMask(literal, replaces_null=True), ()
    single_bytes = " (CHAR holds single-byte characters only)" if column_type.family is Family.CHAR else ""
    why = f"{mask.value!r} cannot be read as a {column_type}{single_bytes}"
    return Null(), (_does_not_fit(mask, column_type, why),)


def _constant_literal(text: str, column_type: ColumnType) -> Expression | None:
    if column_type.family.is_text:
        fits = len(text.encode()) <= text_length(column_type) and (
            text.isascii() or column_type.family is Family.VARCHAR
        )
        return Text(text) if fits else None
    literal = read(text, column_type)
    if not isinstance(literal, Number):
        return literal
    return _held(literal.value, column_type)


def _held(value: Decimal, column_type: ColumnType) -> Number | None:
    """The number as the column would hold it, rounded half away from zero; None where it is out of
    range.
    """
    if column_type.family is Family.NUMERIC:
        scale = column_type.scale or 0
        value = value.quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP, _EXACT)
        return Number(value) if abs(value) < Decimal(10) ** ((column_type.precision or 18) - scale) else None
    return Number(value) if column_type.family is not Family.REAL or abs(value) < _REAL_LIMIT else None


def _sql(mask: Sql, env: Environment, column_type: ColumnType) -> Fit:
    expression, problem = mask_expression(mask.expression)
    if expression is None:
        return Null(), (problem,) if problem else ()
    typed = typecheck(expression, env)
    if typed.problems:
        return (
            ExpressionMask(typed.expression) if _same_kind(typed.value_type, column_type) else Null()
        ), typed.problems
    if not _same_kind(typed.value_type, column_type):
        return Null(), (
            _does_not_fit(mask, column_type, f"its expression gives {article(typed.value_type)}", expression),
        )
    return ExpressionMask(typed.expression), ()


def _k_anonymity(mask: KAnonymity, env: Environment) -> Fit:
    """With the columns as the table spells them."""
    names: set[str] = set()
    problems: list[Problem] = []
    for name in sorted(mask.columns):
        typed = typecheck(tree.ColumnReference(name), env)
        problems += typed.problems
        if isinstance(typed.expression, tree.ColumnName):
            names.add(typed.expression.name)
        if typed.value_type in (ValueType.DOUBLE, ValueType.OPAQUE):
            why = f"{name} holds values that are not compared for being equal"
            problems.append(Problem("mask-does-not-fit", f"{mask.key} does not fit: its column {why}"))
    return (Null(), tuple(problems)) if problems else (replace(mask, columns=frozenset(names)), ())


def _same_kind(value_type: ValueType, column_type: ColumnType) -> bool:
    return value_type not in (ValueType.NULL, ValueType.LOST) and meet(value_type, value_type_of(column_type))


def _does_not_fit(mask: Mask, column_type: ColumnType, why: str, expression: Expression | None = None) -> Problem:
    span = None if expression is None else expression.span
    return Problem("mask-does-not-fit", f"{mask.key} does not fit a {column_type} column: {why}", span)

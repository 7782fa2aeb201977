"""The one type of several results, as CASE, COALESCE and GREATEST need it."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from veil.model import ColumnType, Family
from veil.oracle.arithmetic import is_float, is_whole
from veil.oracle.lengths import any_of
from veil.oracle.logic import Truth
from veil.oracle.operands import DATE, DOUBLE, NOTHING, TEXT, TIMESTAMP, UNTYPED, Group, Operand, numeric
from veil.oracle.values import MOST_DIGITS, Value, at_utc, digits_of, number_as


def common_type(operands: Sequence[Operand]) -> ColumnType | None:
    """The type that holds them all, untyped NULLs aside; None where they do not mix, or none has a
    type.
    """
    typed = [each for each in operands if each.type is not None]
    groups = {each.group for each in typed}
    if len(groups) != 1 or groups == {None}:
        return None
    group = groups.pop()
    if group is Group.TEXT:
        return TEXT
    if group is Group.NUMBER:
        return _number_type(typed)
    if group is Group.MOMENT:
        families = {each.type.family for each in typed if each.type}
        return DATE if families == {Family.DATE} else typed[0].type if len(families) == 1 else TIMESTAMP
    return typed[0].type


def as_results(operands: Sequence[Operand]) -> list[Operand]:
    """The operands, of which one is chosen, each in the type that they have in common."""
    kind = common_type(operands)
    return [as_result(each, kind, operands) for each in operands]


def as_result(operand: Operand, kind: ColumnType | None, among: Sequence[Operand] = ()) -> Operand:
    """The operand, one `among` several, as a result of their common type. Which text a NUMERIC has
    that was chosen is not certain. Where all are NULL as written, so is the result; what do not mix
    have none.
    """
    if kind is None:
        return UNTYPED if all(each.type is None for each in among or (operand,)) else NOTHING
    lengths = [each.length for each in among or (operand,) if each.type is not None]
    extent = any_of(lengths) if kind.family.is_text else None
    return Operand(_as(kind, operand), kind, computed=True, extent=extent)


def _as(kind: ColumnType, operand: Operand) -> Value:
    """The value as the wider type has it: a date as its midnight, an exact number as a float, or
    rounded where all their digits do not fit together.
    """
    value = operand.value
    if kind.family is Family.TIMESTAMP and isinstance(value, date):
        return at_utc(value)
    if kind.family is Family.NUMERIC and isinstance(value, int | Decimal) and operand.type != kind:
        return number_as(value, kind, operand.type)
    return float(value) if kind.family is Family.DOUBLE and isinstance(value, int | Decimal) else value


def case_result(branches: Sequence[tuple[Truth, Operand]], otherwise: Operand) -> Operand:
    """The first result whose condition is TRUE, else `otherwise`."""
    kind = common_type([result for _, result in branches] + [otherwise])
    chosen = next((result for condition, result in branches if condition is True), otherwise)
    return as_result(chosen, kind, [*(result for _, result in branches), otherwise])


def _number_type(operands: Sequence[Operand]) -> ColumnType:
    """Of exact numbers the one with all their digits before the point, and as many decimals as fit
    beside those.
    """
    kinds = [each.type for each in operands if each.type is not None]
    if any(map(is_float, operands)):
        return kinds[0] if len({kind.family for kind in kinds}) == 1 else DOUBLE
    if all(map(is_whole, operands)):
        return max(kinds, key=digits_of)
    digits = max(map(digits_of, kinds))
    return numeric(digits, min(max(kind.scale or 0 for kind in kinds), MOST_DIGITS - digits))

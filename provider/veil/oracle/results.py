"""The one type of several results, as CASE, COALESCE and GREATEST need it."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from veil.model import ColumnType, Family
from veil.oracle.arithmetic import is_float, is_whole
from veil.oracle.logic import Truth
from veil.oracle.operands import DATE, DOUBLE, NOTHING, TEXT, TIMESTAMP, UNSCALED, WHOLE, Group, Operand
from veil.oracle.values import Value, at_utc


def common_type(operands: Sequence[Operand]) -> ColumnType | None:
    """The type that holds them all, untyped NULLs aside; None where they do not mix, or none has a type."""
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


def as_result(operand: Operand, kind: ColumnType | None) -> Operand:
    """The operand as a result of the common type. A NUMERIC that was chosen among several has no certain scale."""
    if kind is None:
        return NOTHING
    return Operand(_as(kind, operand.value), UNSCALED if kind.family is Family.NUMERIC else kind)


def _as(kind: ColumnType, value: Value) -> Value:
    """The value as the wider type has it: a date as its midnight, an exact number as a float."""
    if kind.family is Family.TIMESTAMP and isinstance(value, date):
        return at_utc(value)
    return float(value) if kind is DOUBLE and isinstance(value, int | Decimal) else value


def case_result(branches: Sequence[tuple[Truth, Operand]], otherwise: Operand) -> Operand:
    """The first result whose condition is TRUE, else `otherwise`."""
    kind = common_type([result for _, result in branches] + [otherwise])
    chosen = next((result for condition, result in branches if condition is True), otherwise)
    return as_result(chosen, kind)


def _number_type(operands: Sequence[Operand]) -> ColumnType:
    if any(map(is_float, operands)):
        return DOUBLE
    if all(map(is_whole, operands)):
        return WHOLE
    kinds = {each.type for each in operands}
    return (kinds.pop() if len(kinds) == 1 else None) or UNSCALED

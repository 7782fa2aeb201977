"""CAST: to another type, or NULL where the value cannot be held by it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date
from decimal import Decimal

from veil.model import ColumnType, Family
from veil.oracle.operands import NOTHING, Group, Operand
from veil.oracle.reading import read
from veil.oracle.values import Value, at_utc, number_as, rtrim


def cast(operand: Operand, name: str, arguments: tuple[int, ...]) -> Operand:
    """The operand as the type of this standard name; NULL of that type where its value cannot be, and NOTHING where
    no value of its type can.
    """
    kind = _type(name, arguments)
    if not _is_castable(operand, kind):
        return NOTHING
    return Operand(None if operand.value is None else converted(operand, kind), kind)


def converted(operand: Operand, kind: ColumnType) -> Value:
    """The value in this type: texts are read, numbers rounded, moments cut to a date or set to its midnight."""
    source = operand.group
    if kind.family.is_text:
        text = operand.value if isinstance(operand.value, str) else operand.text
        return None if text is None else _shortened(text, kind)
    if source is Group.TEXT and isinstance(operand.value, str):
        return read(operand.value, kind)
    return _CONVERSIONS.get((source, replace(operand, type=kind).group), _none)(operand.value, kind)


def _is_castable(operand: Operand, kind: ColumnType) -> bool:
    """Whether values of the operand's type have a form in this one at all."""
    if operand.type is None or operand.group is Group.TEXT:
        return True
    if kind.family.is_text:
        return operand.group is not None and operand.has_text
    return (operand.group, Operand(None, kind).group) in _CONVERSIONS


def _type(name: str, arguments: tuple[int, ...]) -> ColumnType:
    family = Family(name)
    if family is Family.NUMERIC:
        return ColumnType(family, precision=arguments[0], scale=arguments[1])
    return ColumnType(family, length=arguments[0]) if arguments else ColumnType(family)


def _shortened(text: str, kind: ColumnType) -> str | None:
    """Cut to what the type holds, as an explicit cast cuts; CHAR without its padding, and for ASCII only."""
    if kind.family is Family.CHAR and not text.isascii():
        return None
    if kind.length is not None:
        text = text.encode()[: kind.length].decode(errors="ignore")
    return rtrim(text) if kind.family is Family.CHAR else text


def _number(value: Value, kind: ColumnType) -> Value:
    return number_as(value, kind) if isinstance(value, int | float | Decimal) else None


def _moment(value: Value, kind: ColumnType) -> Value:
    if not isinstance(value, date):
        return None
    moment = at_utc(value)
    if kind.family is Family.DATE:
        return moment.date()
    return moment.replace(tzinfo=UTC) if kind.family is Family.TIMESTAMPTZ else moment


def _boolean(value: Value, kind: ColumnType) -> Value:
    return value if isinstance(value, bool) else None


def _none(value: Value, kind: ColumnType) -> Value:
    return None


_CONVERSIONS: dict[tuple[Group | None, Group | None], Callable[[Value, ColumnType], Value]] = {
    (Group.NUMBER, Group.NUMBER): _number,
    (Group.MOMENT, Group.MOMENT): _moment,
    (Group.BOOLEAN, Group.BOOLEAN): _boolean,
}

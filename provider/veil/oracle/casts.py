"""CAST: to another type, or NULL where the value cannot be held by it."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date
from decimal import Decimal
from functools import lru_cache

from veil.model import ColumnType, Family
from veil.oracle.lengths import Length, cut, of_bytes
from veil.oracle.operands import NOTHING, Group, Operand
from veil.oracle.reading import read
from veil.oracle.values import Value, at_utc, number_as, rtrim, text_length


def cast(operand: Operand, name: str, arguments: tuple[int, ...]) -> Operand:
    """The operand as the type of this standard name; NULL of that type where its value cannot be,
    and NOTHING where no value of its type can.
    """
    kind = _type(name, arguments)
    if not _is_castable(operand, kind):
        return NOTHING
    return Operand(None if operand.value is None else converted(operand, kind), kind, extent=_extent(operand, kind))


def _extent(operand: Operand, kind: ColumnType) -> Length | None:
    if not kind.family.is_text:
        return None
    if operand.group is Group.TEXT:
        return cut(operand.length, text_length(kind))
    return of_bytes(min(text_length(kind), _LONGEST_OF_OTHERS))


_LONGEST_OF_OTHERS = 64
"""Bytes of the longest text of a value that is none."""


def converted(operand: Operand, kind: ColumnType) -> Value:
    """The value in this type: texts are read, numbers rounded, moments cut to a date or set to its
    midnight.
    """
    source = operand.group
    if kind.family.is_text:
        text = operand.value if isinstance(operand.value, str) else operand.text
        return None if text is None else _shortened(text, kind)
    if source is Group.TEXT and isinstance(operand.value, str):
        return _read(operand.value, kind)
    return _CONVERSIONS.get((source, replace(operand, type=kind).group), _none)(operand, kind)


def _read(text: str, kind: ColumnType) -> Value:
    """A text as the type. The digits of a NUMERIC are counted, and it has no exponent."""
    if kind.family is Family.NUMERIC and not _numeric_pattern(kind.scale or 0).match(text.strip(" ")):
        return None
    return read(text, kind)


@lru_cache
def _numeric_pattern(scale: int) -> re.Pattern[str]:
    return re.compile(rf"[+-]?([0-9]{{1,{max(1, 37 - scale)}}}([.][0-9]{{0,37}})?|[.][0-9]{{1,37}})\Z")


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
    """Cut to what the type holds, as an explicit cast cuts; a CHAR without its padding, and only of
    what it holds.
    """
    text = text.encode()[: text_length(kind)].decode(errors="ignore")
    if kind.family is not Family.CHAR:
        return text
    return rtrim(text) if all("\t" <= each <= "~" for each in text) else None


def _number(operand: Operand, kind: ColumnType) -> Value:
    value = operand.value
    return number_as(value, kind, operand.type) if isinstance(value, int | float | Decimal) else None


def _moment(operand: Operand, kind: ColumnType) -> Value:
    value = operand.value
    if not isinstance(value, date):
        return None
    moment = at_utc(value)
    if kind.family is Family.DATE:
        return moment.date()
    return moment.replace(tzinfo=UTC) if kind.family is Family.TIMESTAMPTZ else moment


def _boolean(operand: Operand, kind: ColumnType) -> Value:
    return operand.value if isinstance(operand.value, bool) else None


def _none(operand: Operand, kind: ColumnType) -> Value:
    return None


_CONVERSIONS: dict[tuple[Group | None, Group | None], Callable[[Operand, ColumnType], Value]] = {
    (Group.NUMBER, Group.NUMBER): _number,
    (Group.MOMENT, Group.MOMENT): _moment,
    (Group.BOOLEAN, Group.BOOLEAN): _boolean,
}

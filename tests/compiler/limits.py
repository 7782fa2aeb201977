"""A compiled tree against the limits that AWS documents: every literal, every type, and how large
what is computed of NUMERIC and whole numbers can get, whatever a row holds.

Sources: `tests/surface/limits.json`, the entries about DECIMAL, literals, integers and VARCHAR.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from veil.compiler.sql import (
    Call,
    Case,
    Cast,
    ColumnRef,
    Form,
    Infix,
    NumberLiteral,
    PerColumn,
    Prefix,
    Sql,
    Sum,
    TextLiteral,
    ThisColumn,
)
from veil.model import ColumnType, Family

_LIMITS = {
    each["about"]: each["value"]
    for each in json.loads((Path(__file__).parents[1] / "surface" / "limits.json").read_text())
}
DIGITS: int = _LIMITS["DECIMAL precision"][1]
DECIMALS: int = _LIMITS["DECIMAL scale"][1]
BYTES: int = _LIMITS["VARCHAR column"]
_THIS = ""
"""Stands for the column that a body is about."""
_WHOLE = {Family.SMALLINT: _LIMITS["SMALLINT"], Family.INTEGER: _LIMITS["INTEGER"], Family.BIGINT: _LIMITS["BIGINT"]}


@dataclass(frozen=True)
class Size:
    """A number no larger than `most`, with so many decimals; `family` is the type of a whole one.
    One that is `positive` is never below 0.
    """

    most: Fraction
    scale: int = 0
    family: Family | None = None
    positive: bool = False


def parts(node: Any) -> Iterator[Any]:
    """A tree's nodes, each object once, but for the bodies of its columns."""
    seen: set[int] = set()
    todo = [node]
    while todo:
        each = todo.pop()
        if isinstance(each, tuple):
            todo += each
        elif is_dataclass(each) and not isinstance(each, ColumnType) and id(each) not in seen:
            seen.add(id(each))
            yield each
            if not isinstance(each, PerColumn):
                todo += [getattr(each, field.name) for field in fields(each)]


def problems(tree: Any, columns: Mapping[str, ColumnType]) -> Iterator[str]:
    """What in the tree Redshift might not hold."""
    sizes = _Sizes(columns)
    bodies: set[int] = set()
    for node in parts(tree):
        if isinstance(node, PerColumn) and id(node.body) not in bodies:
            bodies.add(id(node.body))
            yield from problems(node.body, {**columns, _THIS: columns[node.column.name]})
        yield from _of_literal(node)
        if isinstance(node, Infix | Sum | Prefix | Cast | Call):
            size = sizes.of(node)
            if size is not None:
                yield from _of_size(node, size)


def _of_literal(node: Any) -> Iterator[str]:
    if isinstance(node, NumberLiteral):
        whole, _, decimals = node.digits.lstrip("-").partition(".")
        if "e" in node.digits.lower() or len(whole.lstrip("0")) + len(decimals) > DIGITS or len(decimals) > DECIMALS:
            yield f"{node.digits} is no literal of a documented type"
        elif not decimals and int(whole) > _LIMITS["BIGINT"][1]:
            yield f"{node.digits} is more than a BIGINT holds, and has no documented type"
    if isinstance(node, TextLiteral) and len(node.text.encode()) > BYTES:
        yield "a text literal is too long"
    if isinstance(node, Cast):
        kind = node.type
        if kind.family is Family.NUMERIC and not (
            0 <= (kind.scale or 0) <= DECIMALS and (kind.precision or 0) <= DIGITS
        ):
            yield f"{kind} is no type"
        if kind.family is Family.VARCHAR and (kind.length or 0) > BYTES:
            yield f"{kind} is no type"


def _of_size(node: Any, size: Size) -> Iterator[str]:
    if size.family is not None:
        if size.most > -_WHOLE[size.family][0]:
            yield f"{type(node).__name__} of {size.family} can be {float(size.most):.3g}"
    elif size.scale > DECIMALS or size.most * 10**size.scale >= 10**DIGITS:
        yield f"{type(node).__name__} with {size.scale} decimals can be {float(size.most):.3g}"


class _Sizes:
    """Finds the size of exact numbers. None: of another type, or not known."""

    def __init__(self, columns: Mapping[str, ColumnType]) -> None:
        self._columns = columns
        self._known: dict[int, Size | None] = {}

    def of(self, node: Sql) -> Size | None:
        if id(node) not in self._known:
            self._known[id(node)] = self._found(node)
        return self._known[id(node)]

    def _found(self, node: Sql) -> Size | None:
        match node:
            case NumberLiteral(digits=digits):
                return _literal(Decimal(digits))
            case ThisColumn():
                return _of_type(self._columns[_THIS])
            case ColumnRef(alias="t", name=name):
                return _of_type(self._columns[name])
            case Cast(operand=TextLiteral(text=text), type=kind) if (
                kind.family is Family.NUMERIC or kind.family.is_integer
            ):
                return Size(abs(Fraction(text)), kind.scale or 0, kind.family if kind.family.is_integer else None)
            case Cast(operand=operand, type=kind):
                return self._cast(self.of(operand), kind)
            case Prefix(operator="-", operand=operand):
                return self.of(operand)
            case Sum(terms=terms):
                return self._sum([self.of(term) for _, term in terms])
            case Infix(operator="-", operands=(left, NumberLiteral() as less)) if (
                size := self.of(left)
            ) and size.positive:
                limit = _literal(Decimal(less.digits)).most
                return Size(max(size.most - limit, limit), size.scale, size.family)
            case Infix(operator="/", operands=(left, right)):
                return self._quotient(self.of(left), self.of(right))
            case Infix(operator="+" | "-", operands=operands):
                return self._sum([self.of(each) for each in operands])
            case Infix(operator="*", operands=(left, right)):
                return self._product(self.of(left), self.of(right))
            case Form(keyword="NULLIF", arguments=(Form() as held, _)) if (limit := self._limit(held)) is not None:
                return limit
            case Form(keyword="NULLIF", arguments=(operand, _)):
                return self.of(operand)
            case Form(keyword="COALESCE" | "GREATEST" | "LEAST", arguments=arguments):
                return _widest([self.of(each) for each in arguments])
            case Case(branches=branches, otherwise=otherwise):
                return _widest([each for each in map(self.of, [*(then for _, then in branches), otherwise]) if each])
            case Call(function="abs", arguments=(operand,)):
                return self.of(operand)
            case Call(function="round" | "floor" | "ceil", arguments=(operand, *_)):
                size = self.of(operand)
                return None if size is None else Size(size.most, size.scale, size.family)
            case Call(function="mod", arguments=(left, right)):
                return self._sum([self.of(left), self.of(right)][:1])
            case Call(function="strtol"):
                return Size(Fraction(16**7 - 1), 0, Family.BIGINT, positive=True)
            case Call(function="len" | "octet_length" | "strpos"):
                return Size(Fraction(BYTES), 0, Family.INTEGER)
            case _:
                return None

    def _limit(self, held: Form) -> Size | None:
        """Of a number held between two others, of which it is neither."""
        innermost = held
        while innermost.keyword == "NULLIF" and isinstance(innermost.arguments[0], Form):
            innermost = innermost.arguments[0]
        if (
            innermost.keyword != "GREATEST"
            or not isinstance(least := innermost.arguments[0], Form)
            or least.keyword != "LEAST"
        ):
            return None
        number, high = (self.of(each) for each in least.arguments)
        if number is None or high is None:
            return None
        below = high.most - Fraction(1, 10**number.scale)
        return Size(min(number.most, below), number.scale, number.family)

    def _cast(self, size: Size | None, kind: ColumnType) -> Size | None:
        found = _of_type(kind)
        if found is None or size is None:
            return found
        return Size(size.most if found.family is None else min(size.most, found.most), found.scale, found.family)

    def _sum(self, sizes: list[Size | None]) -> Size | None:
        if None in sizes:
            return None
        known = [each for each in sizes if each is not None]
        most = sum((each.most for each in known), Fraction(0))
        return Size(most, max(each.scale for each in known), _family(known))

    def _product(self, left: Size | None, right: Size | None) -> Size | None:
        if left is None or right is None:
            return None
        positive = left.positive and right.positive
        return Size(left.most * right.most, left.scale + right.scale, _family([left, right]), positive)

    def _quotient(self, left: Size | None, right: Size | None) -> Size | None:
        """The divisor is no nearer to 0 than its last decimal; a literal of a whole number is what
        it is.
        """
        if left is None or right is None:
            return None
        family = _family([left, right])
        if family is not None:
            least = right.most if right.positive else Fraction(1)
            return Size(Fraction(left.most // least), 0, family, left.positive and right.positive)
        return Size(left.most * 10**right.scale, max(4, left.scale - right.scale))


def _family(sizes: list[Size]) -> Family | None:
    families = [each.family for each in sizes]
    return None if None in families else max((each for each in families if each), key=list(_WHOLE).index)


def _widest(sizes: list[Size | None]) -> Size | None:
    known = [each for each in sizes if each is not None]
    if len(known) < len(sizes) or not known:
        return None
    return Size(max(each.most for each in known), max(each.scale for each in known), _family(known))


def _literal(number: Decimal) -> Size:
    scale = max(0, -int(number.as_tuple().exponent))
    family = None if scale else (Family.INTEGER if abs(number) < 1 << 31 else Family.BIGINT)
    return Size(abs(Fraction(number)), scale, family, number >= 0)


def _of_type(kind: ColumnType) -> Size | None:
    if kind.family in _WHOLE:
        return Size(Fraction(-_WHOLE[kind.family][0]), 0, kind.family)
    if kind.family is Family.NUMERIC:
        precision, scale = kind.precision or 18, kind.scale or 0
        return Size(Fraction(10**precision - 1, 10**scale), scale)
    return None

"""Where a compiled tree compares a REAL with a DOUBLE PRECISION, or chooses between the two,
without a cast.

AWS documents implicit conversions from DOUBLE PRECISION to REAL and none the other way round
(Amazon Redshift Developer Guide, "Type compatibility and conversion"), so that 0.1 might equal a
REAL that is nearest to it. PostgreSQL makes a DOUBLE of both: the embedded engine shows no
difference. Computations are documented to give FLOAT8 ("Computations with numeric values").
"""

from collections.abc import Iterator, Mapping
from typing import Any

from tests.compiler.limits import parts
from veil.compiler.sql import Between, Call, Case, Cast, ColumnRef, Form, In, Infix, PerColumn, Prefix, Sum, ThisColumn
from veil.model import ColumnType, Family

_COMPARED = frozenset({"=", "<>", "<", "<=", ">", ">="})
_CHOOSING = frozenset({"COALESCE", "GREATEST", "LEAST", "NULLIF"})
_SAME = frozenset({"abs", "ceil", "floor", "max", "min", "mod", "round", "trunc"})
_FLOATING = frozenset({Family.REAL, Family.DOUBLE})


def mixtures(tree: Any, columns: Mapping[str, ColumnType]) -> Iterator[str]:
    """The nodes in which they meet."""
    kinds = _Kinds({name: kind.family for name, kind in columns.items()})
    bodies: set[int] = set()
    nodes = list(parts(tree))
    for node in reversed(nodes):  # What is far down is known before it is asked for: trees may be deeper than calls.
        kinds.of(node)
    for node in nodes:
        if isinstance(node, PerColumn) and id(node.body) not in bodies:
            bodies.add(id(node.body))
            yield from mixtures(node.body, {**columns, "": columns[node.column.name]})
        if {kinds.of(each) for each in _meeting(node)} >= _FLOATING:
            yield f"{type(node).__name__} {getattr(node, 'operator', getattr(node, 'keyword', ''))}"


def _meeting(node: Any) -> tuple[Any, ...]:
    """The operands of which one type is made."""
    match node:
        case Infix(operator=operator, operands=operands) if operator in _COMPARED:
            return operands
        case In(operand=operand, items=items):
            return (operand, *items)
        case Between(operand=operand, low=low, high=high):
            return (operand, low, high)
        case Form(keyword=keyword, arguments=arguments) if keyword in _CHOOSING:
            return arguments
        case Case(branches=branches, otherwise=otherwise):
            return (*(then for _, then in branches), otherwise)
        case _:
            return ()


class _Kinds:
    """Finds which floating-point type an expression has; None where it has none, or is of another
    type.
    """

    def __init__(self, columns: Mapping[str, Family]) -> None:
        self._columns = columns
        self._known: dict[int, Family | None] = {}

    def of(self, node: Any) -> Family | None:
        if id(node) not in self._known:
            self._known[id(node)] = self._found(node)
        return self._known[id(node)]

    def _found(self, node: Any) -> Family | None:
        match node:
            case ThisColumn():
                return self._floating(self._columns[""])
            case ColumnRef(alias="t", name=name):
                return self._floating(self._columns[name])
            case Cast(type=kind):
                return self._floating(kind.family)
            case Call(function=function, arguments=(operand, *_)) if function in _SAME:
                return self.of(operand)
            case Prefix(operator="-", operand=operand):
                return self.of(operand)
            case Infix(operator="+" | "-" | "*" | "/", operands=operands):
                return self._computed([self.of(each) for each in operands])
            case Sum(terms=terms):
                return self._computed([self.of(term) for _, term in terms])
            case _:
                kinds = {self.of(each) for each in _meeting(node)} if isinstance(node, Form | Case) else set()
                return Family.DOUBLE if Family.DOUBLE in kinds else Family.REAL if Family.REAL in kinds else None

    def _floating(self, family: Family) -> Family | None:
        return family if family in _FLOATING else None

    def _computed(self, kinds: list[Family | None]) -> Family | None:
        """Of a REAL and anything else the page makes a FLOAT8."""
        if set(kinds) == {Family.REAL}:
            return Family.REAL
        return Family.DOUBLE if any(kinds) else None

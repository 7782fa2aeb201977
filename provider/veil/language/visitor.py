"""What an expression mentions."""

import dataclasses
from collections.abc import Callable, Hashable, Iterator, Mapping
from functools import cache
from typing import Any, cast, get_type_hints

from veil.language import tree
from veil.language.functions import ALLOWED
from veil.language.tree import (
    AboutUser,
    ColumnName,
    ColumnReference,
    ColumnTagged,
    Expression,
    InLookup,
    IsUsingPurpose,
    Lookup,
    Node,
)


def walk(expression: Expression, *, into_lookups: bool = True) -> Iterator[Expression]:
    """`expression` and everything in it, parents first, in the order of the text.

    A lookup's column and condition are included unless `into_lookups` is False.
    """
    pending = [expression]
    while pending:
        node = pending.pop()
        yield node
        names = _fields(cast(Hashable, type(node)))
        if names:
            children = [each for name in names for each in _expressions(getattr(node, name), into_lookups)]
            pending += children[::-1]


@cache
def _fields(kind: Hashable) -> tuple[str, ...]:
    """The names of the fields of a class of nodes that may hold expressions."""
    assert dataclasses.is_dataclass(kind)
    hints = get_type_hints(kind)
    plain = (str, bool, str | None)
    return tuple(each.name for each in dataclasses.fields(kind) if not each.kw_only and hints[each.name] not in plain)


def _expressions(value: object, into_lookups: bool) -> Iterator[Expression]:
    """The expressions that a field of a node holds."""
    if isinstance(value, tuple):
        for item in value:
            yield from _expressions(item, into_lookups)
    elif isinstance(value, Lookup):
        if into_lookups:
            yield value.select
            yield from () if value.where is None else (value.where,)
    elif isinstance(value, Node):
        yield value  # type: ignore[misc] # every node is one of the union


def asks_user(expression: Expression) -> bool:
    """Whether who the user is, or what they hold, decides anything in the expression, its lookups
    included.
    """
    return any(isinstance(each, AboutUser) for each in walk(expression))


def referenced_columns(expression: Expression) -> frozenset[str]:
    """The columns of the protected row that are named: bare names outside lookups, and every
    `@columnReference`.
    """
    bare = {each.name for each in walk(expression, into_lookups=False) if isinstance(each, ColumnName)}
    return frozenset(bare | {each.name for each in walk(expression) if isinstance(each, ColumnReference)})


def referenced_tags(expression: Expression) -> frozenset[str]:
    """The tags of every `@columnTagged`, in lower case."""
    return frozenset(each.tag for each in walk(expression) if isinstance(each, ColumnTagged))


def lookup_columns(lookup: Lookup) -> frozenset[str]:
    """The columns of its own table that a lookup names."""
    parts = [lookup.select, *([] if lookup.where is None else [lookup.where])]
    return frozenset(each.name for part in parts for each in walk(part) if isinstance(each, ColumnName))


def lookups(expression: Expression) -> tuple[Lookup, ...]:
    """Every lookup, in the order of the text."""
    return tuple(each.lookup for each in walk(expression) if isinstance(each, InLookup))


def purposes(expression: Expression) -> frozenset[str]:
    """The purposes of every `@isUsingPurpose`."""
    return frozenset(each.purpose for each in walk(expression) if isinstance(each, IsUsingPurpose))


def outcomes(expression: Expression) -> Iterator[Expression]:
    """The parts of an expression that can come out of it as they are, chosen or cast and not
    computed.
    """
    for each in OUTCOMES[type(expression)](expression):
        if each is expression:
            yield each
        else:
            yield from outcomes(each)


def _of_case(node: tree.Case) -> tuple[Expression, ...]:
    results = tuple(result for _, result in node.branches)
    return results if node.otherwise is None else (*results, node.otherwise)


def _of_call(node: tree.Call) -> tuple[Expression, ...]:
    return node.arguments if ALLOWED[node.function].gives is None else (node,)


def _itself(node: Expression) -> tuple[Expression, ...]:
    return (node,)


OUTCOMES: Mapping[type[tree.Node], Callable[[Any], tuple[Expression, ...]]] = {
    tree.Cast: lambda node: (node.operand,),
    tree.Case: _of_case,
    tree.Call: _of_call,
    **dict.fromkeys((tree.Arithmetic, tree.Negative, tree.Concat), _itself),
    **dict.fromkeys((tree.Not, tree.And, tree.Or, tree.Comparison, tree.IsNull, tree.BooleanTest), _itself),
    **dict.fromkeys((tree.IsDistinct, tree.In, tree.Between, tree.Like), _itself),
    **dict.fromkeys(tree.constructs(tree.Fixed, tree.AboutUser, tree.AboutRow, tree.Templated), _itself),
}
"""What can come out of each construct: itself, where it computes something."""

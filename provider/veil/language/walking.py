"""What an expression mentions."""

import dataclasses
from collections.abc import Iterator

from veil.language.tree import (
    AttributeValuesContains,
    ColumnName,
    ColumnReference,
    ColumnTagged,
    Expression,
    GroupsContains,
    HasAttribute,
    HasTagAsAttribute,
    HasTagAsGroup,
    InLookup,
    IsInGroups,
    IsUsingPurpose,
    Lookup,
    PurposesContains,
    Username,
)

_OF_USER = (
    AttributeValuesContains,
    GroupsContains,
    HasAttribute,
    HasTagAsAttribute,
    HasTagAsGroup,
    IsInGroups,
    IsUsingPurpose,
    PurposesContains,
    Username,
)


def walk(expression: Expression, *, into_lookups: bool = True) -> Iterator[Expression]:
    """`expression` and everything in it, parents first, in the order of the text.

    A lookup's column and condition are included unless `into_lookups` is False.
    """
    pending = [expression]
    while pending:
        node = pending.pop()
        yield node
        pending.extend(reversed(list(_children(node, into_lookups))))


def _children(node: Expression, into_lookups: bool) -> Iterator[Expression]:
    for each in dataclasses.fields(node):
        yield from _expressions(getattr(node, each.name), into_lookups)


def _expressions(value: object, into_lookups: bool) -> Iterator[Expression]:
    """The expressions that a field of a node holds."""
    if isinstance(value, tuple):
        for item in value:
            yield from _expressions(item, into_lookups)
    elif isinstance(value, Lookup):
        if into_lookups:
            yield value.select
            yield from () if value.where is None else (value.where,)
    elif isinstance(value, Expression):
        yield value


def asks_user(expression: Expression) -> bool:
    """Whether who the user is, or what they hold, decides anything in the expression, its lookups included."""
    return any(isinstance(each, _OF_USER) for each in walk(expression))


def referenced_columns(expression: Expression) -> frozenset[str]:
    """The columns of the protected row that are named: bare names outside lookups, and every `@columnReference`."""
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

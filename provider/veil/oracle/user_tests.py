"""The tests that ask about the user. With a profile each is TRUE or FALSE, but for a NULL value
looked for.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from veil.language import has_infrastructure, infrastructure_pieces, tree
from veil.model import DataSource, Integration, fold, with_parents
from veil.oracle.entitlements import Entitlements
from veil.oracle.facts import Facts
from veil.oracle.logic import Truth, conjunction, disjunction, negation
from veil.oracle.operands import Operand
from veil.oracle.places import maskable
from veil.oracle.scope import Scope
from veil.oracle.values import rtrim

IDENTITY_PROVIDER = "redshift"


def contains(held: Entitlements, value: Operand, placeholder: str | None) -> Truth:
    """Whether the text of the value is one of those held, or the placeholder where none is held.

    Unknown where the value is NULL or has no one text.
    """
    text = value.text
    if text is None:
        return None
    is_held = held.has(text)
    if placeholder is None:
        return is_held
    nothing = negation(held.some(lambda _: True))
    return disjunction((is_held, conjunction((nothing, text == rtrim(placeholder)))))


def in_groups(facts: Facts, groups: Iterable[str]) -> Truth:
    """Whether the user is in all of them, of which there is at least one."""
    wanted = tuple(groups)
    return conjunction(facts.in_group(each) for each in wanted) if wanted else False


def has_attribute(facts: Facts, atom: tree.HasAttribute, place: tuple[Integration, DataSource] | None) -> Truth:
    """Whether the user holds exactly that pair.

    With a place, in subscriptions, infrastructure variables in the value stand for its parts, and
    `*` beside them for any run of characters.
    """
    if place is None or not has_infrastructure(atom.value):
        return facts.holds(atom.name, atom.value)
    pattern = re.compile(_pattern(rtrim(atom.value), *place), re.DOTALL)
    return facts.values(atom.name).some(lambda value: pattern.fullmatch(value) is not None)


def infrastructure(part: str, integration: Integration, source: DataSource) -> str:
    """The host, database, schema or table of the data source."""
    return {
        "hostname": integration.hostname,
        "database": integration.table_database,
        "schema": source.schema,
        "table": source.table,
    }[part]


def tag_among(texts: Entitlements, place: str, source: DataSource) -> Truth:
    """Whether one of the texts equals or covers a tag of the source itself, or of any column that
    policies see.
    """
    present = source.tags if place == "dataSource" else {tag for each in maskable(source) for tag in each.tags}
    covering = frozenset(each for tag in present for each in with_parents(tag))
    return texts.some(lambda text: fold(rtrim(text)) in covering)


def _pattern(text: str, integration: Integration, source: DataSource) -> str:
    """The value as a regular expression: what stands for a part is literal, `*` as written is any
    run.
    """
    return "".join(
        re.escape(infrastructure(piece, integration, source)) if at % 2 else ".*".join(map(re.escape, piece.split("*")))
        for at, piece in enumerate(infrastructure_pieces(text))
    )


def _has_attribute(node: tree.HasAttribute, scope: Scope, facts: Facts) -> Truth:
    return has_attribute(facts, node, (scope.world.integration, scope.source) if scope.subscription else None)


TESTS: Mapping[type, Callable[[Any, Scope, Facts], Truth]] = {
    tree.IsInGroups: lambda node, scope, facts: in_groups(facts, node.groups),
    tree.HasAttribute: _has_attribute,
    tree.IsUsingPurpose: lambda node, scope, facts: facts.under(node.purpose),
    tree.HasTagAsAttribute: lambda node, scope, facts: tag_among(
        facts.values(node.attribute), node.place, scope.source
    ),
    tree.HasTagAsGroup: lambda node, scope, facts: tag_among(facts.groups, node.place, scope.source),
}
"""What each test says of a user with a profile, whatever the row."""

"""Where a policy has a `*` that its author may take for a wildcard, and that is none."""

from collections.abc import Iterator

from veil.language import Expression, Usage, has_infrastructure, tree, walk
from veil.model import Exceptions

WHY = (
    "the '*' stands for itself. It is a wildcard only in subscription policies, beside @hostname, @database, @schema or "
    "@table in the same value. Name each value."
)


def literal_stars(expression: Expression, usage: Usage) -> Iterator[str]:
    """The calls of `@hasAttribute` in which `*` is compared as it stands, as they are written."""
    for node in walk(expression):
        if isinstance(node, tree.HasAttribute) and "*" in node.value and not _is_pattern(node.value, usage):
            yield f"@hasAttribute('{node.name}', '{node.value}')"


def _is_pattern(value: str, usage: Usage) -> bool:
    return usage is Usage.SUBSCRIPTION and has_infrastructure(value)


def listed_stars(exceptions: Exceptions) -> Iterator[str]:
    """The same among the attributes that exceptions list, as `name = value`."""
    yield from sorted(f"{each.name} = '{each.value}'" for each in exceptions.attributes if "*" in each.value)

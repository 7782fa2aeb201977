"""Which nested object of one value belongs to which of another: by place, by key, or for sets by
content.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ..diagnostics import Steps
from ..schema.schema import Attribute, Nested, Nesting
from ..values.raw import Raw, equal
from ..values.unknown import UNKNOWN


def is_present(value: Raw) -> bool:
    """Whether a value is neither null nor unknown."""
    return value is not None and value is not UNKNOWN


def children(nested: Nested, value: Raw) -> Iterator[tuple[Steps, Any]]:
    """The objects inside a present nested value, each with its step of a path (none for SINGLE,
    GROUP and SET).
    """
    match nested.nesting:
        case Nesting.SINGLE | Nesting.GROUP:
            yield (), value
        case Nesting.LIST:
            for index, item in enumerate(value):
                yield (index,), item
        case Nesting.MAP:
            for key, item in value.items():
                yield (key,), item
        case Nesting.SET:
            for item in value:
                yield (), item


def rebuild(nested: Nested, pairs: list[tuple[Steps, Any]]) -> Raw:
    """The opposite of ``children``."""
    match nested.nesting:
        case Nesting.SINGLE | Nesting.GROUP:
            return pairs[0][1]
        case Nesting.MAP:
            return {step[0]: item for step, item in pairs}
        case _:
            return [item for _, item in pairs]


def counterpart(nested: Nested, step: Steps, config: Raw, others: Raw) -> Raw:
    """The object in ``others`` that belongs to the configured object ``config`` at ``step``, or
    None.
    """
    if not is_present(others):
        return None
    match nested.nesting:
        case Nesting.SINGLE | Nesting.GROUP:
            return others
        case Nesting.LIST:
            index = step[0]
            return others[index] if isinstance(index, int) and index < len(others) else None
        case Nesting.MAP:
            return others.get(step[0])
        case Nesting.SET:
            return next((other for other in others if fits(nested.attributes, config, other)), None)


def fits(attributes: Mapping[str, Attribute], config: Raw, other: Raw) -> bool:
    """Whether a set element may be what ``config`` became: all that the user set is the same in
    both.
    """
    if not is_present(config) or not is_present(other):
        return False
    return all(_same(attribute, config[name], other[name]) for name, attribute in attributes.items())


def _same(attribute: Attribute, config: Raw, other: Raw) -> bool:
    if attribute.write_only:
        return True
    if config is None and attribute.computed:
        # A default tells elements apart as well. Too few matches are safe: what has none is
        # computed anew.
        return not attribute.has_default or other is None or equal(other, attribute.default, attribute.type)
    if attribute.nested is None or not is_present(config) or not is_present(other):
        return equal(config, other, attribute.type)
    ours, theirs = list(children(attribute.nested, config)), list(children(attribute.nested, other))
    if len(ours) != len(theirs):
        return False
    return all(
        counterpart(attribute.nested, step, item, other) is not None
        and fits(attribute.nested.attributes, item, counterpart(attribute.nested, step, item, other))
        for step, item in ours
    )

"""Keep the spelling that is known already where a new one means the same.

Terraform accepts the prior value in the place of a configured one, and takes every other difference
for a change.
"""

from collections.abc import Mapping

from ..diagnostics import Steps
from ..schema.schema import Attribute, Nesting
from ..values.raw import Raw, contains_unknown
from .pairing import children, counterpart, is_present, rebuild


def keep_equivalent(attributes: Mapping[str, Attribute], value: Raw, known: Raw) -> Raw:
    """The object ``value``, with what ``known`` has for it wherever both mean the same. ``known``
    may be None.

    Nothing is kept inside sets: their elements are distinguished by what they say.
    """
    if not is_present(value) or not is_present(known):
        return value
    return {name: _kept(attribute, value[name], known[name]) for name, attribute in attributes.items()}


def _kept(attribute: Attribute, value: Raw, known: Raw) -> Raw:
    if not is_present(value) or not is_present(known):
        return value
    if attribute.equivalent is not None:
        comparable = all(_is_comparable(attribute, each) for each in (known, value))
        return known if comparable and attribute.equivalent(known, value) else value
    nested = attribute.nested
    if nested is None or nested.nesting is Nesting.SET:
        return value
    pairs: list[tuple[Steps, Raw]] = [
        (step, keep_equivalent(nested.attributes, item, counterpart(nested, step, item, known)))
        for step, item in children(nested, value)
    ]
    return rebuild(nested, pairs)


def _is_comparable(attribute: Attribute, value: Raw) -> bool:
    """Whether an author's comparison is made for the value. One that validation has refused may
    hold a null as an element.
    """
    is_map = attribute.nested is not None and attribute.nested.nesting is Nesting.MAP
    has_null = _has_null_element(list(value.values()) if is_map and isinstance(value, dict) else value)
    return not has_null and not contains_unknown(value)


def _has_null_element(value: Raw) -> bool:
    if isinstance(value, dict):
        return any(_has_null_element(each) for each in value.values())
    return isinstance(value, list) and any(each is None or _has_null_element(each) for each in value)

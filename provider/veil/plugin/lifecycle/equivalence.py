"""Keep the spelling that is known already where a new one means the same.

Terraform accepts the prior value in the place of a configured one, and takes every other difference for a change.
"""

from collections.abc import Mapping

from ..diagnostics import Steps
from ..schema.schema import Attribute, Nesting
from ..values.raw import Raw, contains_unknown
from .pairing import children, counterpart, is_present, rebuild


def keep_equivalent(attributes: Mapping[str, Attribute], value: Raw, known: Raw) -> Raw:
    """The object ``value``, with what ``known`` has for it wherever both mean the same. ``known`` may be None.

    Nothing is kept inside sets: their elements are told apart by what they say.
    """
    if not is_present(value) or not is_present(known):
        return value
    return {name: _kept(attribute, value[name], known[name]) for name, attribute in attributes.items()}


def _kept(attribute: Attribute, value: Raw, known: Raw) -> Raw:
    if not is_present(value) or not is_present(known):
        return value
    if attribute.equivalent is not None:
        comparable = not contains_unknown(value) and not contains_unknown(known)
        return known if comparable and attribute.equivalent(known, value) else value
    nested = attribute.nested
    if nested is None or nested.nesting is Nesting.SET:
        return value
    pairs: list[tuple[Steps, Raw]] = [
        (step, keep_equivalent(nested.attributes, item, counterpart(nested, step, item, known)))
        for step, item in children(nested, value)
    ]
    return rebuild(nested, pairs)

"""Which changed attributes mean that the resource must be replaced."""

from collections.abc import Iterator, Mapping

from ..diagnostics import Steps
from ..schema.schema import Attribute, Nesting
from ..values.raw import Raw, contains_unknown, equal
from ..values.unknown import UNKNOWN
from .pairing import children, counterpart, is_present


def replacement_paths(attributes: Mapping[str, Attribute], planned: Raw, config: Raw, prior: Raw) -> Iterator[Steps]:
    """The paths of attributes with ``requires_replace`` that are planned to change.

    A value that the provider computes, and that is merely unknown yet, replaces nothing.
    """
    for name, attribute in attributes.items():
        left_open = planned[name] is UNKNOWN and config[name] is None
        if left_open or equal(planned[name], prior[name], attribute.type):
            continue
        if attribute.requires_replace or _replaces(attribute, prior[name], planned[name]):
            yield (name,)
        elif attribute.nested is not None and is_present(planned[name]) and is_present(prior[name]):
            yield from _inside(attribute, planned[name], config[name], prior[name])


def _replaces(attribute: Attribute, old: Raw, new: Raw) -> bool:
    # What is not known yet has to be decided now: Terraform lets nobody change his mind during
    # apply.
    return attribute.replaces is not None and (contains_unknown(new) or attribute.replaces(old, new))


def _inside(attribute: Attribute, planned: Raw, config: Raw, prior: Raw) -> Iterator[Steps]:
    nested = attribute.nested
    if nested is None or nested.nesting is Nesting.SET:
        return
    for step, item in children(nested, planned):
        before = counterpart(nested, step, item, prior)
        source = counterpart(nested, step, item, config)
        if is_present(item) and is_present(before) and is_present(source):
            for path in replacement_paths(nested.attributes, item, source, before):
                yield (attribute.name, *step, *path)

"""Complete what Terraform proposes: defaults in, write-only values out, computed values unknown.

Terraform proposes the configuration, with prior values where a computed attribute is not
configured. It marks nothing as unknown: the provider must, or every update of a derived value is an
"inconsistent result after apply".
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from ..diagnostics import Steps
from ..schema.schema import Attribute, Nested, Nesting
from ..values.raw import Raw, equal
from ..values.unknown import UNKNOWN
from .pairing import children, counterpart, fits, is_present, rebuild


def fill_defaults(attributes: Mapping[str, Attribute], proposed: Raw, config: Raw) -> Raw:
    """``proposed`` with defaults where the configuration is null, and null for everything
    write-only.
    """
    return {name: _filled(attribute, proposed[name], config[name]) for name, attribute in attributes.items()}


def _filled(attribute: Attribute, proposed: Raw, config: Raw) -> Raw:
    if attribute.write_only:
        return None
    if config is None:
        return attribute.default if attribute.has_default else proposed
    if attribute.nested is None or not is_present(config) or not is_present(proposed):
        return proposed
    pairs: list[tuple[Steps, Raw]] = []
    for step, item in children(attribute.nested, config):
        matching = counterpart(attribute.nested, step, item, proposed)
        start = matching if is_present(matching) else item
        complete = fill_defaults(attribute.nested.attributes, start, item) if is_present(item) else item
        pairs.append((step, complete))
    return rebuild(attribute.nested, pairs)


def mark_unknown(
    attributes: Mapping[str, Attribute],
    planned: Raw,
    config: Raw,
    prior: Raw,
    decided: AbstractSet[str] = frozenset(),
) -> Raw:
    """``planned`` with UNKNOWN for every computed value that this change may alter.

    Call it only if there is a change. ``prior`` is None for an object that is new; ``decided``
    names attributes that the provider has set itself.
    """
    result = {
        name: planned[name]
        if name in decided
        else _marked(attribute, planned[name], config[name], prior[name] if is_present(prior) else None)
        for name, attribute in attributes.items()
    }
    # A computed input that becomes unknown makes its dependants unknown, so repeat until nothing
    # changes.
    pending = {n: a for n, a in attributes.items() if n not in decided and _is_left_to_provider(a, config[n])}
    while pending:
        stale = [name for name, attribute in pending.items() if _is_stale(attribute, attributes, result, prior)]
        if not stale:
            break
        for name in stale:
            result[name] = UNKNOWN
            del pending[name]
    return result


def _is_left_to_provider(attribute: Attribute, config: Raw) -> bool:
    return attribute.computed and not attribute.has_default and config is None


def _is_stale(attribute: Attribute, siblings: Mapping[str, Attribute], planned: Raw, prior: Raw) -> bool:
    """Whether a computed value has to be computed anew. One that has none yet may get one at any
    change.
    """
    if not is_present(prior) or prior[attribute.name] is None or attribute.inputs is None:
        return True
    return any(not equal(planned[name], prior[name], siblings[name].type) for name in attribute.inputs)


def _marked(attribute: Attribute, planned: Raw, config: Raw, prior: Raw) -> Raw:
    """Mark inside a configured nested object; everything else is decided among siblings."""
    if attribute.nested is None or not is_present(config) or not is_present(planned):
        return planned
    nested = attribute.nested
    pairs: list[tuple[Steps, Raw]] = []
    for step, item in children(nested, planned):
        source = _config_of(nested, step, item, config) if is_present(item) else None
        if not is_present(source):
            pairs.append((step, item))
            continue
        before = counterpart(nested, step, source, prior)
        pairs.append((step, mark_unknown(nested.attributes, item, source, before)))
    return rebuild(nested, pairs)


def _config_of(nested: Nested, step: Steps, planned: Raw, config: Raw) -> Raw:
    """The configured object that a planned one comes from."""
    if nested.nesting is Nesting.SET:
        return next((item for item in config if fits(nested.attributes, item, planned)), None)
    return counterpart(nested, step, planned, config)

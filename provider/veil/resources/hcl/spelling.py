"""Tags mean the same in any case: what differs in nothing else is no change."""

from typing import Any

from veil.model import fold
from veil.plugin import Model, Plan, is_known, wholly_known

_TAGS = frozenset(
    {"tags", "data_source_tags", "column_tags", "column_tag", "null_tags", "closed_tags", "filter_column_tags"}
)


def ignore_spelling(plan: Plan[Any]) -> None:
    """Keep the tags of the state where the configuration only spells them otherwise, as after an
    import.

    Where nothing else was to change either, nothing changes at all.
    """
    planned, prior = plan.planned, plan.prior
    if planned is None or prior is None:
        return
    if not _keep(planned, prior) or any(_changes(plan, name) for name in type(planned).model_fields):
        return
    for name in type(planned).model_fields:
        setattr(planned, name, getattr(prior, name))


def _keep(planned: Any, prior: Any) -> int:
    """Put the prior spelling into `planned`; how many attributes that altered."""
    if isinstance(planned, Model) and isinstance(prior, Model):
        return sum(_keep_field(planned, prior, name) for name in type(planned).model_fields)
    if isinstance(planned, dict) and isinstance(prior, dict):
        return sum(_keep(planned[key], prior[key]) for key in planned.keys() & prior.keys())
    if isinstance(planned, list) and isinstance(prior, list) and len(planned) == len(prior):
        return sum(_keep(one, other) for one, other in zip(planned, prior, strict=True))
    return 0


def _keep_field(planned: Model, prior: Model, name: str) -> int:
    value, before = getattr(planned, name), getattr(prior, name, None)
    if name not in _TAGS:
        return _keep(value, before)
    if (
        not wholly_known(value)
        or value is None
        or before is None
        or value == before
        or _folded(value) != _folded(before)
    ):
        return 0
    setattr(planned, name, before)
    return 1


def _folded(tags: Any) -> Any:
    return fold(tags) if isinstance(tags, str) else frozenset(map(fold, tags))


def _changes(plan: Plan[Any], name: str) -> bool:
    value = getattr(plan.planned, name)
    if not is_known(value):
        return getattr(plan.config, name, None) is not None
    return bool(value != getattr(plan.prior, name))

"""Makes a failing case small: takes away sources, policies, people and parts of policies while it still fails."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from tests.fuzz.worlds import Case
from veil.language import ExpressionError, Usage, parse, to_text, tree
from veil.model import Exceptions, MaskingPolicy, RowPolicy, Where, World
from veil.model.integration import Baseline

_MAPS = (
    "data_sources",
    "masking_policies",
    "row_policies",
    "subscription_policies",
    "subscriptions",
    "profiles",
    "projects",
    "purposes",
    "runtimes",
)


def reduced(case: Case, fails: Callable[[Case], bool], most: int = 400) -> Case:
    """A case that fails as `case` does, with as little in it as was found in so many tries."""
    tries = 0
    progress = True
    while progress:
        progress = False
        for world in smaller(case.world):
            tries += 1
            if tries > most:
                return case
            attempt = replace(case, world=world)
            if fails(attempt):
                case, progress = attempt, True
                break
    return case


def smaller(world: World) -> Iterator[World]:
    """Worlds with one thing less."""
    for name in _MAPS:
        objects = getattr(world, name)
        for key in objects:
            yield replace(world, **{name: {other: objects[other] for other in objects if other != key}})
    if world.integration.baseline != Baseline():
        yield replace(world, integration=replace(world.integration, baseline=Baseline()))
    for name, shrink in (
        ("masking_policies", _masking),
        ("row_policies", _row),
        ("data_sources", _source),
        ("profiles", _profile),
    ):
        objects = getattr(world, name)
        for key, thing in objects.items():
            for simpler in shrink(thing):
                yield replace(world, **{name: {**objects, key: simpler}})


def _masking(policy: MaskingPolicy) -> Iterator[MaskingPolicy]:
    if policy.where is not None:
        yield replace(policy, where=None)
        yield from (replace(policy, where=text) for text in _parts(policy.where, Usage.ROW))
    if policy.for_everyone_who is not None:
        yield replace(policy, for_everyone_who=None, otherwise=None)
        yield from (replace(policy, for_everyone_who=text) for text in _parts(policy.for_everyone_who, Usage.AUDIENCE))
    yield from _common(policy)


def _row(policy: RowPolicy) -> Iterator[RowPolicy]:
    if policy.for_everyone_who is not None:
        yield replace(policy, for_everyone_who=None, otherwise=None)
        yield from (replace(policy, for_everyone_who=text) for text in _parts(policy.for_everyone_who, Usage.AUDIENCE))
    if isinstance(policy.show, Where):
        yield from (replace(policy, show=Where(text)) for text in _parts(policy.show.expression, Usage.ROW))
    yield from _common(policy)


def _common(policy: Any) -> Iterator[Any]:
    """What masks and row policies share: exceptions."""
    held = policy.exceptions
    if not held.is_empty:
        yield replace(policy, exceptions=Exceptions())
        for name in ("groups", "attributes", "purposes"):
            if getattr(held, name):
                yield replace(policy, exceptions=replace(held, **{name: frozenset()}))
        if held.expression is not None:
            yield replace(policy, exceptions=replace(held, expression=None))


def _source(source: Any) -> Iterator[Any]:
    if source.policies:
        yield replace(source, policies=frozenset())
    for column in source.columns[1:]:
        yield replace(source, columns=tuple(each for each in source.columns if each is not column))
    for column in source.columns:
        if column.tags:
            bare = replace(column, tags=frozenset())
            yield replace(source, columns=tuple(bare if each is column else each for each in source.columns))


def _profile(profile: Any) -> Iterator[Any]:
    for group in profile.groups:
        yield replace(profile, groups=profile.groups - {group})
    for name in profile.attributes:
        yield replace(profile, attributes={other: held for other, held in profile.attributes.items() if other != name})


def _parts(text: str, usage: Usage) -> Iterator[str]:
    """The operands of the logic at the top of a condition."""
    try:
        expression = parse(text, usage)
    except ExpressionError:
        return
    match expression:
        case tree.And(operands=operands) | tree.Or(operands=operands):
            yield from map(to_text, operands)
        case tree.Not(operand=operand):
            yield to_text(operand)

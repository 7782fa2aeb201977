"""Makes a failing case small: takes away rows, people, sources, policies and parts of policies
while it still fails.
"""

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from tests.fuzz.rows import ROWS
from tests.fuzz.worlds import Case
from veil.language import ExpressionError, Usage, parse, to_text, tree
from veil.model import Exceptions, MaskingPolicy, RowPolicy, Sql, Where, World
from veil.model.integration import Baseline

_OF_PEOPLE = ("profiles", "runtimes", "subscriptions", "approvals")
_MAPS = (
    "data_sources",
    "masking_policies",
    "row_policies",
    "subscription_policies",
    "closings",
    *_OF_PEOPLE,
    "projects",
    "purposes",
)


def reduced(case: Case, user: str, source: str, fails: Callable[[Case], bool], most: int = 600) -> Case:
    """A case that fails as `case` does, with as little in it as was found in so many tries."""
    tries = 0
    progress = True
    while progress and tries < most:
        progress = False
        for step in _STEPS:
            found = True
            while found and tries < most:
                found = False
                for attempt in step(case, user, source):
                    tries += 1
                    if fails(attempt):
                        case, found, progress = attempt, True, True
                        break
    return case


def _crowd(case: Case, user: str, source: str) -> Iterator[Case]:
    """Without all other sources and people at once."""
    sources = {source: case.world.data_sources[source]}
    if len(case.world.data_sources) > 1:
        yield replace(case, world=replace(case.world, data_sources=sources))
    kept = {name: _without(getattr(case.world, name), lambda key: _who(key) == user) for name in _OF_PEOPLE}
    if any(len(kept[name]) < len(getattr(case.world, name)) for name in _OF_PEOPLE):
        yield replace(case, world=replace(case.world, **kept))


def _objects(case: Case, user: str, source: str) -> Iterator[Case]:
    """Without one object."""
    for name in _MAPS:
        objects = getattr(case.world, name)
        for gone in objects:
            if (name, gone) != ("data_sources", source):
                yield replace(
                    case, world=replace(case.world, **{name: _without(objects, lambda key, gone=gone: key != gone)})
                )
    if case.world.integration.baseline != Baseline():
        yield replace(case, world=replace(case.world, integration=replace(case.world.integration, baseline=Baseline())))


def _rows(case: Case, user: str, source: str) -> Iterator[Case]:
    """With one row less."""
    places = case.only if case.only is not None else tuple(range(ROWS))
    for place in places:
        yield replace(case, only=tuple(each for each in places if each != place))


def _parts(case: Case, user: str, source: str) -> Iterator[Case]:
    """With one part of an object simpler."""
    world = case.world
    shrinks: tuple[tuple[str, Callable[[Any], Iterator[Any]]], ...] = (
        ("data_sources", _source),
        ("masking_policies", _masking),
        ("row_policies", _row),
        ("profiles", _profile),
    )
    for name, shrink in shrinks:
        objects = getattr(world, name)
        for key, thing in objects.items():
            for simpler in shrink(thing):
                yield replace(case, world=_with(world, name, {**objects, key: simpler}))


_STEPS = (_crowd, _objects, _rows, _parts)


def _with(world: World, name: str, objects: Mapping[Any, Any]) -> World:
    return replace(world, **{name: objects})


def _without(objects: Mapping[Any, Any], keep: Callable[[Any], bool]) -> dict[Any, Any]:
    return {key: thing for key, thing in objects.items() if keep(key)}


def _who(key: Any) -> str:
    return str(key[0] if isinstance(key, tuple) else key)


def _masking(policy: MaskingPolicy) -> Iterator[MaskingPolicy]:
    if policy.where is not None:
        yield replace(policy, where=None)
        yield from (replace(policy, where=text) for text in _simpler(policy.where, Usage.ROW))
    if isinstance(policy.mask, Sql):
        yield from (replace(policy, mask=Sql(text)) for text in _simpler(policy.mask.expression, Usage.MASK))
    yield from _common(policy)


def _row(policy: RowPolicy) -> Iterator[RowPolicy]:
    if isinstance(policy.show, Where):
        yield from (replace(policy, show=Where(text)) for text in _simpler(policy.show.expression, Usage.ROW))
    yield from _common(policy)


def _common(policy: Any) -> Iterator[Any]:
    """What masks and row policies share: two actions and exceptions."""
    if policy.for_everyone_who is not None:
        yield replace(policy, for_everyone_who=None, otherwise=None)
        yield from (
            replace(policy, for_everyone_who=text) for text in _simpler(policy.for_everyone_who, Usage.AUDIENCE)
        )
    held = policy.exceptions
    if not held.is_empty:
        yield replace(policy, exceptions=Exceptions())
        for name in ("groups", "attributes", "purposes"):
            if getattr(held, name):
                yield replace(policy, exceptions=replace(held, **{name: frozenset()}))
        if held.expression is not None:
            yield replace(policy, exceptions=replace(held, expression=None))
            yield from (
                replace(policy, exceptions=replace(held, expression=text))
                for text in _simpler(held.expression, Usage.AUDIENCE)
            )


def _source(source: Any) -> Iterator[Any]:
    if source.policies:
        yield replace(source, policies=frozenset())
    if source.reopen:
        yield replace(source, reopen=frozenset())
    if source.filter_columns:
        yield replace(source, filter_columns=frozenset())
    if source.tags:
        yield replace(source, tags=frozenset())
    for column in source.columns if len(source.columns) > 1 else ():
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


def _simpler(text: str, usage: Usage) -> Iterator[str]:
    """The texts of expressions with one node replaced by one of its own parts, where the language
    takes them.
    """
    try:
        expression = parse(text, usage)
    except ExpressionError:
        return
    for simpler in _hoisted(expression):
        written = to_text(simpler)
        try:
            parse(written, usage)
        except ExpressionError:
            continue
        yield written


def _hoisted(node: Any) -> Iterator[Any]:
    for path, part in _children(node):
        yield part
        for simpler in _hoisted(part):
            yield _replaced(node, path, simpler)


def _children(node: Any) -> Iterator[tuple[tuple[str, int | None], Any]]:
    for each in dataclasses.fields(node):
        value = getattr(node, each.name)
        if isinstance(value, tree.Expression):
            yield (each.name, None), value
        elif isinstance(value, tuple):
            yield from (((each.name, at), part) for at, part in enumerate(value) if isinstance(part, tree.Expression))


def _replaced(node: Any, path: tuple[str, int | None], part: Any) -> Any:
    name, at = path
    if at is None:
        return replace(node, **{name: part})
    items = getattr(node, name)
    return replace(node, **{name: (*items[:at], part, *items[at + 1 :])})

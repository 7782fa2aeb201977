"""What views show while part of the metadata cannot be trusted: nothing."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from veil.model import KINDS_OF_VIEWS, Kind, World

_UNREADABLE = "\0unreadable"
"""A policy's name that no policy can have: a source that lists it is published closed."""


def closed_while_broken(world: World, broken: Iterable[tuple[Kind, Any]]) -> World:
    """The World to compile from while the metadata rows of the `broken` objects cannot be trusted:
    every source closed.

    What a row said before somebody edited it is not known, so neither is which sources it
    protected.
    """
    if not any(kind in KINDS_OF_VIEWS for kind, _ in broken):
        return world
    sources = world.data_sources.items()
    return replace(
        world, data_sources={key: replace(each, policies=each.policies | {_UNREADABLE}) for key, each in sources}
    )

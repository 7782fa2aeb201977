"""Names that are part of an object's content: policies, purposes, projects and views may change
theirs.

No two objects have one name in the end, but Terraform renames one at a time, in an order that
nobody knows: a swap would never begin. So a change to a name that another object still has keeps
its own for now, with everything else of the change, and waits. As soon as the names that are waited
for are given up, in one group or in several, all objects that can move do so in one transaction.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from veil.model import KINDS, DataSource, Kind, MaskingPolicy, Project, Purpose, RowPolicy, SubscriptionPolicy, kind_of
from veil.model.kinds import Governed
from veil.model.names import canonical

Owner = tuple[Kind, str]
"""An object by its kind and token."""

Named = MaskingPolicy | RowPolicy | SubscriptionPolicy | Purpose | Project


@dataclass(frozen=True, slots=True)
class Name:
    """A name among those that must differ from it."""

    among: str
    text: str


def name_of(thing: Governed | None) -> Name | None:
    """The name of an object that may change; None where the name is what is governed, as a user or
    a table is.
    """
    if thing is None or (among := KINDS[kind_of(thing)].names) is None:
        return None
    match thing:
        case DataSource():
            return Name(among, canonical(thing.view))
        case MaskingPolicy() | RowPolicy() | SubscriptionPolicy() | Purpose() | Project():
            return Name(among, thing.name)
    raise AssertionError(f"{kind_of(thing)} has no name that may change")


def named_like(thing: Governed, other: Governed) -> Governed:
    """The object under the name that `other`, of the same kind, has."""
    if isinstance(thing, DataSource) and isinstance(other, DataSource):
        return replace(thing, view_schema=other.view_schema, view_name=other.view_name)
    if isinstance(thing, Named) and isinstance(other, Named):
        return replace(thing, name=other.name)
    return thing


def contested(waiting: Mapping[Owner, Governed]) -> frozenset[str]:
    """The names of purposes that one object has and another one waits for. Nobody acts under them
    meanwhile: whoever names such a purpose may mean the one that is to come, to whose text nobody
    has agreed.
    """
    return frozenset(wanted.name for wanted in waiting.values() if isinstance(wanted, Purpose))


def movable(waiting: Mapping[Owner, Governed], holder: Callable[[Governed], Owner | None]) -> list[Owner]:
    """Which of the waiting objects can take their names at once: those whose names are free, or
    given up by others of these. Of two that wait for one name it is the first. `holder` tells who
    has the name of an object.
    """
    moving = dict(waiting)
    while blocked := _blocked(moving, holder):
        for owner in blocked:
            del moving[owner]
    return list(moving)


def _blocked(moving: Mapping[Owner, Governed], holder: Callable[[Governed], Owner | None]) -> list[Owner]:
    taken: set[Name | None] = set()
    blocked = []
    for owner, wanted in moving.items():
        name, other = name_of(wanted), holder(wanted)
        if name in taken or (other is not None and other not in moving):
            blocked.append(owner)
        taken.add(name)
    return blocked

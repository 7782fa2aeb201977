"""What counts for one user at one moment: the facts that every test of a policy asks about."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from veil.model import Project, World, covering, words
from veil.oracle.values import rtrim


@dataclass(frozen=True, slots=True)
class Facts:
    """A user with a profile: what they hold and what they act under.

    `purposes` count now, with those above them; `attainable` could count without anybody granting anything: purposes of the current project
    that the user has only to acknowledge. `subscriptions` are live ones. `sources` are those of the current project,
    None where the user acts in none. `joins_by` is the key of the salt that hash masks take while the user acts in a
    project with masked joins. All texts are without trailing blanks.
    """

    user: str
    groups: frozenset[str] = frozenset()
    attributes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    purposes: frozenset[str] = frozenset()
    attainable: frozenset[str] = frozenset()
    subscriptions: frozenset[str] = frozenset()
    project: str | None = None
    sources: frozenset[str] | None = None
    joins_by: str | None = None

    def values(self, attribute: str) -> frozenset[str]:
        return self.attributes.get(rtrim(attribute), frozenset())

    def holds(self, attribute: str, value: str) -> bool:
        return rtrim(value) in self.values(attribute)

    def in_group(self, group: str) -> bool:
        return rtrim(group) in self.groups

    def under(self, purpose: str) -> bool:
        return rtrim(purpose) in self.purposes


def acknowledgement_hash(text: str) -> str:
    """What the warehouse stores when a user agrees to a purpose's text: its SHA-256, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def facts_of(world: World, user: str, now: datetime) -> Facts | None:
    """The user's facts under their current project; None without a profile, and then every test is unknown."""
    runtime = world.runtimes.get(user)
    return facts_in(world, user, now, runtime.current_project if runtime else None)


def facts_in(world: World, user: str, now: datetime, project: str | None) -> Facts | None:
    """The user's facts as if `project` were their current one.

    Whoever acts in a project that is gone, or that they are no longer a member of, acts under no purpose and on no
    data source until they switch.
    """
    profile = world.profiles.get(user)
    if profile is None:
        return None
    found = world.projects.get(project) if project is not None else None
    current = found if found is not None and user in found.members else None
    counting, attainable = _purposes(world, user, current)
    return Facts(
        user=user,
        groups=frozenset(map(rtrim, profile.groups)),
        attributes=_attributes(profile.attributes),
        purposes=counting,
        attainable=attainable,
        subscriptions=_live(world, user, now),
        project=project,
        sources=None if project is None else current.data_sources if current else frozenset(),
        joins_by=current.salt_key if current is not None and current.masked_joins else None,
    )


def projects_of(world: World, user: str) -> tuple[str, ...]:
    """The projects that the user may switch to, by name."""
    return tuple(sorted(name for name, project in world.projects.items() if user in project.members))


def _attributes(held: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    merged: dict[str, frozenset[str]] = {}
    for name, values in held.items():
        merged[rtrim(name)] = merged.get(rtrim(name), frozenset()) | frozenset(map(rtrim, values))
    return merged


def _purposes(world: World, user: str, project: Project | None) -> tuple[frozenset[str], frozenset[str]]:
    """The project's purposes that the user has acknowledged, and those that wait for it."""
    if project is None:
        return frozenset(), frozenset()
    runtime = world.runtimes.get(user)
    agreed = runtime.acknowledgements if runtime else {}
    texts = {name: text for name in project.purposes if (text := words(world.purposes, name))}
    counting = {name for name, text in texts.items() if agreed.get(name) == acknowledgement_hash(text)}
    acting = _with_those_above(counting)
    return acting, _with_those_above(texts) - acting


def _with_those_above(purposes: Iterable[str]) -> frozenset[str]:
    return frozenset(rtrim(each) for name in purposes for each in covering(name))


def _live(world: World, user: str, now: datetime) -> frozenset[str]:
    moment = now if now.tzinfo else now.replace(tzinfo=UTC)
    return frozenset(
        each.data_source
        for each in world.subscriptions.values()
        if each.user == user and (each.expires_at is None or each.expires_at > moment)
    )

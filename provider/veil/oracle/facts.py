"""What counts for one user at one moment: the facts that every test of a policy asks about."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from veil.model import Expires, Profile, Project, Subscription, World, covering, words
from veil.oracle.entitlements import NONE, Entitlements, shared
from veil.oracle.logic import Truth
from veil.oracle.values import rtrim


@dataclass(frozen=True, slots=True)
class Facts:
    """A user with a profile: what they hold and what they act under.

    `purposes` count now, with those above them; `attainable` could count without anybody granting
    anything: purposes of the current project that somebody has only to acknowledge. `subscriptions`
    are live ones, and what was approved at run time. `sources` are those of the current project,
    None where the user acts in none. `joins_by` is the key of the salt that hash masks take while
    the user acts in a project with masked joins. `equalized` says that they act in an equalized
    project: then all this is what its members share, and the name of the user counts for nothing.
    `unprofiled` are members of that project without a profile: they see nothing at all, and so
    nobody does. All texts are without trailing spaces.
    """

    user: str
    groups: Entitlements = NONE
    attributes: Mapping[str, Entitlements] = field(default_factory=dict)
    purposes: Entitlements = NONE
    attainable: frozenset[str] = frozenset()
    subscriptions: frozenset[str] = frozenset()
    project: str | None = None
    sources: frozenset[str] | None = None
    joins_by: str | None = None
    equalized: bool = False
    unprofiled: frozenset[str] = frozenset()

    @property
    def username(self) -> str | None:
        """What `@username` stands for; NULL where all members are to see the same."""
        return None if self.equalized else self.user

    def values(self, attribute: str) -> Entitlements:
        return self.attributes.get(rtrim(attribute), NONE)

    def holds(self, attribute: str, value: str) -> Truth:
        return self.values(attribute).has(rtrim(value))

    def in_group(self, group: str) -> Truth:
        return self.groups.has(rtrim(group))

    def under(self, purpose: str) -> Truth:
        return self.purposes.has(rtrim(purpose))


def acknowledgement_hash(text: str) -> str:
    """What the warehouse stores when a user agrees to a purpose's text: its SHA-256, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def facts_of(world: World, user: str, now: datetime) -> Facts | None:
    """The user's facts under their current project; None without a profile, and then every test is
    unknown.
    """
    runtime = world.runtimes.get(user)
    return facts_in(world, user, now, runtime.current_project if runtime else None)


def facts_in(world: World, user: str, now: datetime, project: str | None) -> Facts | None:
    """The user's facts as if `project` were their current one.

    Whoever acts in a project that is gone, or that they are no longer a member of, acts under no
    purpose and on no data source until they switch. In an equalized project only what every member
    holds is certain, and where a member has no profile it has no data sources.
    """
    if user not in world.profiles:
        return None
    chosen = world.projects.get(project) if project is not None else None
    current = chosen if chosen is not None and user in chosen.members else None
    equalized = current is not None and current.equalized
    people = sorted(current.members) if current is not None and equalized else [user]
    agreed = shared(_agreed(world, each, current) for each in people)
    purposes = _with_those_above(agreed.certain)
    unprofiled = frozenset(each for each in people if each not in world.profiles)
    sources = current.data_sources if current is not None and not unprofiled else frozenset()
    return Facts(
        user=user,
        groups=shared(groups_of(world.profiles.get(each), now) for each in people),
        attributes=_shared_attributes([attributes_of(world.profiles.get(each), now) for each in people]),
        purposes=Entitlements(purposes, _with_those_above(agreed.doubtful) - purposes),
        attainable=_with_those_above(_texts(world, current)) - purposes,
        subscriptions=shared(_live(world, each, now, approved=not equalized) for each in people).certain,
        project=project,
        sources=None if project is None else sources,
        joins_by=current.salt_key if current is not None and current.masked_joins else None,
        equalized=equalized,
        unprofiled=unprofiled,
    )


def projects_of(world: World, user: str) -> tuple[str, ...]:
    """The projects that the user may switch to, by name."""
    return tuple(sorted(name for name, project in world.projects.items() if user in project.members))


def groups_of(profile: Profile | None, now: datetime) -> frozenset[str]:
    """The groups that a profile gives at `now`, without trailing spaces."""
    if profile is None:
        return frozenset()
    expires = profile.expires
    return frozenset(rtrim(each) for each in profile.groups if lasts(expires.of_group(each), now))


def attributes_of(profile: Profile | None, now: datetime) -> dict[str, frozenset[str]]:
    """The values by attribute that a profile gives at `now`, all without trailing spaces."""
    merged: dict[str, frozenset[str]] = {}
    for name, values in profile.attributes.items() if profile else ():
        assert profile is not None
        live = frozenset(rtrim(each) for each in values if lasts(profile.expires.of_value(name, each), now))
        merged[rtrim(name)] = merged.get(rtrim(name), frozenset()) | live
    return merged


def _shared_attributes(each_ones: list[dict[str, frozenset[str]]]) -> dict[str, Entitlements]:
    names = {name for attributes in each_ones for name in attributes}
    return {name: shared(attributes.get(name, frozenset()) for attributes in each_ones) for name in names}


def _texts(world: World, project: Project | None) -> dict[str, str]:
    """The project's purposes that can count, and what is to be agreed to for each."""
    names = project.purposes if project else ()
    return {name: text for name in names if (text := words(world.purposes, name))}


def _agreed(world: World, user: str, project: Project | None) -> frozenset[str]:
    """The project's purposes that the user has acknowledged, which nobody does without a
    profile.
    """
    runtime = world.runtimes.get(user) if user in world.profiles else None
    agreed = runtime.acknowledgements if runtime else {}
    texts = _texts(world, project)
    return frozenset(name for name, text in texts.items() if agreed.get(name) == acknowledgement_hash(text))


def _with_those_above(purposes: Iterable[str]) -> frozenset[str]:
    return frozenset(rtrim(each) for name in purposes for each in covering(name))


def ends_after(world: World, user: str, now: datetime) -> Expires:
    """When what the user's profile gives at `now` ends, as far as it does."""
    profile = world.profiles.get(user)
    if profile is None:
        return Expires()
    expires = profile.expires
    return Expires(
        {each: end for each, end in expires.groups.items() if lasts(end, now)},
        {
            name: live
            for name, values in expires.attributes.items()
            if (live := {each: end for each, end in values.items() if lasts(end, now)})
        },
    )


def is_live(subscription: Subscription, now: datetime) -> bool:
    """Whether the subscription still counts at `now`, which is UTC where it has no time zone."""
    return lasts(subscription.expires_at, now)


def lasts(end: datetime | None, now: datetime) -> bool:
    """Whether what has this end, or none, still counts at `now`, which is UTC where it has no time
    zone.
    """
    return end is None or end > (now if now.tzinfo else now.replace(tzinfo=UTC))


def _live(world: World, user: str, now: datetime, *, approved: bool) -> frozenset[str]:
    """What the user is subscribed to, and with `approved` what was approved at run time: that does
    not count in an equalized project, where all are to see the same, whatever somebody approves for
    one of them.
    """
    subscriptions = (*world.subscriptions.values(), *(world.approvals.values() if approved else ()))
    return frozenset(each.data_source for each in subscriptions if each.user == user and is_live(each, now))

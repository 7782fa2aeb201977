"""From the resources of a plan to two Worlds: what is governed before it is applied, and after.

Each resource's own translation makes governed objects of its attributes, as in an apply. What the
plan does not know yet is a gap: the object stays as it is before, and that is told.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from veil.cli.diff.plan_file import Instance, PlanFile
from veil.cli.diff.references import Configuration
from veil.cli.errors import CliError
from veil.diff import Gap, Place
from veil.errors import VeilError
from veil.governance import known_columns, requests
from veil.model import (
    KINDS,
    KINDS_OF_VIEWS,
    POLICY_KINDS,
    Change,
    Closing,
    ColumnType,
    DataSource,
    Family,
    Integration,
    Kind,
    Policy,
    Profile,
    Put,
    Remove,
    World,
    key_of,
    kind_of,
)
from veil.model.change import apply
from veil.model.kinds import Governed
from veil.model.names import dotted, folded
from veil.plugin import PluginError, from_shown, is_known
from veil.policy import touched
from veil.policy.untrusted import closed_while_broken
from veil.resources.base import GovernedResource
from veil.resources.data_source import DataSource as DataSourceResource
from veil.resources.impersonation import Impersonation
from veil.resources.integration import IntegrationModel, governed_at
from veil.resources.masking_policy import MaskingPolicy
from veil.resources.people.user_file import digest, read_users
from veil.resources.project import Project
from veil.resources.purpose import Purpose
from veil.resources.row_policy import RowPolicy
from veil.resources.subscription import Subscription
from veil.resources.subscription_policy import SubscriptionPolicy
from veil.resources.undecided import undecided, without_unknown_descriptions
from veil.resources.user_profile import UserProfile
from veil.resources.user_profiles import UserProfilesModel, columns_of, profiles

TableOf = Callable[[str, str], requests.TableColumns | None]
"""The columns of a table by schema and name; None where they are not known."""

OTHER_COLUMNS = "(other columns)"
"""Stands for the columns of a table that a configuration does not name, where the table cannot be
asked.
"""

_RESOURCES: Mapping[str, GovernedResource[Any]] = {
    each.type_name: each()
    for each in (
        DataSourceResource,
        Impersonation,
        MaskingPolicy,
        Project,
        Purpose,
        RowPolicy,
        Subscription,
        SubscriptionPolicy,
        UserProfile,
    )
}
_INTEGRATION, _PROFILES = "veil_integration", "veil_user_profiles"
_LATER = "known after apply"
_OTHER_VERSION = (ValueError, TypeError, AttributeError)
"""What reading attributes raises that are the state of another version of the provider, which only
that version reads.
"""


@dataclass(frozen=True)
class Deployment:
    """What the warehouse holds before, as far as a plan needs to know of it."""

    world: World
    integration_id: str
    ids: Mapping[tuple[Kind, str], Any]
    """The key of each object, by its kind and the token of its resource."""
    table_of: TableOf
    profiles_of: Callable[[str], Iterable[str]]
    """The users whose profiles a veil_user_profiles of this token owns."""
    broken: frozenset[Place] = frozenset()
    """The objects whose metadata rows were altered, which are not in the World."""
    closed_rows: Iterable[tuple[str, str, str, str]] = ()
    """What the warehouse holds of what closes data sources: source, kind, name and id."""


@dataclass
class Planned:
    """A plan as two Worlds. `addresses` are those of the resources that change an object, by its
    kind and its key before and after; `renames` the keys that objects had, by kind and the key that
    they get. `notes` are what whoever reads the comparison has to know of how it was made.
    `published` are the keys of the data sources whose views the apply makes anew.

    `closed_before` is what views may show as well before, where rows of the metadata were altered
    that the plan puts right: whatever is published while they are is closed. `closed_because` says
    so.
    """

    before: World
    after: World
    addresses: dict[Place, str] = field(default_factory=dict)
    renames: dict[Place, Any] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    published: frozenset[str] = frozenset()
    closed_before: World | None = None
    closed_because: str = ""


@dataclass(frozen=True)
class _Reference:
    """A data source as resources find it by its id."""

    key: str


@dataclass(frozen=True)
class _References:
    """What a resource's translation needs of what is deployed: the data sources by their ids."""

    by_id: Mapping[tuple[Kind, str], _Reference]


def planned_over(plan: PlanFile, deployed: Deployment) -> Planned:
    """The plan over what the warehouse holds."""
    return _Planning(plan, deployed).all()


def planned_alone(plan: PlanFile, integration: str | None = None) -> Planned:
    """The plan over its own prior state. `integration` is the name of the one that is meant, where
    there are several. Raises CliError where that is needed, or there is none of that name.
    """
    return _Planning(_of_one_integration(plan, integration), None).all()


class _Planning:
    def __init__(self, plan: PlanFile, deployed: Deployment | None) -> None:
        self._plan, self._deployed = plan, deployed
        self._found = Planned(World(Integration("", "", "")), World(Integration("", "", "")))
        self._known_ids: dict[str, str] = {}

    def all(self) -> Planned:
        planned = self._found
        planned.gaps += [Gap("the plan", each) for each in self._plan.incomplete]
        planned.gaps += [Gap(each, "Terraform puts it off until more is known") for each in self._plan.deferred]
        instances = [each for each in self._plan.instances if self._is_here(each)]
        if len(instances) < len(self._plan.instances):
            left = len(self._plan.instances) - len(instances)
            planned.notes.append(f"{left} resources of the plan belong to another integration and are left out.")
        instances.sort(key=lambda each: each.type != "veil_data_source")  # The others name them.
        self._take_ids(instances)
        planned.before = self._before(instances)
        planned.after = self._after(instances)
        return planned

    def _is_here(self, instance: Instance) -> bool:
        if self._deployed is None or not self._deployed.integration_id:
            return True
        name = "id" if instance.type == _INTEGRATION else "integration"
        given = {(side or {}).get(name) for side in (instance.before, instance.after)} - {None}
        return not given or self._deployed.integration_id in given

    def _take_ids(self, instances: Iterable[Instance]) -> None:
        """Which data source each id is of: a new one has none yet, and is known by its address."""
        if self._deployed is not None:
            ids = self._deployed.ids.items()
            self._known_ids = {token: key for (kind, token), key in ids if kind is Kind.DATA_SOURCE}
        for each in instances:
            if each.type != "veil_data_source":
                continue
            for side in (each.before, each.after):
                if side and isinstance(side.get("schema"), str) and isinstance(side.get("table"), str):
                    key = dotted(folded(side["schema"]), folded(side["table"]))
                    self._known_ids[each.address] = key
                    if isinstance(side.get("id"), str):
                        self._known_ids.setdefault(side["id"], key)

    @cached_property
    def _references(self) -> Any:
        return _References({(Kind.DATA_SOURCE, token): _Reference(key) for token, key in self._known_ids.items()})

    def _before(self, instances: Iterable[Instance]) -> World:
        if self._deployed is not None:
            return _with_strays(self._deployed.world, self._deployed.closed_rows)
        world = World(_integration_of(instances, "before") or Integration("", "", ""))
        for each in instances:
            if each.before is not None and each.type != _INTEGRATION:
                things = self._things(each, each.before, False, world, {})
                world = apply(world, *(Put(thing) for thing in things))
        return world

    def _after(self, instances: list[Instance]) -> World:
        planned, changing = self._found, [each for each in instances if each.changes]
        world = self._with_integration(planned.before, changing)
        removed: list[tuple[Instance, Place]] = []
        for each in changing:
            if each.before is not None and each.type != _INTEGRATION:
                removed += [(each, place) for place in self._places_before(each)]
        put: list[tuple[Instance, Governed]] = []
        kept: set[Place] = set()
        for each in changing:
            if each.type == _INTEGRATION or each.after is None:
                continue
            things = list(self._things(each, each.after, each.unknown, world, planned.before.data_sources, tell=True))
            if not things and each.before is not None and "delete" not in each.actions and self._is_gap(each):
                kept.update(place for one, place in removed if one is each)
            put += [(each, thing) for thing in things]
        # First all that goes: a name that one object leaves, another may take.
        gone: list[Change] = [Remove(*place) for _, place in removed if place not in kept]
        come: list[Change] = [Put(thing) for _, thing in put]
        world = apply(apply(world, *gone), *come)
        world = self._without_closings(world, changing, [thing for _, thing in put])
        self._found.published = self._published(world, changing, [*gone, *come])
        world = self._over_tables(world, {each.key: at.address for at, each in put if isinstance(each, DataSource)})
        repaired = {place for _, place in removed} - kept | {(kind_of(each), key_of(each)) for _, each in put}
        self._close_before(world, repaired, changing)
        for each, place in removed:
            planned.addresses[place] = each.address
        for each, thing in put:
            place = kind_of(thing), key_of(thing)
            planned.addresses[place] = each.address
            had = [key for one, (kind, key) in removed if one is each and kind is place[0]]
            if len(had) == 1 and had[0] != place[1] and "delete" not in each.actions:
                planned.renames[place] = had[0]
        for each in changing:
            if each.type == _INTEGRATION:
                planned.addresses[Kind.INTEGRATION, world.integration.name] = each.address
        return world

    def _without_closings(self, world: World, changing: Sequence[Instance], put: Iterable[Governed]) -> World:
        """The World without what an apply may open: what policies that had failed closed, also
        under the token of a create of which nothing came, what an integration closes, and rows that
        nothing of veil wrote. Whether it will is the apply's to find out: announced is that it
        does.
        """
        deployed = self._deployed
        if deployed is None or not changing:
            return world
        put = list(put)
        owners = {(each.before or {}).get("id") for each in changing if each.type in _CLOSING_TYPES} - {None}
        made = {(kind_of(each), each.name) for each in put if isinstance(each, Policy)}
        repaired = {each.key for each in put if isinstance(each, DataSource)}
        integration = any(each.type == _INTEGRATION for each in changing)
        changes: list[Change] = []
        for key, each in world.closings.items():
            deployed_closing = deployed.world.closings.get(key)
            left_over = (each.kind, each.name) in made and (each.kind, each.owner) not in deployed.ids
            sources = deployed_closing.sources if deployed_closing is not None else each.sources - repaired
            is_over = each.owner in owners or left_over or (integration and each.kind == Kind.INTEGRATION)
            if is_over or (deployed_closing is None and not sources):
                changes.append(Remove(Kind.CLOSING, key))
            elif sources != each.sources:
                changes.append(Put(replace(each, sources=sources)))
        return apply(world, *changes)

    def _published(self, world: World, changing: Sequence[Instance], changes: Sequence[Change]) -> frozenset[str]:
        """The data sources whose views the apply makes anew. Rather one too many: a repair may make
        all.
        """
        before, is_broken = self._found.before, self._deployed is not None and bool(self._deployed.broken)
        if changing and (is_broken or any(each.type == _INTEGRATION for each in changing)):
            return frozenset(world.data_sources)
        put = {each.thing.key for each in changes if isinstance(each, Put) and isinstance(each.thing, DataSource)}
        opened = (each.sources for key, each in before.closings.items() if key not in world.closings)
        published = put.union(touched(before, world, changes), *opened)
        return frozenset(published & world.data_sources.keys())

    def _over_tables(self, world: World, addresses: Mapping[str, str]) -> World:
        """The World over the columns that tables have now, where the apply makes views of them and
        does not leave out new ones.
        """
        changes: list[Change] = []
        for key in sorted(self._found.published):
            source = world.data_sources[key]
            if source.new_columns == "hide" or not source.enabled:
                continue
            subject = addresses.get(key, f"{KINDS[Kind.DATA_SOURCE].noun} {key}")
            if self._deployed is None:
                if key in self._found.before.data_sources:
                    self._tell(
                        subject,
                        f'new_columns = "{source.new_columns}" decides about columns that the table got since, and only the '
                        "warehouse knows those",
                    )
                continue
            try:
                table = self._deployed.table_of(source.schema, source.table)
            except VeilError as problem:
                self._tell(subject, f"{problem.summary}. {problem.detail}")
                continue
            if table is not None:
                changes.append(Put(known_columns.as_found(source, table)))
        return apply(world, *changes)

    def _close_before(self, world: World, repaired: Iterable[Place], changing: Iterable[Instance]) -> None:
        """Take in that all may be closed before, where the plan puts right for what."""
        if self._deployed is None:
            return
        broken, done = self._deployed.broken, set(repaired)
        if any(each.type == _INTEGRATION for each in changing):
            done |= {place for place in broken if place[0] is Kind.INTEGRATION}
        before = closed_while_broken(self._found.before, broken)
        if before is not self._found.before and closed_while_broken(world, broken - done) is world:
            named = sorted(f'{KINDS[kind].noun} "{key}"' for kind, key in broken if kind in KINDS_OF_VIEWS)
            self._found.closed_before = before
            self._found.closed_because = (
                f"{_listed(named)} {'was' if len(named) == 1 else 'were'} altered outside veil, and all that is published "
                "until the apply puts that right shows no rows"
            )

    def _is_gap(self, instance: Instance) -> bool:
        return any(gap.subject == instance.address for gap in self._found.gaps)

    def _with_integration(self, world: World, changing: Iterable[Instance]) -> World:
        for each in changing:
            if each.type != _INTEGRATION:
                continue
            if each.after is None:
                # Destroyed: nothing is governed any more.
                return World(world.integration)
            integration = _integration_of([each], "after", world.integration.hostname)
            if integration is None:
                self._gap(each, "what it is to be is not known before the apply")
            else:
                known = world.integration
                integration = replace(integration, unresolved=known.unresolved, utc_clock=known.utc_clock)
                world = replace(world, integration=integration)
        return world

    def _places_before(self, instance: Instance) -> list[Place]:
        """What the resource has made so far, in the World before."""
        assert instance.before is not None
        if instance.type == _PROFILES:
            if self._deployed is not None:
                users: Iterable[str] = self._deployed.profiles_of(str(instance.before.get("id")))
            else:
                users = (instance.before.get("users") or {}).keys()
            return [(Kind.PROFILE, user) for user in users]
        resource = _RESOURCES.get(instance.type)
        if resource is None:
            return []
        if self._deployed is not None:
            key = self._deployed.ids.get((resource.kind, str(instance.before.get("id"))))
            return [] if key is None else [(resource.kind, key)]
        return [
            (kind_of(each), key_of(each))
            for each in self._things(instance, instance.before, False, self._found.before, {})
        ]

    def _things(
        self,
        instance: Instance,
        values: Mapping[str, Any],
        unknown: Any,
        world: World,
        present: Mapping[str, DataSource],
        *,
        tell: bool = False,
    ) -> Iterator[Governed]:
        """What the attributes of a resource make. With `tell`, what cannot be told is a gap."""
        try:
            if instance.type == _PROFILES:
                yield from self._profiles(instance, values, unknown)
                return
            resource = _RESOURCES.get(instance.type)
            if resource is None:
                self._gap(instance, f"this version of veil knows no {instance.type}")
                return
            declared = without_unknown_descriptions(from_shown(resource.model, values, unknown))
            declared = self._with_references(declared, instance)
            if open_ := undecided(declared):
                if tell:
                    self._gap(
                        instance,
                        f"{_listed(open_)} {'is' if len(open_) == 1 else 'are'} {_LATER}{self._way_out(instance, open_)}",
                    )
                return
            draft = resource.to_draft(declared, self._references)
            yield self._source(draft, world, present) if isinstance(draft, requests.SourceDraft) else draft
        except PluginError as problem:
            self._gap(instance, " ".join(f"{each.summary}. {each.detail}" for each in problem.diagnostics))
        except VeilError as problem:
            self._gap(instance, f"{problem.summary}. {problem.detail}")
        except _OTHER_VERSION:
            self._gap(instance, "its attributes are not those that this version of veil knows")

    def _with_references(self, declared: Any, instance: Instance) -> Any:
        """Ids of data sources that are made in the same plan, by what the configuration names."""
        for name in ("data_source", "data_sources"):
            if name not in undecided(declared):
                continue
            named = self._configuration.named(instance.address, name)
            if named is None:
                continue
            if name == "data_source" and len(named.addresses) == 1:
                if named.through:
                    (only,) = named.addresses
                    self._gap(
                        instance,
                        f"what {named.through} is a plan does not tell: {only}, the only new data source, is compared",
                    )
                declared = declared.model_copy(update={name: next(iter(named.addresses))})
            elif name == "data_sources" and not named.through:
                value = declared.data_sources
                known = frozenset(each for each in value if is_known(each)) if is_known(value) else frozenset()
                declared = declared.model_copy(update={name: known | named.addresses})
                if named.perhaps:
                    self._gap(instance, f"which of {named.perhaps} it names is not told by the plan: all are compared")
        return declared

    def _way_out(self, instance: Instance, open_: Iterable[str]) -> str:
        """What to write so that a plan tells what is open."""
        local_names = [each for name in open_ for each in self._configuration.locals_in(instance.address, name)]
        if not local_names:
            return ""
        return (
            f", and a plan does not tell what {_listed(local_names)} is: name the resource itself, and it is compared"
        )

    @cached_property
    def _configuration(self) -> Configuration:
        sources = [each for each in self._plan.instances if each.type == "veil_data_source"]
        known = [each for each in sources if each.address in self._known_ids]
        made = [each.address for each in sources if "create" in each.actions]
        return Configuration(self._plan.configuration, [each.address for each in known], made)

    def _source(self, draft: requests.SourceDraft, world: World, present: Mapping[str, DataSource]) -> DataSource:
        _, key = requests.draft_place(draft)
        had = present.get(key) or world.data_sources.get(key)
        if self._deployed is None:
            return _offline(draft, world.integration)
        table: requests.TableColumns | None
        if had is not None:
            table = [(each.name, each.type) for each in had.columns]
            accepted = frozenset(each.name for each in had.columns if each.accepted)
            known = dict(table)
            if draft.columns.keys() - known.keys():
                # Columns that the table got since, and that are accepted by being named.
                now = self._deployed.table_of(draft.schema, draft.table)
                table = table if now is None else now
            made = known_columns.settle(draft, table, accepted, world.integration)
            return replace(made, relation=had.relation, owner=had.owner)
        table = self._deployed.table_of(draft.schema, draft.table)
        if table is None:
            raise CliError(
                "Its columns are not known", f"The table {dotted(draft.schema, draft.table)} is not there yet."
            )
        return known_columns.settle(draft, table, None, world.integration)

    def _profiles(self, instance: Instance, values: Mapping[str, Any], unknown: Any) -> Iterator[Profile]:
        declared = from_shown(UserProfilesModel, values, unknown)
        not_known = undecided(declared)
        if open_ := [each for each in ("users", "file", "columns") if each in not_known]:
            self._gap(instance, f"{_listed(open_)} is {_LATER}")
            return
        if declared.users is not None:
            yield from profiles(declared.users).values()
            return
        if instance.after is not None and values != instance.after and self._is_another_file(declared):
            # The state keeps a hash of what a file said, and nobody's name. Nobody is new by that.
            self._gap(
                instance,
                f"the state does not keep what {declared.file} said when it was applied last, so that who gains and who loses by "
                "another file is not known offline; its users are compared as if they had held before what it says now",
            )
            yield from self._profiles(instance, instance.after, instance.unknown)
            return
        by_user = read_users(declared.file or "", columns_of(declared.columns))
        if is_known(declared.file_hash) and declared.file_hash not in (None, digest(by_user.values())):
            moment = "changed since the plan was made" if values is instance.after else "is not what was applied last"
            self._gap(instance, f"{declared.file} {moment}, so that it does not tell who was meant")
            return
        yield from by_user.values()

    @staticmethod
    def _is_another_file(declared: UserProfilesModel) -> bool:
        """Whether a file of users does not say any more what the state has a hash of."""
        if not is_known(declared.file_hash) or declared.file_hash is None:
            return False
        try:
            return declared.file_hash != digest(read_users(declared.file or "", columns_of(declared.columns)).values())
        except PluginError:
            return True

    def _gap(self, instance: Instance, reason: str) -> None:
        self._tell(instance.address, reason)

    def _tell(self, subject: str, reason: str) -> None:
        gap = Gap(subject, reason.strip().rstrip("."))
        if gap not in self._found.gaps:
            self._found.gaps.append(gap)


def _with_strays(world: World, rows: Iterable[tuple[str, str, str, str]]) -> World:
    """The World with what rows close that belong to no closing of it: views obey them."""
    strays: dict[str, Closing] = {}
    for source, kind, name, id_ in sorted(rows):
        had = strays.get(id_) or world.closings.get(id_) or Closing(id_, "", kind, name, _STRAY)
        if source not in had.sources:
            strays[id_] = replace(had, sources=had.sources | {source})
    return apply(world, *map(Put, strays.values()))


_STRAY = "A row that nothing of veil wrote closes it."


_CLOSING_TYPES = frozenset({_INTEGRATION, *(f"veil_{kind}" for kind in POLICY_KINDS)})
"""The types of the resources that end, when they are applied, what closes data sources."""


def _integration_of(instances: Iterable[Instance], side: str, hostname: str = "") -> Integration | None:
    for each in instances:
        values = getattr(each, side)
        if each.type == _INTEGRATION and values is not None:
            unknown = each.unknown if side == "after" else False
            try:
                declared = from_shown(IntegrationModel, values, unknown)
                return None if undecided(declared) else governed_at(declared, hostname)
            except _OTHER_VERSION as problem:
                raise CliError(
                    "A plan of another version",
                    f"{each.address} has attributes that this version of veil does not know. Use the veil of the provider that "
                    "made the plan.",
                ) from problem
    return None


def _offline(draft: requests.SourceDraft, integration: Integration) -> DataSource:
    """A data source of which only the configuration is known: its columns are those that are named,
    and one for the rest.
    """
    named = {*draft.columns, *draft.filter_columns}
    event = draft.event_time_column
    table = [(name, ColumnType(Family.VARCHAR)) for name in sorted(named - {event})]
    if event is not None:
        table.append((event, ColumnType(Family.TIMESTAMP)))
    return known_columns.settle(draft, [*table, (OTHER_COLUMNS, ColumnType(Family.VARCHAR))], None, integration)


def _of_one_integration(plan: PlanFile, wanted: str | None) -> PlanFile:
    """The part of the plan that is about one integration."""
    here: dict[str, str] = {}
    for each in plan.instances:
        if each.type == _INTEGRATION:
            values = each.after or each.before or {}
            here[str(values.get("name"))] = str(values.get("id") or (each.before or {}).get("id") or "")
    if wanted is not None and wanted not in here:
        known = ", ".join(sorted(here)) or "none"
        raise CliError("No such integration", f"The plan has no integration {wanted!r}. It has: {known}.")
    if wanted is None and len(here) > 1:
        raise CliError(
            "Several integrations", f"The plan has {', '.join(sorted(here))}. Say which is meant with --integration."
        )
    token = here[wanted] if wanted is not None else ""
    if not token:
        return plan
    kept = [
        each
        for each in plan.instances
        if token
        in {
            (side or {}).get("id" if each.type == _INTEGRATION else "integration") for side in (each.before, each.after)
        }
    ]
    return replace(plan, instances=tuple(kept))


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"

"""What a user can see of a data source as it is published, and what would let them around the
view.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from veil.governance.access.bypass import Person, RightsAt, bypass_of
from veil.governance.drift import drift_of
from veil.governance.installation.drift import alterations
from veil.governance.installation.others import dangers
from veil.governance.metadata.deployed import DeployedState
from veil.governance.requests import draft_of
from veil.governance.usurping import usurper
from veil.model import DataSource, Kind, MaskingPolicy, RowPolicy, SubscriptionPolicy, World
from veil.oracle import EffectiveAccess, effective
from veil.policy import resolve


@dataclass(frozen=True)
class Access:
    """The interpreter's answer, whether the warehouse enforces it, and what goes around it."""

    effective: EffectiveAccess
    """With everything that the user can bring about, such as acknowledging a purpose."""
    now: EffectiveAccess
    """With the purposes that the user has acknowledged so far."""
    enforced: bool
    problems: tuple[str, ...]
    bypass: tuple[str, ...]

    def masked(self, column: str) -> bool:
        """Whether no row shows this column's value to the user in the clear, in any project they
        may switch to.

        A purpose that waits for the user's acknowledgement does not count; `effective` tells what
        it would change.
        """
        return self.enforced and not self.bypass and self.now.columns[column].state == "masked"


def access_of(
    deployed: DeployedState,
    person: Person,
    source: DataSource,
    project: str | None,
    rights_at: RightsAt,
    *,
    include_staged: bool = False,
) -> Access:
    """What somebody sees of `source`, asked for every project they may switch to or for one.
    `rights_at` tells the rights on the schemas of lookups. With `include_staged` staged policies
    count as active, which the warehouse does not enforce.
    """
    moment, user = datetime.now(UTC), person.user
    staged = _staged(deployed.world, source) if include_staged else ()
    deployed = replace(deployed, world=deployed.world.with_staged()) if staged else deployed
    answer = effective(deployed.world, user, source.key, now=moment, project=project)
    today = effective(deployed.world, user, source.key, now=moment, project=project, attainable=False)
    rehearsed = [f"The staged policy {name!r} counts as active here. The view does not enforce it." for name in staged]
    problems = (*_problems(deployed, source, user), *_about_project(deployed.world, project), *rehearsed)
    return Access(answer, today, not problems, problems, tuple(bypass_of(deployed, person, source, rights_at)))


def _about_project(world: World, project: str | None) -> tuple[str, ...]:
    """Nobody sees a clear value in a project that is not there, which says nothing of the one that
    was meant.
    """
    if project is None or project in world.projects:
        return ()
    return (f"There is no project {project!r}.",)


def _staged(world: World, source: DataSource) -> tuple[str, ...]:
    """The staged policies that would decide something on a data source."""
    resolved = resolve(world.with_staged(), source)
    deciding = {mask.policy for column in resolved.columns for mask in column.masks}
    deciding |= {each.policy for each in resolved.rows}
    deciding |= {each.policy for each in (*resolved.grants, *resolved.guardrails)}
    policies: list[MaskingPolicy | RowPolicy | SubscriptionPolicy] = [
        *world.masking_policies.values(),
        *world.row_policies.values(),
        *world.subscription_policies.values(),
    ]
    return tuple(sorted(each.name for each in policies if each.staged and each.name in deciding))


def _problems(deployed: DeployedState, source: DataSource, user: str) -> Iterator[str]:
    if not source.enabled:
        yield f"The data source {source.key} is disabled: there is no view."
    yield from (view.warning(source.view) for view in deployed.frozen.get(source.key, ()))
    if taken := usurper(deployed, source):
        yield taken
    for kind, key in sorted(deployed.broken, key=str):
        yield f"The metadata row of {kind.value} {key} was {deployed.stored[kind, key].fate} outside veil."
    places = [(Kind.DATA_SOURCE, source.key), (Kind.PROFILE, user)]
    integration = deployed.integration
    if integration is not None:
        places.append((integration.kind, integration.key))
    for place in places:
        stored = deployed.stored.get(place)
        if stored is None or stored.thing is None:
            continue
        wanted = draft_of(stored.thing) if isinstance(stored.thing, DataSource) else stored.thing
        altered = alterations(deployed) if stored is integration else ()
        for line in sorted(drift_of(deployed, stored, wanted).union(altered)):
            yield f"{place[0].value} {place[1]}: {line}."
    for each in dangers(deployed):
        if not each.tables:
            yield f"{str(each)[0].upper()}{str(each)[1:]}."

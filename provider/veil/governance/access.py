"""What a user can see of a data source as it is published, and what would let them around the view."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from veil.governance.around import ways_around
from veil.governance.deployed import Deployed
from veil.governance.drift import drift_of
from veil.governance.known_columns import draft_of
from veil.model import DataSource, Kind
from veil.model.names import dotted
from veil.oracle import EffectiveAccess, effective


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
        """Whether no row shows this column's value to the user in the clear, in any project they may switch to.

        A purpose that waits for the user's acknowledgement does not count; `effective` tells what it would change.
        """
        return self.enforced and not self.bypass and self.now.columns[column].state == "masked"


def access_of(
    deployed: Deployed, user: str, source: DataSource, memberships: Collection[tuple[str, str]], project: str | None
) -> Access:
    """What `user` sees of `source`, asked for every project the user may switch to or for one.

    `memberships` are the (type, name) of the groups and roles of the warehouse that the user is in.
    """
    moment = datetime.now(UTC)
    answer = effective(deployed.world, user, source.key, now=moment, project=project)
    today = effective(deployed.world, user, source.key, now=moment, project=project, attainable=False)
    problems = tuple(_problems(deployed, source, user))
    return Access(answer, today, not problems, problems, tuple(_bypass(deployed, user, source, memberships)))


def _problems(deployed: Deployed, source: DataSource, user: str) -> Iterator[str]:
    if not source.enabled:
        yield f"The data source {source.key} is disabled: there is no view."
    for kind, key in sorted(deployed.broken, key=str):
        yield f"The metadata row of {kind.value} {key} was altered outside veil."
    places = [(Kind.DATA_SOURCE, source.key), (Kind.PROFILE, user)]
    integration = deployed.integration
    if integration is not None:
        places.append((integration.kind, integration.key))
    for place in places:
        stored = deployed.stored.get(place)
        if stored is None or stored.thing is None:
            continue
        wanted = draft_of(stored.thing) if isinstance(stored.thing, DataSource) else stored.thing
        for line in sorted(drift_of(deployed, stored, wanted)):
            yield f"{place[0].value} {place[1]}: {line}."


def _bypass(
    deployed: Deployed, user: str, source: DataSource, memberships: Collection[tuple[str, str]]
) -> Iterator[str]:
    place, base = (source.schema, source.table), deployed.snapshot.base
    name = dotted(*place)
    if user in deployed.snapshot.superusers:
        yield f"{user} is a superuser."
    if user == deployed.layout.owner:
        yield f"{user} is the system account, which owns the views and reads their tables."
    if base.unread:
        yield f"Who may read the table {name} is not known. {base.unread}"
    if base.owners.get(place) == user:
        yield f"{user} owns the table {name}."
    if base.schema_owners.get(source.schema) == user and source.schema in base.external_schemas:
        yield f"{user} owns the external schema {source.schema}."
    for way in sorted(ways_around(deployed, source)):
        if way.leads(user, memberships):
            yield way.right

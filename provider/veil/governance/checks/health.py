"""What is wrong with a data source that no update of it can put right."""

from collections.abc import Iterator

from veil.governance.access.direct_access import later_ways, ways_around
from veil.governance.access.lookup_writers import other_writers
from veil.governance.closing import closings_of, why_closed
from veil.governance.installation.accounts import applies_by_procedures
from veil.governance.metadata.deployed import DeployedState
from veil.governance.showing import shown
from veil.governance.usurping import usurper
from veil.model import DataSource
from veil.model.names import dotted
from veil.policy import closed_functions, function_calls

HEALTHY = "healthy"


def health_of(deployed: DeployedState, source: DataSource) -> str:
    """`healthy`, or one sentence per problem."""
    return " ".join(problems_of(deployed, source)) or HEALTHY


def problems_of(deployed: DeployedState, source: DataSource) -> Iterator[str]:
    """One sentence per problem."""
    yield from map(why_closed, closings_of(deployed.world, source))
    for why in closed_functions(deployed.world, source) if any(function_calls(deployed.world, source)) else ():
        yield f"A mask shows NULL: {why}."
    yield from unrepairable(deployed, source)


def unrepairable(deployed: DeployedState, source: DataSource) -> Iterator[str]:
    """One sentence per problem that no apply repairs."""
    if taken := usurper(deployed, source):
        yield taken
    state = deployed.snapshot.views.get((source.view_schema, source.view_name))
    if state is not None and state.owner != deployed.layout.owner and applies_by_procedures(deployed):
        yield f"The view {source.view} is owned by {shown(state.owner)}: {deployed.layout.owner} puts that right, and no procedure."
    yield from of_table(deployed, source)
    yield from (view.warning(source.view) for view in deployed.frozen.get(source.key, ()))


def of_table(deployed: DeployedState, source: DataSource) -> Iterator[str]:
    """Those problems that are about the table."""
    place = (source.schema, source.table)
    name = dotted(*place)
    if place not in deployed.snapshot.columns:
        there = place in deployed.snapshot.base.owners
        yield f"The provider's account cannot read the table {name}." if there else f"The table {name} is gone."
        return
    if deployed.snapshot.base.unread:
        yield f"Who may read the table {name} is not known. {deployed.snapshot.base.unread}"
    yield from (way.warning for way in sorted(ways_around(deployed, source)))
    yield from later_ways(deployed, source)
    yield from other_writers(deployed, source)

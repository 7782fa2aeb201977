"""What an integration lacks of its own tables, views, functions and procedures: views and writes
that need one fail until the integration is applied, which makes them anew.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from veil import warehouse
from veil.governance.errors import GovernanceError
from veil.governance.installation.accounts import applies_by_procedures
from veil.governance.installation.upgrading import is_manual, is_older
from veil.governance.metadata.deployed import DeployedState
from veil.model.names import dotted
from veil.warehouse import WarehouseError

_NOT_THERE = frozenset({"42P01", "42883", "3F000"})


def missing_parts(deployed: DeployedState) -> list[str]:
    """What is missing, for people to read. Nothing of an older installation: the first apply that
    writes brings all of it to this version.
    """
    if is_older(deployed):
        return []
    snapshot, layout = deployed.snapshot, deployed.layout
    views, tables = warehouse.expected_views(layout).keys(), warehouse.expected_tables(layout)
    return [
        *(f"the view {dotted(*place)}" for place in sorted(views - snapshot.views.keys())),
        *(f"the table {dotted(*place)}" for place in sorted(tables - snapshot.owners.keys())),
        *(
            f"the {signature.kind.lower()} {dotted(signature.schema, signature.name)}"
            for signature in sorted(warehouse.expected_routines(layout).keys() - snapshot.routines.keys())
        ),
    ]


def advice(deployed: DeployedState) -> str:
    """Who makes anew what is missing, and how."""
    if is_manual(deployed):
        return "Let an administrator run what `veil bootstrap-sql` prints, and apply again"
    if applies_by_procedures(deployed):
        return f"Let {deployed.layout.owner}, which owns the schemas, apply its veil_integration first, and apply again"
    return "Apply its veil_integration first, which makes it anew, and then this"


@contextmanager
def explaining_missing(deployed: DeployedState) -> Iterator[None]:
    """Turn what the warehouse says of a relation or function that is not there into a
    GovernanceError that says what the integration lacks, where it lacks something.
    """
    try:
        yield
    except (WarehouseError, GovernanceError) as problem:
        cause = problem if isinstance(problem, WarehouseError) else problem.__cause__
        if not isinstance(cause, WarehouseError) or cause.sqlstate not in _NOT_THERE:
            raise
        if not (parts := missing_parts(deployed)):
            raise
        raise GovernanceError(
            "Part of the integration is missing",
            f"The warehouse refused a statement: {cause.found} The integration {deployed.world.integration.name} lacks "
            f"{shortened(parts)}. {advice(deployed)}. Nothing of this change was written.",
        ) from problem


_SHOWN = 5


def shortened(parts: list[str]) -> str:
    """The first few of them, and how many more there are."""
    more = len(parts) - _SHOWN
    return f"{', '.join(parts[:_SHOWN])}{f' and {more} more' if more > 0 else ''}"

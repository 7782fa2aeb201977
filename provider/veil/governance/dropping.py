"""Dropping governed views, which others may have made views over."""

from dataclasses import replace

from veil import warehouse
from veil.governance.errors import GovernanceError
from veil.governance.metadata.deployed import DeployedState
from veil.model.names import dotted
from veil.warehouse import Layout, Session, WarehouseError, qualified, read_other_views

_DEPENDED_ON = "2BP01"

Place = tuple[str, str]


class DependedOnError(GovernanceError):
    """The governed view at `place` was not dropped, since others depend on it."""

    def __init__(self, place: Place, found: str, advice: str = "Have what depends on it dropped.") -> None:
        super().__init__(
            "Views of others depend on a governed view",
            f"The view {dotted(*place)} has to be dropped: it goes, or the warehouse does not replace it by a view of other "
            f"columns. {found} {advice} Apply again, and have it made anew WITH NO SCHEMA BINDING: what is bound to a governed "
            "view keeps policies of the past. veil drops nothing that others made. Nothing of this change was written.",
        )
        self.place, self.found = place, found


def drop_view(session: Session, place: Place, *, by: Layout | None = None) -> None:
    """Drop a governed view, if it is there: `by` the procedures of an integration where given.
    Raises DependedOnError where views of others depend on it.
    """
    try:
        session.execute(f"DROP VIEW IF EXISTS {qualified(*place)}" if by is None else warehouse.drop_view(by, place))
    except WarehouseError as problem:
        if problem.sqlstate != _DEPENDED_ON:
            raise
        raise DependedOnError(place, problem.found) from problem


def naming_dependents(problem: DependedOnError, session: Session, deployed: DeployedState) -> DependedOnError:
    """The same with the statements that drop what depends on it, asked for once the transaction is
    over.
    """
    schemas = {schema for schema, _ in deployed.snapshot.views} | {deployed.layout.view_schema, deployed.layout.system}
    snapshot = replace(deployed.snapshot, other_views=read_other_views(session, schemas))
    views = replace(deployed, snapshot=snapshot).frozen_at(problem.place)
    if not views:
        return problem
    steps = "; ".join(f"{each.dropping} (of {each.owner})" for each in views)
    return DependedOnError(problem.place, problem.found, f"Have what depends on it dropped: {steps}.")

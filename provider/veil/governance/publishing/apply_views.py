"""Making views in the warehouse, and making sure that each one works."""

from collections.abc import Container, Mapping
from dataclasses import dataclass

from veil.compiler import COMPILER_VERSION, is_bound
from veil.governance.blocking import naming
from veil.governance.dropping import drop_view
from veil.governance.errors import ViewKeptError, ViewRefusedError
from veil.governance.installation.unexpected_objects import heirs
from veil.governance.metadata.deployed import DeployedState
from veil.governance.privileges import excess, may_be_passed_on, take_back
from veil.governance.publishing.publication import Publication, View
from veil.model.names import dotted
from veil.warehouse import (
    EVERYBODY_READS,
    PUBLIC,
    PublishedRow,
    Session,
    ViewState,
    WarehouseError,
    digest,
    identifier,
    is_late_binding,
    qualified,
    read_view_texts,
)

_DENIED = "42501"

Place = tuple[str, str]


@dataclass(frozen=True)
class Manner:
    """How views are made after the warehouse refused some: those of the data sources in `untried` without a look whether
    they work, for they read what is not there; those at the places of `remade` in place of what was dropped there, for the
    warehouse does not replace them. That takes their grants, which are made anew, and a reader who comes meanwhile may find
    no view. Those of the data sources in `lost` cannot be made, and what there is of them goes. Those of the ones in `unwritten` are too long to be
    written, and go as well. `unresolved` are the functions that late-binding views were found not to find, None where nobody looked.
    """

    untried: Container[str] = frozenset()
    remade: Container[Place] = frozenset()
    lost: Container[str] = frozenset()
    unwritten: frozenset[str] = frozenset()
    unresolved: frozenset[str] | None = None


def make_views(session: Session, deployed: DeployedState, published: Publication, manner: Manner) -> dict[Place, str]:
    """Drop and make the views of a publication in the open transaction; by place, the texts that the warehouse reports.

    It may store a text otherwise than it was sent: what it reports now is what a later look is compared with.

    Raises ViewRefusedError where the warehouse refuses a view, ViewKeptError where it may take one once the present one is
    dropped, and GovernanceError where views of others keep one from being dropped.
    """
    for schema, name in published.drops:
        if is_taken(deployed, (schema, name)):
            continue  # Somebody dropped the view and made something else of its name, which is theirs.
        with naming(f"the view {dotted(schema, name)}", [(schema, name)]):
            drop_view(session, (schema, name))
    gone = frozenset(published.drops)
    present = {place: state for place, state in deployed.snapshot.views.items() if place not in gone}
    for view in published.views:
        state = present.get((view.source.view_schema, view.source.view_name))
        _make(session, deployed, view, state, manner)
    if published.views:
        session.pin()  # What was tried may read a view of somebody else's.
    places = [(view.source.view_schema, view.source.view_name) for view in published.views]
    return read_view_texts(session, places) if places else {}


def records_of(published: Publication, reported: Mapping[Place, str]) -> dict[str, PublishedRow]:
    """By data source, what to remember of the views of a publication that the warehouse reports so."""
    return {view.source.key: _record(view, reported) for view in published.views}


def _make(session: Session, deployed: DeployedState, view: View, present: ViewState | None, manner: Manner) -> None:
    source = view.source
    tried = source.key not in manner.untried
    table = dotted(source.schema, source.table)
    if is_taken(deployed, (source.view_schema, source.view_name)):
        raise ViewRefusedError(
            source.key,
            f"{source.view} is where the view of {table} was, or is to be, and is no view: somebody put something else in its "
            "place, which veil leaves alone. Rename or drop it, or choose another view_name, and apply again. Nothing of this "
            "change was written.",
        )
    places = [(source.view_schema, source.view_name), (source.schema, source.table)]
    try:
        with naming(f"the view {source.view} of {table}", places):
            if present is not None and places[0] in manner.remade:
                drop_view(session, places[0])
                present = None
            _replace(session, deployed, view, present)
            if tried and (present is None or (source.schema, source.table) in deployed.snapshot.columns):
                # A late-binding view is only looked at when it is queried, so it is queried here, for no rows.
                session.query(f"SELECT 1 FROM {qualified(source.view_schema, source.view_name)} LIMIT 0")
    except WarehouseError as problem:
        if problem.retryable or problem.lost or problem.timed_out:
            raise
        raise ViewRefusedError(
            source.key,
            f"The warehouse refuses the view {source.view} of {table}: {problem.found} {_advice(deployed, problem)}",
        ) from problem


def is_taken(deployed: DeployedState, place: tuple[str, str]) -> bool:
    """Whether something that is no view has a view's name."""
    return place in deployed.snapshot.owners and place not in deployed.snapshot.views


def _advice(deployed: DeployedState, problem: WarehouseError) -> str:
    if problem.sqlstate == _DENIED:
        return (
            f"The view reads with the rights of {deployed.layout.owner}: grant that account USAGE on the schema and SELECT on "
            "the table that this is about, and apply again."
        )
    return (
        "Bring back what the view needs, or correct the policy or data source that names it, and apply again. Nothing of this "
        "change was written."
    )


def _replace(session: Session, deployed: DeployedState, view: View, present: ViewState | None) -> None:
    source = view.source
    name, owner = qualified(source.view_schema, source.view_name), deployed.layout.owner
    if present is not None and owner and present.owner != owner:
        if deployed.gives_ownership:
            session.execute(f"ALTER TABLE {name} OWNER TO {identifier(owner)}")
        else:
            # Only superusers give a view another owner; to drop one it is enough to own its schema.
            drop_view(session, (source.view_schema, source.view_name))
            present = None
    if present is not None and is_late_binding(present.text) == is_bound(view.text):
        # AWS documents no way from one to the other.
        drop_view(session, (source.view_schema, source.view_name))
        present = None
    if is_bound(view.text):
        # It keeps the functions that are found now. What was tried before may have run code of others, which may set anything.
        session.pin()
    # Before the view is replaced: a column that it had, and may not have then, is named here.
    strange = excess(present) if present is not None else []
    if may_be_passed_on(strange):
        session.execute(f"DROP VIEW {name}")
        present, strange = None, []
    for statement in take_back(strange, (source.view_schema, source.view_name)):
        session.execute(statement)
    if present is None:
        session.execute(view.text)
    else:
        _put_in_place(session, view)
    if present is None:
        for grantee in heirs(deployed, source.view_schema):
            session.execute(f"REVOKE ALL ON {name} FROM {grantee.sql}")
    if present is None or EVERYBODY_READS not in present.grants or any(each.grantee == PUBLIC for each in strange):
        session.execute(f"GRANT SELECT ON {name} TO PUBLIC")


def _put_in_place(session: Session, view: View) -> None:
    """Replace a view. AWS documents that the columns must be the same, and does not say whether that holds of late-binding
    views; nor does it say what the error is.
    """
    try:
        session.execute(view.text)
    except WarehouseError as problem:
        if problem.retryable or problem.lost or problem.timed_out or problem.sqlstate == _DENIED:
            raise
        raise ViewKeptError((view.source.view_schema, view.source.view_name), problem.detail) from problem


def _record(view: View, reported: Mapping[Place, str]) -> PublishedRow:
    source = view.source
    text = reported.get((source.view_schema, source.view_name), view.text)
    return PublishedRow(source.view_schema, source.view_name, digest(text), digest(view.text), COMPILER_VERSION)

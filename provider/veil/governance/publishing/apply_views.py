"""Making views in the warehouse, and making sure that each one works."""

from collections.abc import Container, Iterator, Mapping, Sequence, Set
from contextlib import AbstractContextManager
from dataclasses import dataclass

from veil.compiler import COMPILER_VERSION, is_bound, select_of
from veil.governance.blocking import naming
from veil.governance.dropping import drop_view
from veil.governance.errors import GovernanceError, ViewKeptError, ViewRefusedError
from veil.governance.installation.accounts import applies_by_procedures
from veil.governance.installation.unexpected_objects import heirs
from veil.governance.metadata.deployed import DeployedState
from veil.governance.privileges import excess, may_be_passed_on, take_back
from veil.governance.publishing.publication import Publication, View
from veil.model import DataSource
from veil.model.names import dotted
from veil.warehouse import (
    EVERYBODY_READS,
    MOST_QUERY_BYTES,
    PUBLIC,
    Layout,
    PublishedRow,
    Session,
    ViewState,
    WarehouseError,
    create_view,
    digest,
    identifier,
    is_late_binding,
    qualified,
    read_view_texts,
)

_DENIED = "42501"

Place = tuple[str, str]


class TrialFailedError(Exception):
    """One of several views that were tried in one statement does not work, or made it wait. Another
    trial, of each by itself, tells which.
    """


@dataclass(frozen=True)
class Manner:
    """How views are made after the warehouse refused some: those of the data sources in `untried`
    without a look whether they work, for they read what is not there; those at the places of
    `remade` in place of what was dropped there, for the warehouse does not replace them. That takes
    their grants, which are made anew, and a reader who comes meanwhile may find no view. Those of
    the data sources in `lost` cannot be made, and what there is of them goes. Those of the ones in
    `unwritten` are too long to be written, and go as well. With `singly` each view is tried by
    itself, and not several in one statement. `uncommented` ones get no comments, which the
    warehouse refused. `unresolved` are the functions that late-binding views were found not to
    find, and `utc_clock` is whether GETDATE() was found to be in UTC whatever the session's time
    zone; None where nobody looked.
    """

    untried: Container[str] = frozenset()
    remade: Set[Place] = frozenset()
    lost: Container[str] = frozenset()
    unwritten: frozenset[str] = frozenset()
    singly: bool = False
    uncommented: bool = False
    unresolved: frozenset[str] | None = None
    utc_clock: bool | None = None


def make_views(session: Session, deployed: DeployedState, published: Publication, manner: Manner) -> dict[Place, str]:
    """Drop and make the views of a publication in the open transaction; by place, the texts that
    the warehouse reports.

    It may store a text otherwise than it was sent: what it reports now is what a later look is
    compared with.

    Raises ViewRefusedError where the warehouse refuses a view, TrialFailedError where it refuses
    one of several, ViewKeptError where it may take one once the present one is dropped, and
    GovernanceError where views of others keep one from being dropped.
    """
    for schema, name in published.drops:
        if is_taken(deployed, (schema, name)):
            continue  # Somebody dropped the view and made something else of its name, which is theirs.
        with naming(f"the view {dotted(schema, name)}", [(schema, name)]):
            drop_view(session, (schema, name), by=_by(deployed))
    gone = frozenset(published.drops)
    present = {place: state for place, state in deployed.snapshot.views.items() if place not in gone}
    if any(is_bound(view.text) for view in published.views):
        session.pin()  # A bound view keeps the functions that are found now.
    for view in published.views:
        _make(session, deployed, view, present.get(_place(view)), manner)
    # Only now: what is tried may read a view of somebody else's, whose functions may set what they
    # like in this session.
    replaced = present.keys() - manner.remade
    tried = [view for view in published.views if _is_tried(deployed, view, manner, replaced)]
    for some in _together(tried, 1 if manner.singly else _TRIED_TOGETHER):
        _try(session, deployed, some)
    if tried:
        session.pin()
    places = [_place(view) for view in published.views]
    return read_view_texts(session, places) if places else {}


def records_of(published: Publication, reported: Mapping[Place, str]) -> dict[str, PublishedRow]:
    """By data source, what to remember of the views of a publication that the warehouse reports
    so.
    """
    return {view.source.key: _record(view, reported) for view in published.views}


_TRIED_TOGETHER = 100
"""So many views are tried in one statement at most, and fewer where their texts are long."""
_TRIED_BYTES = 1_000_000


def _place(view: View) -> Place:
    return view.source.view_schema, view.source.view_name


def _is_tried(deployed: DeployedState, view: View, manner: Manner, replaced: Container[Place]) -> bool:
    """Whether a view has to work: not where it was replaced although its table is gone, and shows
    nothing until that is back.
    """
    source = view.source
    has_table = (source.schema, source.table) in deployed.snapshot.columns
    return source.key not in manner.untried and (has_table or _place(view) not in replaced)


def _together(views: Sequence[View], most: int) -> Iterator[list[View]]:
    """The views in their order, as many in a batch as one statement is to try."""
    batch: list[View] = []
    size = 0
    for view in views:
        if batch and (len(batch) == most or size + len(view.text) > _TRIED_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(view)
        size += len(view.text)
    if batch:
        yield batch


def _try(session: Session, deployed: DeployedState, views: Sequence[View]) -> None:
    """Query views for no rows: a late-binding view is only looked at when it is queried."""
    each_of = (f"SELECT 1 FROM (SELECT 1 FROM {qualified(*_place(view))} LIMIT 0) AS tried" for view in views)
    try:
        with _naming(views[0].source):
            session.query(" UNION ALL ".join(each_of))
    except WarehouseError as problem:
        if problem.retryable or problem.lost or (problem.timed_out and len(views) == 1):
            raise
        if len(views) > 1:
            raise TrialFailedError from problem
        raise _refused(deployed, views[0].source, problem) from problem


def _naming(source: DataSource) -> AbstractContextManager[None]:
    places = [(source.view_schema, source.view_name), (source.schema, source.table)]
    return naming(f"the view {source.view} of {dotted(source.schema, source.table)}", places)


def _refused(deployed: DeployedState, source: DataSource, problem: WarehouseError) -> ViewRefusedError:
    table = dotted(source.schema, source.table)
    return ViewRefusedError(
        source.key,
        f"The warehouse refuses the view {source.view} of {table}: {problem.found} {_advice(deployed, problem)}",
    )


def _make(session: Session, deployed: DeployedState, view: View, present: ViewState | None, manner: Manner) -> None:
    source = view.source
    if is_taken(deployed, _place(view)):
        raise ViewRefusedError(
            source.key,
            f"{source.view} is where the view of {dotted(source.schema, source.table)} was, or is to be, and is no view: somebody "
            "put something else in its place, which veil leaves alone. Rename or drop it, or choose another view_name, and apply "
            "again. Nothing of this change was written.",
        )
    try:
        with _naming(source):
            if present is not None and _place(view) in manner.remade:
                drop_view(session, _place(view), by=_by(deployed))
                present = None
            _replace(session, deployed, view, present)
    except WarehouseError as problem:
        if problem.retryable or problem.lost or problem.timed_out:
            raise
        raise _refused(deployed, source, problem) from problem


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


def _by(deployed: DeployedState) -> Layout | None:
    """Whose procedures make and drop views; None where this account does so itself."""
    return deployed.layout if applies_by_procedures(deployed) else None


def _call(session: Session, layout: Layout, view: View, present: ViewState | None) -> None:
    """Make a view by a procedure. It replaces what it made, whose grants it cannot take back: where
    there are some that should not be, or it has another form, what it made goes first.
    """
    bound = is_bound(view.text)
    if present is not None and (excess(present) or is_late_binding(present.text) == bound):
        drop_view(session, _place(view), by=layout)
    session.execute(create_view(layout, _place(view), _query(view), compiler=COMPILER_VERSION, late_binding=not bound))


def _query(view: View) -> str:
    """The SELECT of a view. Raises GovernanceError where it is too long for a procedure."""
    query = select_of(view.text)
    if len(query.encode()) > MOST_QUERY_BYTES:
        raise GovernanceError(
            "A view is too long for a procedure",
            f"The text of {view.source.view} has {len(query.encode())} bytes, and an argument holds {MOST_QUERY_BYTES}. An account that "
            "owns the schemas makes such views itself: let it apply this change.",
        )
    return query


def _replace(session: Session, deployed: DeployedState, view: View, present: ViewState | None) -> None:
    if (by := _by(deployed)) is not None:
        _call(session, by, view, present)
        return
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
    """Replace a view. AWS documents that the columns must be the same, and does not say whether
    that holds of late-binding views; nor does it say what the error is.
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

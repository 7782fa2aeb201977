"""One group of requests as one transaction."""

import logging
from collections.abc import Container, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from veil import warehouse
from veil.compiler import CLOSABLE_SINCE
from veil.diff import admitted
from veil.governance.admission.calls import entitlement_statements, listing_statements, metadata_statements
from veil.governance.admission.catalogs import catalog_of_names, names_wanted
from veil.governance.admission.group import admit_all
from veil.governance.admission.naming import contested
from veil.governance.admission.overlay import Overlay
from veil.governance.blocking import naming_metadata
from veil.governance.installation.accounts import applies_by_procedures, refuse_for_owner
from veil.governance.installation.binding import is_rebound, take_views_away
from veil.governance.installation.installing import layout_of, require_own_names
from veil.governance.installation.manual_bootstrap import require_made, require_writable
from veil.governance.installation.reach import close_untrusted, giving_back, rewritten
from veil.governance.installation.reach import taken as taken_places
from veil.governance.installation.repairing import (
    closing_statements,
    hold_for_repair,
    repair_statements,
    row_statements,
    salt_statements,
)
from veil.governance.metadata import impersonating
from veil.governance.metadata.deployed import DeployedState, StoredObject
from veil.governance.metadata.lookup_columns import changed, read_anew
from veil.governance.metadata.people import affected
from veil.governance.metadata.user_functions import functions_in, judged
from veil.governance.metadata.valid_tables import Lists, outdated
from veil.governance.publishing.apply_views import Manner, make_views, records_of
from veil.governance.publishing.comments import CommentsRefusedError, comments_to_make
from veil.governance.publishing.next_snapshot import Facts, after_commit, columns_of, unpublished
from veil.governance.publishing.publication import Publication, publication
from veil.governance.requests import Close, Create, Request, Update, parts
from veil.model import Change, Closing, DataSource, Integration, Kind, Put, Remove
from veil.model.change import apply
from veil.model.names import canonical, dotted
from veil.policy import function_calls, wishes_filters
from veil.policy.looking import looked_up
from veil.policy.untrusted import closed_while_broken
from veil.warehouse import Layout, Session, WarehouseError

_log = logging.getLogger("terraform.provider.veil")

Place = tuple[str, str]

TELL_AFTER = 100
"""Statements after which the log hears of the progress: each holds some hundred users."""


@dataclass(frozen=True)
class Committed:
    """What a group left: the objects and facts to go on from, and for each request its stored
    object (None where deleted).
    """

    deployed: DeployedState
    outcomes: tuple[StoredObject | None, ...]


def write_group(
    session: Session,
    deployed: DeployedState,
    requests: Sequence[Request],
    token: str,
    manner: Manner,
    upgraded: frozenset[Place] = frozenset(),
) -> Committed:
    """Carry out all requests in the open transaction. The result holds once that is committed.

    `token` marks the transaction in the revision; `upgraded` are the views that an upgrade took
    away in it. Raises GovernanceError where a request is refused or its view cannot be made,
    warehouse.RevisionMovedError where another process wrote since `deployed` was read, and
    warehouse.WarehouseError.
    """
    by_procedures = applies_by_procedures(deployed)
    layout, repairing = deployed.layout, put_integration(requests) is not None
    if repairing:
        refuse_for_owner(deployed)
    with naming_metadata(layout):
        if repairing:
            hold_for_repair(session, deployed)
        else:
            warehouse.move_on(session, layout, deployed.snapshot, token)
    overlay = Overlay(deployed, deployed.world.integration)
    singles = [single for request in requests for single in parts(request)]
    outcomes = admit_all(requests, overlay, catalog_of_names(session, names_wanted(singles, overlay)))
    before, doubted = deployed, rewritten(deployed) if repairing else None
    if repairing:
        close_untrusted(deployed, overlay)
        deployed = _repaired(session, deployed, overlay, manner)
        # Only now: the procedure that moves it on may be what was repaired.
        _run(session, layout, warehouse.replace_revision(layout, deployed.snapshot.revision + 1, token))
    changes, following = _follow(deployed, overlay)
    lists: Lists | None = None
    if not all(isinstance(each, Close) for each in requests):
        # Closing must not wait for whoever is reading a view: the next group finds what changed of
        # functions and lookups, too.
        following = _looked_at_lookups(session, _looked_at_functions(session, following))
        lists = _lists(before, following, changes, doubted, repairing=repairing)
        following = replace(following, listed=lists.found if lists.is_complete else None)
    if not deployed.snapshot.has_ledger:
        # Before anything is entered: the objects that are not would be taken for somebody else's.
        _run(session, layout, warehouse.fill_ledger(layout))
    _forget_choices(session, deployed, following.world.profiles.keys() - _with_profile(deployed))
    admissions = lists.found if lists is not None else None
    _run(session, layout, metadata_statements(deployed, following, list(overlay.changed), changes, admissions))
    if doubted is not None and lists is not None:
        _run(session, layout, entitlement_statements(layout, following.world, *doubted, lists.found))
    if lists is not None:
        _run(session, layout, listing_statements(layout, lists))
    impersonating.write(session, deployed, following, overlay.changed)
    taken = upgraded | before.snapshot.views.keys() - deployed.snapshot.views.keys()
    published = _publication(deployed, following, changes, requests, taken=taken, manner=manner)
    published = published.replacing(overlay.adopted - before.snapshot.views.keys())
    reported = make_views(session, deployed, published, manner)
    comment(session, deployed, published, manner)
    records = records_of(published, reported)
    if deployed.snapshot.appliers and not by_procedures:
        _run(session, layout, warehouse.record_made_views(layout, reported, published.drops))
    _run(session, layout, warehouse.record_published(layout, records))
    _run(session, layout, warehouse.forget_published(layout, sorted(unpublished(deployed, following))))
    facts = Facts(deployed.snapshot.revision + 1, token, published, records, reported, lists, not manner.uncommented)
    return Committed(after_commit(deployed, following, facts, changes), outcomes)


def _looked_at_functions(session: Session, deployed: DeployedState) -> DeployedState:
    """With the functions that masks call as they are now, in the transaction that makes the
    views.
    """
    named = functions_in(deployed.world)
    if not named:
        return deployed
    there = warehouse.read_functions(session, {schema for schema, _ in named})
    functions = judged(there, deployed.layout.owner, named)
    return replace(deployed, world=replace(deployed.world, functions=functions))


def _looked_at_lookups(session: Session, deployed: DeployedState) -> DeployedState:
    """With the columns that lookups have now, in the transaction that makes the views."""
    return replace(deployed, world=replace(deployed.world, lookups=read_anew(session, deployed.world)))


def _lists(
    deployed: DeployedState,
    following: DeployedState,
    changes: Sequence[Change],
    doubted: tuple[frozenset[str], frozenset[str]] | None,
    *,
    repairing: bool,
) -> Lists:
    """The data sources that users could query once the group is written, as far as the rows list
    others. Nothing waits for these lists: while they cannot be written, or nobody knows what
    counts, they stay as they are.
    """
    admissions = admitted(following.world, datetime.now(UTC), deployed.listed)
    table = (deployed.layout.system, "profile")
    writable = repairing or deployed.snapshot.owners.get(table) == deployed.layout.owner
    if not writable or table in taken_places(deployed):
        return Lists(admissions, is_complete=False)
    written = affected(deployed.world, following.world, changes) | (doubted[0] if doubted is not None else frozenset())
    if following.broken:
        known = [row for row in deployed.snapshot.profiles if row.user in written]
        return outdated(admissions, known, written, None).only(written)
    return outdated(admissions, deployed.snapshot.profiles, written, deployed.listed)


def _follow(deployed: DeployedState, overlay: Overlay) -> tuple[list[Change], DeployedState]:
    """What the group makes of the World, and all that is deployed then."""
    changes = [*_changes(overlay), *_contests(deployed, overlay)]
    layout = _layout(deployed, changes) or deployed.layout
    world = apply(deployed.world, *changes, known=_with_profile(deployed))
    return changes, DeployedState(
        layout, deployed.snapshot, overlay.stored, world, waiting=overlay.waiting, listed=deployed.listed
    )


def _repaired(session: Session, deployed: DeployedState, overlay: Overlay, manner: Manner) -> DeployedState:
    """Put the installation right, its views in the form for what was found of this warehouse; what
    is deployed without the views that had to go for that. The integration in the overlay remembers
    what was made.
    """
    observed = manner.unresolved
    rebinding = _may_rebind(deployed, overlay.integration)
    unresolved = overlay.integration.unresolved if observed is None or not rebinding else observed
    if rebinding:
        utc_clock = overlay.integration.utc_clock if manner.utc_clock is None else manner.utc_clock
        _remember(overlay, unresolved, utc_clock=utc_clock)
        if is_rebound(deployed, unresolved):
            deployed = take_views_away(session, deployed)
    _, following = _follow(deployed, overlay)
    _put_right(session, deployed, following)
    return deployed


def _may_rebind(deployed: DeployedState, integration: Integration) -> bool:
    """Whether a repair makes veil's own views anew."""
    return integration.bootstrap == "automatic" and not giving_back(deployed)


def _remember(overlay: Overlay, unresolved: frozenset[str], *, utc_clock: bool) -> None:
    """Have the integration that the group puts remember what late-binding views do not find, and
    how GETDATE() is read.
    """
    stored = overlay.stored[Kind.INTEGRATION, overlay.integration.name]
    overlay.put(replace(stored, thing=replace(overlay.integration, unresolved=unresolved, utc_clock=utc_clock)))


def put_integration(requests: Sequence[Request]) -> Integration | None:
    """The integration that the group puts, which repairs the installation."""
    puts = (each for request in requests for each in parts(request) if isinstance(each, Create | Update))
    return next((each.draft for each in puts if isinstance(each.draft, Integration)), None)


def _put_right(session: Session, deployed: DeployedState, following: DeployedState) -> None:
    """Bring the installation to what the integration says now, as far as it is this account's to
    do. Rows do not wait for what an administrator has to do first.
    """
    integration, layout, moved = following.world.integration, deployed.layout, following.layout
    # Who may apply by procedures hangs on what the integration is to be.
    known = replace(deployed.world.integration, bootstrap=integration.bootstrap)
    deployed = replace(deployed, world=replace(deployed.world, integration=known))
    if integration.bootstrap == "manual":
        (require_writable if moved == layout else require_made)(session, moved, integration.database)
    if integration.bootstrap == "manual" or (moved == layout and giving_back(deployed)):
        _run(session, layout, row_statements(deployed, moved))
        if deployed.snapshot.owners.get((moved.system, "own_view")) == layout.owner:
            _record_views(session, moved)
        return
    if moved.view_schema != layout.view_schema:
        require_own_names(session, moved, there=True)
    impersonating.ensure_group(session, integration)
    _run(session, layout, repair_statements(deployed, moved))
    _run(session, layout, closing_statements(session, replace(deployed, layout=moved)))
    _run(session, layout, [*salt_statements(deployed, moved), *row_statements(deployed, moved)])
    _record_views(session, moved)


def comment(session: Session, deployed: DeployedState, published: Publication, manner: Manner) -> None:
    """Say of the views of a publication what they are. Raises CommentsRefusedError where the
    warehouse takes no comments.
    """
    present = deployed.snapshot.views
    rows = [
        row
        for view in published.views
        for row in comments_to_make(_place(view.source), view.comments, present.get(_place(view.source)))
    ]
    try:
        if not manner.uncommented:
            _run(session, deployed.layout, warehouse.comment_on_views(deployed.layout, rows))
    except WarehouseError as problem:
        if problem.retryable or problem.lost or problem.timed_out:
            raise
        raise CommentsRefusedError from problem


def _record_views(session: Session, layout: Layout) -> None:
    with naming_metadata(layout):
        warehouse.record_own_views(session, layout)


def forget_departed(session: Session, before: DeployedState, following: DeployedState) -> None:
    """Remove what users chose whose profiles went with a group, in a transaction after it: an open
    one of such a user would else keep the profile from going. What is left where that fails goes
    when somebody gets the name again.
    """
    gone = before.world.profiles.keys() - following.world.profiles.keys()
    if not gone:
        return
    try:
        warehouse.run_in_transaction(
            session, lambda again: _forget_choices(again, following, gone), attempts=1, timeout_attempts=1
        )
    except warehouse.WarehouseError as problem:
        _log.info("what users left behind was not removed: %s", problem.summary)


def _with_profile(deployed: DeployedState) -> Set[str]:
    """The users who have a profile, be its row altered: whose row is put right chose as the same
    user. Where no ledger tells whether a row was ever ours, an altered one counts for nothing.
    """
    altered = {key for kind, key in deployed.broken if kind is Kind.PROFILE}
    return deployed.world.profiles.keys() | (altered if deployed.snapshot.has_ledger else set())


def _forget_choices(session: Session, deployed: DeployedState, users: Set[str]) -> None:
    """Remove what these users chose. Tables that are not ours now hold nothing that counts once
    they are.
    """
    layout, owners = deployed.layout, deployed.snapshot.owners
    if users and all(owners.get((layout.system, name)) == layout.owner for name in ("runtime", "acknowledgement")):
        warehouse.forget_choices(session, layout, users)


def _run(session: Session, layout: Layout, statements: Sequence[str]) -> None:
    with naming_metadata(layout):
        for number, statement in enumerate(statements, start=1):
            session.execute(statement)
            if number % TELL_AFTER == 0 and number < len(statements):
                _log.info("%d of %d writes of the metadata are done", number, len(statements))


def _layout(deployed: DeployedState, changes: Sequence[Change]) -> Layout | None:
    """Where the integration keeps its things from now on, None where the group does not put the
    integration.
    """
    for each in changes:
        if isinstance(each, Put) and isinstance(each.thing, Integration):
            kept = deployed.layout
            return replace(layout_of(each.thing), owner=kept.owner, read_only_role=kept.read_only_role)
    return None


def _changes(overlay: Overlay) -> list[Change]:
    """What the group makes of the World. Removals come first: a key may be given up by one object
    for another.
    """
    gone = [place for place in overlay.changed if place not in overlay.stored]
    things = [overlay.stored[place].thing for place in overlay.changed if place in overlay.stored]
    removals: list[Change] = [Remove(kind, key) for kind, key in gone if kind is not Kind.INTEGRATION]
    return removals + [Put(thing) for thing in things if thing is not None]


def _contests(deployed: DeployedState, overlay: Overlay) -> Iterator[Change]:
    """Purposes whose names others wait for are out of the World, until those have them or wait no
    longer.
    """
    now = contested(overlay.waiting)
    for name in sorted(contested(deployed.waiting) - now):
        place = (Kind.PURPOSE, name)
        stored = overlay.stored.get(place)
        if stored is not None and stored.thing is not None and place not in overlay.changed:
            yield Put(stored.thing)
    for name in sorted(now):
        yield Remove(Kind.PURPOSE, name)


def _publication(
    before: DeployedState,
    following: DeployedState,
    changes: Sequence[Change],
    requests: Sequence[Request],
    *,
    taken: Container[Place],
    manner: Manner,
) -> Publication:
    # A source that is put is always published anew, changed or not: that is how its view is
    # repaired.
    forced = {each.thing.key for each in changes if isinstance(each, Put) and isinstance(each.thing, DataSource)}
    forced |= _outdated(before, following, requests)
    if before.world.functions != following.world.functions:
        sources = following.world.data_sources
        forced |= {key for key, each in sources.items() if any(function_calls(following.world, each))}
    if anew := changed(before.world, following.world):
        sources = following.world.data_sources
        forced |= {
            key
            for key, each in sources.items()
            if not anew.isdisjoint(lookup.table for lookup in looked_up(following.world, each))
        }
    if before.broken != following.broken:
        forced |= following.world.data_sources.keys()
    gone = {each.key: each for each in following.world.data_sources.values() if _place(each) in taken}
    forced |= gone.keys()
    # A view over nothing cannot be bound. Its data source reports it, and makes it once there is a
    # table.
    unmade = {key for key, each in gone.items() if (each.schema, each.table) not in before.snapshot.columns}
    tables = {**before.snapshot.columns, **columns_of(before, changes)}
    worlds = closed_while_broken(before.world, before.broken), closed_while_broken(following.world, following.broken)
    published = publication(*worlds, changes, forced, tables, manner.unwritten)
    drops = tuple(sorted({*published.drops, *_abandoned(before, following)}))
    lost = {each.source.key for each in published.views if each.source.key in manner.lost or each.source.key in unmade}
    return replace(published, drops=drops).without(lost, before.snapshot.views)


def _place(source: DataSource) -> Place:
    return source.view_schema, source.view_name


def _outdated(before: DeployedState, following: DeployedState, requests: Sequence[Request]) -> set[str]:
    """The data sources of closings whose views do not look for one, where they are to be made
    anew.
    """
    closings = (
        following.world.closings[each.closing.id] for each in requests if isinstance(each, Close) and each.views
    )
    return {key for each in closings for key in outdated_views(before, each)}


def outdated_views(deployed: DeployedState, closing: Closing) -> list[str]:
    """The data sources among those of a closing whose views are of a version that does not look for
    closings, or may have columns that stand bare: on a closed one none does.
    """
    published, sources = deployed.snapshot.published, deployed.world.data_sources
    return sorted(
        key
        for key in closing.sources & sources.keys() & published.keys()
        if published[key].compiler_version < CLOSABLE_SINCE or wishes_filters(deployed.world, sources[key])
    )


def _abandoned(before: DeployedState, following: DeployedState) -> set[tuple[str, str]]:
    """The views of sources whose rows were lost or altered outside veil: nobody knows what they
    should show.
    """
    sources = following.world.data_sources
    held = {canonical(each.view) for each in sources.values()}
    return {place for place in before.recorded_views(but=sources) if canonical(dotted(*place)) not in held}

"""A group of requests against everybody else who writes."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace

from veil import warehouse
from veil.compiler import COMPILER_VERSION, CompileError, compiler_of
from veil.governance.admission.catalogs import catalog_of
from veil.governance.admission.known_columns import over_tables
from veil.governance.admission.lookup_tables import broken_by_lookups
from veil.governance.admission.overlay import Overlay
from veil.governance.blocking import naming_metadata
from veil.governance.dropping import DependedOnError, naming_dependents
from veil.governance.errors import GovernanceError, ViewKeptError, ViewRefusedError
from veil.governance.installation.accounts import applies_by_procedures, explaining_procedures, refuse_reader
from veil.governance.installation.binding import find_unresolved, require_bindable
from veil.governance.installation.clock import finds_utc_clock, require_clock
from veil.governance.installation.missing import explaining_missing
from veil.governance.installation.preconditions import refuse_case_sensitive
from veil.governance.installation.session_variables import require_impersonable
from veil.governance.installation.upgrading import is_older, upgrade
from veil.governance.metadata.deployed import DeployedState
from veil.governance.publishing.apply_views import Manner, TrialFailedError, is_taken
from veil.governance.publishing.comments import CommentsRefusedError
from veil.governance.publishing.write_group import Committed, forget_departed, put_integration, write_group
from veil.governance.requests import Close, Delete, Request
from veil.governance.view_sizes import too_long
from veil.warehouse import RevisionMovedError, Session

Look = Callable[[Session], DeployedState | None]


def commit(session: Session, deployed: DeployedState, requests: Sequence[Request], read: Look) -> Committed:
    """Carry out a group in one transaction, decided on `deployed`.

    Where another process wrote since that was read, everything is read with `read` and decided
    anew, and this time others have to wait: a process that writes all the time would win every
    race. Where the warehouse refuses a view that failed before, because somebody dropped or altered
    what it looks up in, such views are made without a trial: they fail for whoever queries them as
    they did. Where it does not replace a view, that is dropped and made; where it does not replace
    another one either, so are all. Where it takes no comments, the views have none. A removal does
    not wait for a view that cannot be made, because its table is gone or its name is somebody
    else's, or because it is too long by now: what there is of it goes, and its data source reports
    it. Raises GovernanceError and warehouse.WarehouseError; nothing is written then.
    """
    try:
        with explaining_missing(deployed):
            committed = _in_some_manner(session, deployed, requests, read)
    except DependedOnError as problem:
        raise naming_dependents(problem, session, deployed) from problem
    forget_departed(session, deployed, committed.deployed)
    return committed


def _in_some_manner(session: Session, deployed: DeployedState, requests: Sequence[Request], read: Look) -> Committed:
    if (put := put_integration(requests)) is not None:
        require_impersonable(session, put)
    manner = _as_found(session, deployed, requests)
    for _ in range(_MANNERS):
        try:
            return _against_others(session, deployed, requests, read, manner)
        except ViewKeptError as problem:
            # Nothing can be tried within the transaction: an error ends it.
            everywhere = frozenset(deployed.snapshot.views)
            manner = replace(manner, remade=everywhere if manner.remade else frozenset({problem.place}))
        except CommentsRefusedError:
            manner = replace(manner, uncommented=True)
        except TrialFailedError:
            manner = replace(manner, singly=True)
        except ViewRefusedError as problem:
            if _only_removes(requests) and not manner.lost and problem.key in (lost := _lost(deployed)):
                manner = replace(manner, lost=lost)
                continue
            broken = _broken(session, deployed)
            if problem.key not in broken or manner.untried:
                raise
            manner = replace(manner, untried=broken)
        except CompileError as problem:
            if not _goes_without(requests, problem) or problem.source in manner.unwritten:
                raise
            manner = replace(manner, unwritten=manner.unwritten | _too_long(deployed) | {problem.source or ""})
    return _against_others(session, deployed, requests, read, manner)


def _as_found(session: Session, deployed: DeployedState, requests: Sequence[Request]) -> Manner:
    """How a group that repairs the installation makes it on this warehouse. Asked before the
    transaction: an error would end it.
    """
    put = put_integration(requests)
    if put is None or deployed.layout.owner not in ("", deployed.snapshot.account) or is_older(deployed):
        return Manner()
    unresolved = find_unresolved(session, deployed.layout)
    known = deployed.world.integration
    require_bindable(put, known.unresolved if unresolved is None else unresolved)
    utc_clock = finds_utc_clock(session, known)
    require_clock(put, utc_clock=utc_clock)
    return Manner(unresolved=unresolved, utc_clock=utc_clock)


_MANNERS = 8
"""How many things there are to give up, one after the other: trials of several views at once,
trials, views that cannot be made, those that are too long as deployed, one more that is so then,
replacing one view, replacing any, comments.
"""


def _only_removes(requests: Sequence[Request]) -> bool:
    return all(isinstance(request, Delete | Close) for request in requests)


def _goes_without(requests: Sequence[Request], problem: CompileError) -> bool:
    """Whether requests do not wait for a view that is too long, because somebody added columns to
    its table: they only remove, or they repair the installation. The data source reports it, and
    shows nothing meanwhile.
    """
    return problem.is_too_long and (_only_removes(requests) or put_integration(requests) is not None)


def _too_long(deployed: DeployedState) -> frozenset[str]:
    """The data sources whose views cannot be written for their length, over the columns that their
    tables have now.
    """
    world = over_tables(deployed.world, deployed.snapshot.columns)
    return frozenset(key for key, each in world.data_sources.items() if too_long(world, each) is not None)


def _lost(deployed: DeployedState) -> frozenset[str]:
    """The data sources whose views cannot be made: the table is gone, or the view's name is
    somebody else's.
    """
    return frozenset(
        source.key
        for source in deployed.world.data_sources.values()
        if is_taken(deployed, (source.view_schema, source.view_name))
        or (source.schema, source.table) not in deployed.snapshot.columns
    )


def _broken(session: Session, deployed: DeployedState) -> frozenset[str]:
    """The data sources whose views fail because of what they look up in."""
    catalog = catalog_of(lambda look: look(session))
    return broken_by_lookups(deployed.world, catalog.columns, Overlay(deployed, deployed.world.integration))


def _against_others(
    session: Session, deployed: DeployedState, requests: Sequence[Request], read: Look, manner: Manner
) -> Committed:
    try:
        return _transact(session, deployed, requests, read, manner)
    except RevisionMovedError:
        return _transact(session, deployed, requests, read, manner, held=True)


def _transact(
    session: Session,
    known: DeployedState,
    requests: Sequence[Request],
    read: Look,
    manner: Manner,
    *,
    held: bool = False,
) -> Committed:
    """`held`: other writers wait, and all is read anew."""
    token = secrets.token_hex(16)

    def work(session: Session) -> Committed:
        deployed = _read_held(session, known, read) if held else known
        refuse_newer(deployed)
        refuse_reader(deployed)
        if not _only_removes(requests):
            refuse_case_sensitive(session)
        taken: frozenset[tuple[str, str]] = frozenset()
        if is_older(deployed):
            taken = upgrade(session, deployed)
            # Nothing of what was known is left: what a repair goes by are tables, views and
            # procedures of this version.
            deployed = _read_held(session, known, read)
        with explaining_procedures(deployed):
            return write_group(session, deployed, requests, token, manner, taken)

    return warehouse.run_in_transaction(
        session,
        work,
        # Several requests are carried out one by one then, so that only those wait once more that
        # something blocks.
        timeout_attempts=1 if len(requests) > 1 else warehouse.TIMEOUT_ATTEMPTS,
        landed=lambda fresh: warehouse.landed(fresh, known.layout, token),
    )


def _read_held(session: Session, known: DeployedState, read: Look) -> DeployedState:
    # Who applies by procedures may lock nothing: the revision tells whether somebody wrote
    # meanwhile.
    if not applies_by_procedures(known):
        with naming_metadata(known.layout):
            warehouse.hold_writers(session, known.layout)
    deployed = read(session)
    if deployed is None:
        raise GovernanceError("The integration is gone", "It was removed while this change was on its way.")
    return replace(deployed, waiting=known.waiting)


def refuse_to_write(session: Session, deployed: DeployedState | None) -> None:
    """Raise GovernanceError where an apply would be refused whatever it writes."""
    refuse_case_sensitive(session)
    if deployed is not None:
        refuse_newer(deployed)


def refuse_newer(deployed: DeployedState) -> None:
    """Raise GovernanceError where a newer veil wrote here: an older one would take its work
    back.
    """
    if _has_newer_view(deployed) or deployed.snapshot.schema_version > warehouse.SCHEMA_VERSION:
        raise GovernanceError(
            "A newer veil wrote here",
            f"This database was last written by a newer version of the provider ({deployed.snapshot.provider_version}). "
            "Use that version or a later one; this one does not write.",
        )


def _has_newer_view(deployed: DeployedState) -> bool:
    """Whether a view is by its record and by its own text of a newer compiler: a record alone is
    easily written.
    """
    views = deployed.snapshot.views
    newer = (row for row in deployed.snapshot.published.values() if row.compiler_version > COMPILER_VERSION)
    rows_with_views = ((row, views.get((row.view_schema, row.view_name))) for row in newer)
    return any(state is not None and compiler_of(state.text) == row.compiler_version for row, state in rows_with_views)

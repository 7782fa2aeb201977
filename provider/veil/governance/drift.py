"""What was altered outside Terraform and an update of the object puts right."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from typing import Any

from veil.compiler import COMPILER_VERSION, CompileError, compile_view, compiler_of
from veil.governance.admission.known_columns import draft_like
from veil.governance.closing import undone
from veil.governance.entitlements import profile_drift, project_drift, subscription_drift
from veil.governance.installation.accounts import applies_by_procedures
from veil.governance.installation.drift import installation_drift
from veil.governance.metadata.access_requests import refusal_drift
from veil.governance.metadata.closings import rows_of as rows_of_closings
from veil.governance.metadata.deployed import DeployedState, StoredObject
from veil.governance.metadata.impersonating import rows_of
from veil.governance.metadata.salts import what_befell_salt
from veil.governance.privileges import excess, was_granted
from veil.governance.publishing.comments import altered_comments, comments_of
from veil.governance.requests import Draft, SourceDraft
from veil.governance.showing import shown
from veil.governance.usurping import usurper
from veil.model import (
    KINDS,
    AccessRefusal,
    DataSource,
    Governed,
    Impersonation,
    Integration,
    Kind,
    Profile,
    Project,
    Subscription,
    World,
)
from veil.model.names import dotted
from veil.policy import closed_functions, function_calls
from veil.policy.looking import looked_up
from veil.warehouse import EVERYBODY_READS, NOUN_OF, ClosedRow, Columns, PublishedRow, digest, is_late_binding


def drift_of(deployed: DeployedState, stored: StoredObject, wanted: Draft) -> frozenset[str]:
    """One readable line per alteration of this object; empty when the warehouse is as `wanted`
    says.

    Only what an update of this object repairs is here; what it cannot repair is in `health`.
    """
    return frozenset(_drift(deployed, stored, wanted))


def _drift(deployed: DeployedState, stored: StoredObject, wanted: Draft) -> Iterator[str]:
    if stored.thing is None:
        yield f"its metadata row was {stored.fate} outside veil"
    if (thing := stored.thing or stored.claimed) is not None:
        yield from _definition(thing, wanted)
    yield from BEYOND_DEFINITION[stored.kind](deployed, stored, wanted)
    if stored.kind is not Kind.INTEGRATION and (closing := deployed.closing_after(stored.id)):
        yield undone(closing)


def _integration(deployed: DeployedState, stored: StoredObject, wanted: Integration) -> Iterator[str]:
    return installation_drift(deployed)


def _profile(deployed: DeployedState, stored: StoredObject, wanted: Profile) -> Iterator[str]:
    return profile_drift(deployed, wanted)


def _subscription(deployed: DeployedState, stored: StoredObject, wanted: Subscription) -> Iterator[str]:
    return subscription_drift(deployed, wanted)


def _refusal(deployed: DeployedState, stored: StoredObject, wanted: AccessRefusal) -> Iterator[str]:
    return refusal_drift(deployed, wanted)


def _project(deployed: DeployedState, stored: StoredObject, wanted: Project) -> Iterator[str]:
    return project_drift(deployed, wanted)


def _nothing(deployed: DeployedState, stored: StoredObject, wanted: Draft) -> Iterator[str]:
    return iter(())


def _source(deployed: DeployedState, stored: StoredObject, wanted: SourceDraft) -> Iterator[str]:
    if isinstance(stored.thing, DataSource):
        yield from _view(deployed, stored.thing)
        yield from _functions(deployed, stored.thing)
        yield from _lookups(deployed, stored.thing)
        yield from _columns(deployed, stored.thing)
        yield from _closed(deployed, stored.thing)
    if altered := what_befell_salt(deployed.snapshot, stored.key):
        yield f"its salt was {altered}: what it hashes will hash otherwise"


def _definition(stored: Governed, wanted: Draft) -> Iterator[str]:
    if isinstance(stored, DataSource) and isinstance(wanted, SourceDraft):
        yield from _differences(draft_like(stored, wanted), wanted)
    else:
        yield from _differences(stored, wanted)


def _differences(stored: object, wanted: Draft) -> Iterator[str]:
    for each in fields(wanted):
        if each.name in ("hostname", "unresolved", "utc_clock", "definitions"):
            # One cluster has several names: an endpoint of its own, a tunnel. How views are bound,
            # and what functions were, nobody declares.
            continue
        if getattr(stored, each.name) != getattr(wanted, each.name):
            yield f"{each.name} differs from what was applied"


def _view(deployed: DeployedState, source: DataSource) -> Iterator[str]:
    place = (source.view_schema, source.view_name)
    state, record = deployed.snapshot.views.get(place), deployed.snapshot.published.get(source.key)
    if not source.enabled:
        if state is not None and record is not None:
            yield f"the view {source.view} is there although the data source is disabled"
        return
    if state is None:
        if usurper(deployed, source) is None:
            yield f"the view {source.view} is missing"
        return
    if record is None:
        yield f"what was published as {source.view} is not recorded"
    elif (record.view_schema, record.view_name) != place or _is_forged(record.compiler_version, state.text):
        yield f"what was published as {source.view} is recorded otherwise"
    elif (source.key,) in deployed.snapshot.doubled.get("published", ()):
        yield f"what was published as {source.view} is recorded twice"
    elif digest(state.text) != record.text_hash:
        yield f"the text of the view {source.view} was altered"
    elif record.compiler_version < COMPILER_VERSION:
        yield f"the view {source.view} was made by an older version of veil and will be compiled anew"
    if state.owner != deployed.layout.owner and not applies_by_procedures(deployed):
        yield f"the view {source.view} is owned by {state.owner}"
    if EVERYBODY_READS not in state.grants:
        yield f"SELECT on the view {source.view} was revoked from PUBLIC"
    for grant in excess(state):
        yield was_granted(grant, f"the view {source.view}")
    for column in altered_comments(comments_of(source, bound=not is_late_binding(state.text)), state):
        what = f"the column {column} of the view {source.view}" if column else f"the view {source.view}"
        yield f"the comment on {what} is not its description"


def _functions(deployed: DeployedState, source: DataSource) -> Iterator[str]:
    """That the view calls a function which it may no longer, or does not call one which it may:
    somebody has replaced the function, or done something to it or its schema, since the view was
    made.
    """
    called = sorted({mask.name for mask in function_calls(deployed.world, source)})
    record = deployed.snapshot.published.get(source.key)
    if not called or record is None or not _is_comparable(deployed, source, record):
        return
    if _is_as_published(deployed.world, source, record) is not False:
        return
    named = f"{', '.join(called)}, which the masks of {source.key} call, {'is' if len(called) == 1 else 'are'} not as when the view"
    why = closed_functions(deployed.world, source)
    if why:
        yield f"{named} {source.view} was made. The apply makes the column NULL: {'; '.join(why)}"
    else:
        yield f"{named} {source.view} was made, and may be called. The apply has the view do so"


def _lookups(deployed: DeployedState, source: DataSource) -> Iterator[str]:
    """That tables which policies look up in have other columns than when the view was made, or are
    back. Of one that is gone nothing is told here.
    """
    if not deployed.world.lookups:
        return
    tables = sorted({each.table for each in looked_up(deployed.world, source)})
    record = deployed.snapshot.published.get(source.key)
    if not tables or not all(each in deployed.world.lookups for each in tables) or record is None:
        return
    if not _is_comparable(deployed, source, record) or _is_as_published(deployed.world, source, record) is not False:
        return
    yield (
        f"the columns of {', '.join(shown(dotted(*each)) for each in tables)}, in which policies on {source.key} look up, are not as "
        f"when the view {source.view} was made, which shows no rows where a type differs: the apply makes it anew"
    )


def unlike_published(deployed: DeployedState, source: DataSource) -> frozenset[str]:
    """The functions that the masks of a data source call, where its view was not published as it
    would be made now, whatever that is for: in the view that is there a column may be NULL that
    calls one in the next, or the other way about.
    """
    called = frozenset(mask.name for mask in function_calls(deployed.world, source))
    record = deployed.snapshot.published.get(source.key)
    if not called or record is None or not source.enabled:
        return frozenset()
    return frozenset() if _is_as_published(deployed.world, source, record) else called


def _is_as_published(world: World, source: DataSource, record: PublishedRow) -> bool | None:
    """Whether the view would be made now as it was published; None where it cannot be made."""
    try:
        return digest(compile_view(world, source)) == record.compiled_hash
    except CompileError:
        return None


def _is_comparable(deployed: DeployedState, source: DataSource, record: PublishedRow) -> bool:
    """Whether what the view would be now differs from what was published by functions and lookups
    alone. All else is told elsewhere.
    """
    table = deployed.snapshot.columns.get((source.schema, source.table))
    known = tuple((column.name, column.type) for column in source.columns)
    return source.enabled and not deployed.broken and table == known and record.compiler_version == COMPILER_VERSION


def _is_forged(version: int, text: str) -> bool:
    """Whether a record claims a newer compiler than this one, and the view's own text does not."""
    return version > COMPILER_VERSION and compiler_of(text) != version


def _closed(deployed: DeployedState, source: DataSource) -> Iterator[str]:
    """Rows of `closed` about the data source that are not those which close it."""
    held = {row for row in deployed.snapshot.closed if row.source == source.key}
    wanted = {row for row in rows_of_closings(deployed.world) if row.source == source.key}
    for row in sorted(wanted - held):
        yield f"the row that closes it for the {_named(row)} was removed"
    for row in sorted(held - wanted):
        yield f"a row that closes it for the {_named(row)} was added: the repair opens it"


def _named(row: ClosedRow) -> str:
    """What a row of `closed` says that it is for. Its words may be anybody's."""
    nouns = {kind.value: spec.noun for kind, spec in KINDS.items()}
    return f"{nouns.get(row.kind) or shown(row.kind)} {shown(row.name)}"


def _columns(deployed: DeployedState, source: DataSource) -> Iterator[str]:
    table: Columns | None = deployed.snapshot.columns.get((source.schema, source.table))
    if table is None:
        return
    yield from _relation(deployed, source)
    yield from _owner(deployed, source)
    now, known = dict(table), {column.name: column.type for column in source.columns}
    name = dotted(source.schema, source.table)
    for column in sorted(now.keys() - known.keys()):
        yield f"the column {column} was added to {name}; new_columns = {source.new_columns!r} decides what becomes of it"
    for column in sorted(known.keys() - now.keys()):
        yield f"the column {column} was dropped from {name}"
    for column in sorted(now.keys() & known.keys()):
        if now[column] != known[column]:
            yield f"the column {column} of {name} was changed from {known[column]} to {now[column]}"


def _relation(deployed: DeployedState, source: DataSource) -> Iterator[str]:
    """That something else stands in the place of the base table. Its columns are governed by their
    names all the same.
    """
    kind = deployed.snapshot.base.kinds.get((source.schema, source.table))
    if kind is not None and source.relation and NOUN_OF[kind] != source.relation:
        yield (
            f"{source.key} was a {source.relation} when it was governed last, and is a {NOUN_OF[kind]} of "
            f"{shown(deployed.snapshot.base.owners.get((source.schema, source.table), ''))} now: the apply takes it for what it is. "
            "Where nobody meant that, bring the old one back first"
        )


def _owner(deployed: DeployedState, source: DataSource) -> Iterator[str]:
    """That the base table was given to somebody, who reads it whatever is granted. The system
    account and superusers read it in any case.
    """
    owner = deployed.snapshot.base.owners.get((source.schema, source.table), source.owner)
    known = {source.owner, deployed.layout.owner, *deployed.snapshot.superusers}
    if source.owner and owner not in known:
        yield (
            f"{source.key} belonged to {shown(source.owner)} when it was governed last, and belongs to {shown(owner)} now, who reads "
            "and changes it around the view: the apply takes that as known. Where nobody meant that, give it back first"
        )


def _impersonation(deployed: DeployedState, stored: StoredObject, wanted: Impersonation) -> Iterator[str]:
    expected = {row for row in rows_of(deployed.world, deployed.snapshot) if row.user == wanted.user}
    for row in sorted(expected - deployed.snapshot.impersonations, key=str):
        yield f"{row.user} may no longer act as {row.as_user}"
    group, members = deployed.layout.impersonation_group, deployed.snapshot.impersonators
    if members is not None and wanted.user not in members:
        yield f"{wanted.user} was taken out of the group {group}"


BEYOND_DEFINITION: Mapping[Kind, Callable[[DeployedState, StoredObject, Any], Iterator[str]]] = {
    Kind.INTEGRATION: _integration,
    Kind.DATA_SOURCE: _source,
    Kind.MASKING_POLICY: _nothing,
    Kind.ROW_POLICY: _nothing,
    Kind.SUBSCRIPTION_POLICY: _nothing,
    Kind.SUBSCRIPTION: _subscription,
    Kind.PROFILE: _profile,
    Kind.PURPOSE: _nothing,
    Kind.PROJECT: _project,
    Kind.IMPERSONATION: _impersonation,
    Kind.ACCESS_REFUSAL: _refusal,
    Kind.CLOSING: _nothing,
}
"""By kind, what was altered of what follows from an object, beyond its own row. What follows from a
policy are views, of which their data sources tell; from a closing rows, likewise; from a purpose
entries, of which users and projects tell.
"""

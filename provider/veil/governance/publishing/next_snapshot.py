"""What we know of the warehouse after our own commit, without asking it again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from veil.diff import Admitted
from veil.governance.metadata import access_requests, closings, equalizing
from veil.governance.metadata.deployed import DeployedState
from veil.governance.metadata.identity import key_text
from veil.governance.metadata.impersonating import rows_of as impersonations
from veil.governance.metadata.people import affected, rows_of_all
from veil.governance.metadata.salts import salt_names
from veil.governance.metadata.valid_tables import Lists
from veil.governance.publishing.publication import Publication
from veil.model import Change, DataSource, Impersonation, Kind, Put, key_of, kind_of
from veil.warehouse import (
    EVERYBODY_READS,
    Columns,
    ProfileRow,
    ProjectEntryRow,
    ProjectProfileRow,
    PublishedRow,
    RelationKind,
    UnsealedRow,
    ViewState,
)

T = TypeVar("T")


@dataclass(frozen=True)
class Facts:
    """What a group did to revision and views."""

    revision: int
    token: str
    publication: Publication
    records: Mapping[str, PublishedRow]
    texts: Mapping[tuple[str, str], str]
    """By place, what the warehouse reports of the views that were made."""
    lists: Lists | None = None
    """The lists of data sources that were written; None where the changes were about no people."""
    commented: bool = True
    """Whether the views that were made have their comments."""


def after_commit(
    before: DeployedState, following: DeployedState, facts: Facts, changes: Sequence[Change]
) -> DeployedState:
    """The objects after a group, with the facts of the snapshot brought up to its revision."""
    snapshot = access_requests.snapshot_after(before, following, changes)
    without = unpublished(before, following)
    kept = {key: row for key, row in snapshot.published.items() if key not in without}
    written = {_named(each) for each in changes}
    touched = affected(before.world, following.world, changes)
    rows = list(rows_of_all(following.world, touched).values())
    lists = facts.lists
    projects = (
        sorted(equalizing.touched(before.world, following.world, changes, touched, before.snapshot, lists.found))
        if lists is not None
        else []
    )
    salted = salt_names(each.thing for each in changes if isinstance(each, Put))
    return replace(
        following,
        snapshot=replace(
            snapshot,
            revision=facts.revision,
            token=facts.token,
            unsound=None,
            has_ledger=True,
            errors=tuple(each for each in snapshot.errors if (each.kind, each.name) not in written),
            published=kept | dict(facts.records),
            closed=closings.rows_after(before, following, changes),
            views=_views(before, facts),
            owners=_relations(before.snapshot.owners, facts, before.layout.owner),
            kinds=_relations(before.snapshot.kinds, facts, RelationKind.VIEW),
            columns=dict(snapshot.columns) | columns_of(before, changes),
            salt_names=snapshot.salt_names | salted,
            unsealed=snapshot.unsealed and snapshot.unsealed - {UnsealedRow("salt", name, "") for name in salted},
            impersonations=impersonations(following.world, snapshot),
            impersonators=_impersonators(before, following, changes),
            profiles=_listing(
                (*(each for each in snapshot.profiles if each.user not in touched), *(row for row, _ in rows)), lists
            ),
            project_entries=(
                *(each for each in snapshot.project_entries if each.project not in projects),
                *(row for name in projects for row in _shared(following, name)),
            ),
            project_profiles=(
                *(each for each in snapshot.project_profiles if each.project not in projects),
                *(_common(following, projects, lists.found) if lists is not None else ()),
            ),
            entries=(
                *(each for each in snapshot.entries if each.user not in touched),
                *(entry for _, entries in rows for entry in entries),
            ),
        ),
    )


def _named(change: Change) -> tuple[str, str]:
    """The kind and name of what a change is about, as rows have them."""
    if isinstance(change, Put):
        return kind_of(change.thing).value, key_text(key_of(change.thing))
    return change.kind.value, key_text(change.key)


def _impersonators(before: DeployedState, following: DeployedState, changes: Sequence[Change]) -> frozenset[str] | None:
    if following.world.integration.impersonation_group is None:
        return None
    gone = before.world.impersonations.keys() - following.world.impersonations.keys()
    put = {each.thing.user for each in changes if isinstance(each, Put) and isinstance(each.thing, Impersonation)}
    return (before.snapshot.impersonators or frozenset()) - gone | put


def _shared(following: DeployedState, name: str) -> frozenset[ProjectEntryRow]:
    project = following.world.projects.get(name)
    return frozenset() if project is None else equalizing.entries_of(following.world, project)


def _listing(rows: tuple[ProfileRow, ...], lists: Lists | None) -> tuple[ProfileRow, ...]:
    """The rows with the lists that were written."""
    if lists is None or not lists.digests:
        return rows
    digests, moment = lists.digests, lists.moment
    return tuple(
        replace(row, valid_tables=digests[row.user], updated_at=moment) if row.user in digests and row.intact else row
        for row in rows
    )


def _common(following: DeployedState, names: Sequence[str], admitted: Admitted) -> Iterator[ProjectProfileRow]:
    known = (following.world.projects[name] for name in names if name in following.world.projects)
    yield from (row for each in known if (row := equalizing.profile_of(following.world, each, admitted)) is not None)


def unpublished(before: DeployedState, following: DeployedState) -> frozenset[str]:
    """The keys of the data sources that have no view any more. One whose row is broken has none for
    now, and keeps its record: the name is still its own.
    """
    sources = following.world.data_sources
    gone = {key for key in before.snapshot.published if (Kind.DATA_SOURCE, key) not in following.stored}
    return frozenset(gone | {key for key, source in sources.items() if not source.enabled})


def _views(before: DeployedState, facts: Facts) -> dict[tuple[str, str], ViewState]:
    dropped = set(facts.publication.drops)
    views = {place: state for place, state in before.snapshot.views.items() if place not in dropped}
    for view in facts.publication.views:
        place = (view.source.view_schema, view.source.view_name)
        comments = (
            {name: words for name, words in view.comments.items() if words is not None} if facts.commented else {}
        )
        views[place] = ViewState(
            facts.texts.get(place, view.text), before.layout.owner, frozenset({EVERYBODY_READS}), comments
        )
    return views


def _relations(before: Mapping[tuple[str, str], T], facts: Facts, ours: T) -> dict[tuple[str, str], T]:
    gone = set(facts.publication.drops)
    kept = {place: known for place, known in before.items() if place not in gone}
    made = ((view.source.view_schema, view.source.view_name) for view in facts.publication.views)
    return kept | dict.fromkeys(made, ours)


def columns_of(before: DeployedState, changes: Sequence[Change]) -> dict[tuple[str, str], Columns]:
    """The columns that the tables of these data sources were found to have. One that is as it was,
    over a table that is gone, was put without a look at any.
    """
    return {
        (thing.schema, thing.table): tuple((column.name, column.type) for column in thing.columns)
        for change in changes
        if isinstance(change, Put) and isinstance(thing := change.thing, DataSource)
        if (thing.schema, thing.table) in before.snapshot.columns or before.world.data_sources.get(thing.key) != thing
    }

"""Whether a request may be carried out on what is staging, and what it then stores."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from veil.governance.admission.known_columns import draft_like, settle
from veil.governance.admission.lookup_tables import Columns, lookup_problems
from veil.governance.admission.missing import missing_table
from veil.governance.admission.staging import Staging
from veil.governance.errors import NOUNS, GovernanceError
from veil.governance.metadata.base_tables import tables_of
from veil.governance.metadata.deployed import Stored
from veil.governance.metadata.identity import new_id, readable
from veil.governance.requests import LISTED, Create, Delete, Draft, SourceDraft, Update, draft_place
from veil.governance.reserved import require_foreign_table, require_foreign_view
from veil.model import DataSource, Kind
from veil.model.change import Governed
from veil.model.names import dotted
from veil.warehouse import SchemaRow

Single = Create | Update | Delete


@dataclass(frozen=True)
class Catalog:
    """What admission needs to know of the database beyond our own metadata."""

    columns: Columns
    """The columns of a schema's table, None where there is no such table."""
    relations: Callable[[str], frozenset[str]]
    """The names of all tables and views of a schema of the integration's own database."""
    schemas: Callable[[], Sequence[SchemaRow]] = tuple
    """The schemas of all databases, for who looks for the reason why a table is not there."""


@dataclass(frozen=True)
class Admitted:
    """A request and what it does to the stored objects: `removed` keys go, `stored` comes."""

    request: Single
    stored: Stored | None
    removed: tuple[tuple[Kind, Any], ...] = ()


def admit(request: Single, staging: Staging, catalog: Catalog) -> Admitted:
    """Decide on one request and carry it out on the staged objects. Raises GovernanceError where it is refused;
    nothing is staged then.
    """
    admitted = _decide(request, staging, catalog)
    for kind, key in admitted.removed:
        staging.remove(kind, key)
    if admitted.stored is not None:
        staging.put(admitted.stored)
    return admitted


def _decide(request: Single, staging: Staging, catalog: Catalog) -> Admitted:
    match request:
        case Create(draft=draft):
            return _create(request, draft, staging, catalog)
        case Update(id=token, draft=draft):
            return _update(request, token, draft, staging, catalog)
        case Delete(kind=kind, id=token):
            mine = staging.by_id.get((kind, token))
            return Admitted(request, None, ((mine.kind, mine.key),) if mine else ())


def _create(request: Create, draft: Draft, staging: Staging, catalog: Catalog) -> Admitted:
    place = draft_place(draft)
    present = staging.stored.get(place)
    thing = build(draft, present or staging.gone.get(place), staging, catalog)
    require_lookups(thing, present.thing if present else None, staging, catalog)
    _require_one_meaning(*place, staging)
    if present is not None and present.thing != thing:
        raise _taken(present)
    if present is None and isinstance(thing, DataSource):
        require_free_view(thing, None, staging, catalog)
    # A fresh token even on taking over: a delete of the address that made it must then do nothing.
    return Admitted(request, Stored(*place, request.id or new_id(), thing))


def _update(request: Update, token: str, draft: Draft, staging: Staging, catalog: Catalog) -> Admitted:
    kind, key = draft_place(draft)
    mine = staging.by_id.get((kind, token))
    if mine is None:
        raise _not_mine(kind, key, staging)
    other = staging.stored.get((kind, key))
    if other is not None and other.id != token:
        raise _taken(other)
    _require_one_meaning(kind, key, staging)
    thing = build(draft, mine, staging, catalog)
    require_lookups(thing, mine.thing, staging, catalog)
    if isinstance(thing, DataSource):
        require_free_view(thing, mine.thing, staging, catalog)
    removed = () if mine.key == key else ((kind, mine.key),)
    return Admitted(request, Stored(kind, key, token, thing), removed)


def build(draft: Draft, present: Stored | None, staging: Staging, catalog: Catalog) -> Governed:
    """The object that a draft makes on top of what is stored under its place. Raises GovernanceError."""
    if not isinstance(draft, SourceDraft):
        return draft
    _require_ungoverned_table(draft, staging)
    require_foreign_table(draft.schema, draft.table, staging.integration)
    table = catalog.columns(tables_of(staging.integration), draft.schema, draft.table)
    if table is None:
        found = present.thing if present is not None else None
        if isinstance(found, DataSource) and draft_like(found, draft) == draft:
            return found  # Nothing is to change, so there is nothing to ask the table.
        raise missing_table(draft, staging.integration, catalog.schemas())
    return settle(draft, table, _accepted(present, draft), staging.integration)


def require_lookups(
    thing: Governed, before: Governed | None, staging: Staging, catalog: Catalog
) -> list[GovernanceError]:
    """What is wrong with the lookups that a policy makes, or that are made on a data source, and was wrong `before` this
    change. Raises GovernanceError for what the change brings.

    A table that somebody drops must not keep others from being governed: its own views fail and show nothing.
    """
    found = list(lookup_problems(thing, catalog.columns, staging))
    if not found:
        return []
    known = lookup_problems(before, catalog.columns, staging) if before is not None else ()
    told = {(each.summary, each.detail) for each in known}
    for problem in found:
        if (problem.summary, problem.detail) not in told:
            raise problem
    return found


def require_free_view(source: DataSource, before: Governed | None, staging: Staging, catalog: Catalog) -> None:
    """Raise GovernanceError where the view's name belongs to another source or to an object that is not ours."""
    require_foreign_view(source, staging.integration)
    holder = staging.views.get(source.view)
    if holder is not None and holder != source.key:
        raise GovernanceError(
            "View name already taken",
            f"The view {source.view} already stands for the data source {holder}. Choose another view_name.",
            ("view_name",),
        )
    if isinstance(before, DataSource) and before.view == source.view:
        return
    if (source.view_schema, source.view_name) in staging.ours:
        return
    if source.view_name in catalog.relations(source.view_schema):
        raise GovernanceError(
            "View name already taken",
            f"{source.view} exists and veil did not make it. Choose another view_name, or drop it first.",
            ("view_name",),
        )


def _require_one_meaning(kind: Kind, key: Any, staging: Staging) -> None:
    # Otherwise a data source that lists the name would be opened by one of the two while the other is missing.
    other = LISTED.get(kind)
    if other is not None and (other, key) in staging.stored:
        raise GovernanceError(
            f"A {NOUNS[other]} of this name exists",
            f"Data sources list masking and row policies by name, so the name {key!r} cannot stand for a {NOUNS[kind]} as "
            "well. Choose another name.",
            ("name",),
        )


def _require_ungoverned_table(draft: SourceDraft, staging: Staging) -> None:
    name = dotted(draft.schema, draft.table)
    if staging.integration.other_database is None and name in staging.views:
        raise GovernanceError(
            "A governed view cannot be a data source",
            f"{name} is a view that veil made. Declare the policies on the data source behind it.",
            ("table",),
        )


def _accepted(present: Stored | None, draft: SourceDraft) -> frozenset[str] | None:
    """The names of the columns accepted so far; None where the source is new, so that all of them are."""
    if present is None:
        return None
    if isinstance(present.thing, DataSource):
        return frozenset(column.name for column in present.thing.columns if column.accepted)
    # The row was tampered with, so that it does not tell; without a memory of it only the declared columns count.
    return draft.accepted or frozenset()


def _taken(present: Stored) -> GovernanceError:
    noun, shown = NOUNS[present.kind], readable(present.key)
    return GovernanceError(
        f"A {noun} of this name exists",
        f"The {noun} {shown} exists with other content, made by another resource here, by another configuration, or by "
        "an apply that did not finish. Keep one resource for it; bring what is there under this one with: import "
        f'{{ to = <this resource> id = "{_escape(shown)}" }}, or choose another name.',
    )


def _not_mine(kind: Kind, key: Any, staging: Staging) -> GovernanceError:
    noun, shown = NOUNS[kind], readable(key)
    if (kind, key) in staging.stored:
        return GovernanceError(
            f"This {noun} belongs to another resource",
            f"The {noun} {shown} was taken over by another resource address or configuration, so it is left as it is. "
            "Remove one of the two, or import it here.",
        )
    return GovernanceError(
        f"This {noun} is gone",
        f"The {noun} {shown} was removed since the plan was made. Run terraform plan again.",
    )


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')

"""Whether a request may be carried out on what is stored and what its group has decided before it,
and what it then stores.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from veil.compiler import compiler_of
from veil.governance.admission import closings
from veil.governance.admission.known_columns import draft_like, settle
from veil.governance.admission.lookup_tables import Columns, lookup_problems
from veil.governance.admission.missing_table import missing_table
from veil.governance.admission.naming import name_of, named_like
from veil.governance.admission.overlay import Overlay
from veil.governance.admission.user_functions import remembering
from veil.governance.errors import ForeignViewError, GovernanceError, NameTakenError
from veil.governance.metadata.base_tables import tables_of
from veil.governance.metadata.deployed import StoredObject
from veil.governance.metadata.identity import new_id, readable
from veil.governance.requests import Close, Create, Delete, Draft, Single, SourceDraft, Update, draft_place
from veil.governance.reserved import require_foreign_table, require_foreign_view
from veil.model import KINDS, POLICY_KINDS, DataSource, Integration, Kind, MaskingPolicy, Relation, key_of, kind_of
from veil.model.kinds import Governed
from veil.model.names import dotted
from veil.warehouse import NOUN_OF, FunctionsThere, RelationKind, SchemaRow, Tables

NO_FUNCTIONS = FunctionsThere({}, {}, {}, frozenset(), "")


@dataclass(frozen=True)
class Catalog:
    """What admission needs to know of the database beyond our own metadata."""

    columns: Columns
    """The columns of a schema's table, None where there is no such table."""
    relation: Callable[[str, str], tuple[RelationKind, str] | None]
    """What a table or view of a schema of the integration's own database is, and whose; None where
    there is none of this name.
    """
    own_view: Callable[[str, str], str | None] = lambda *_: None
    """The text of a view of a schema that belongs to the account that the provider signs in
    with.
    """
    names: Callable[[Tables, str], Collection[str]] = lambda _tables, _schema: ()
    """The names of a schema's tables."""
    schemas: Callable[[], Sequence[SchemaRow]] = tuple
    """The schemas of all databases, for who looks for the reason why a table is not there."""
    functions: Callable[[str], FunctionsThere] = lambda _: NO_FUNCTIONS
    """The functions of a schema, and whose it is."""


def admit(request: Single, overlay: Overlay, catalog: Catalog) -> StoredObject | None:
    """Decide on one request and carry it out in the overlay; what is stored then, None where it is
    a delete.

    An update to a name that another object has keeps its own name, and waits (see `naming`). Raises
    GovernanceError where the request is refused, NameTakenError where that is because of its name;
    the overlay is unchanged then.
    """
    match request:
        case Create(draft=draft):
            stored = _created(request, draft, overlay, catalog)
            overlay.put(stored)
        case Update(id=token, draft=draft):
            stored = _update(token, draft, overlay, catalog)
        case Delete(kind=kind, id=token):
            present = overlay.by_id.get((kind, token))
            if present is not None:
                overlay.remove(present.kind, present.key)
                overlay.waiting.pop((kind, token), None)
            if kind in POLICY_KINDS:
                closings.follow_removal(request, present, overlay)
            return None
        case Close():
            return closings.close(request, overlay)
    if stored.kind in POLICY_KINDS:
        closings.end_with(stored, overlay)
    return stored


def _created(request: Create, draft: Draft, overlay: Overlay, catalog: Catalog) -> StoredObject:
    place = draft_place(draft)
    present = overlay.stored.get(place)
    thing = build(draft, present or overlay.gone.get(place), overlay, catalog)
    require_lookups(thing, present.thing if present else None, overlay, catalog)
    if present is not None and not _is_as(present.thing, thing):
        raise taken(present)
    if present is None:
        if isinstance(thing, DataSource):
            require_own_view(thing, None, overlay, catalog)
        if (holder := overlay.holder(thing)) is not None:
            raise taken(holder, thing)
    # A fresh token even on taking over: a delete of the address that made it must then do nothing.
    return StoredObject(*place, request.id or new_id(), thing)


def _is_as(present: Governed | None, wanted: Governed) -> bool:
    if isinstance(present, DataSource) and isinstance(wanted, DataSource):
        # What the table is and whose was found, not declared, and earlier versions did not keep it.
        present = replace(present, relation=wanted.relation, owner=wanted.owner)
    return present == wanted


def _update(token: str, draft: Draft, overlay: Overlay, catalog: Catalog) -> StoredObject:
    kind, key = draft_place(draft)
    present = overlay.by_id.get((kind, token))
    if present is None and kind in POLICY_KINDS and (Kind.CLOSING, token) in overlay.by_id:
        # Its create failed, and somebody has told Terraform not to begin anew.
        stored = _created(Create(draft, token), draft, overlay, catalog)
        overlay.put(stored)
        return stored
    if present is None:
        raise _not_mine(kind, key, overlay)
    thing = build(draft, present, overlay, catalog)
    require_lookups(thing, present.thing, overlay, catalog)
    if isinstance(thing, DataSource):
        require_own_view(thing, present.thing, overlay, catalog)
    overlay.waiting.pop((kind, token), None)
    holder = overlay.holder(thing)
    if holder is not None and (holder.kind, holder.id) != (kind, token):
        if present.thing is None or name_of(thing) is None:
            raise taken(holder, thing)
        overlay.waiting[kind, token] = thing
        thing = named_like(thing, present.thing)
    if present.key != key_of(thing):
        overlay.remove(kind, present.key)
    stored = StoredObject(kind, key_of(thing), token, thing)
    overlay.put(stored)
    return stored


def build(draft: Draft, present: StoredObject | None, overlay: Overlay, catalog: Catalog) -> Governed:
    """The object that a draft makes on top of what is stored under its place. Raises
    GovernanceError.
    """
    if isinstance(draft, Integration):
        return _as_found(draft, overlay.integration)
    if isinstance(draft, MaskingPolicy):
        return remembering(draft, present, overlay, catalog.functions)
    if not isinstance(draft, SourceDraft):
        return draft
    _require_ungoverned_table(draft, overlay)
    require_foreign_table(draft.schema, draft.table, overlay.integration)
    table = catalog.columns(tables_of(overlay.integration), draft.schema, draft.table)
    if table is None:
        thing = present.thing if present is not None else None
        if isinstance(thing, DataSource) and draft_like(thing, draft) == draft:
            return thing  # Nothing is to change, so there is nothing to ask the table.
        names = catalog.names(tables_of(overlay.integration), draft.schema)
        raise missing_table(draft, overlay.integration, catalog.schemas(), names)
    made = settle(draft, table, _accepted(present, draft), overlay.integration)
    relation, owner = _found(draft, overlay, catalog)
    return replace(made, relation=relation, owner=owner)


def _as_found(draft: Integration, present: Integration) -> Integration:
    """The integration with what is known of its warehouse: nobody declares that, and only a repair
    finds it out anew.
    """
    return replace(draft, unresolved=present.unresolved, utc_clock=present.utc_clock)


def _found(draft: SourceDraft, overlay: Overlay, catalog: Catalog) -> tuple[Relation, str]:
    """What the table of a draft is and whose, empty where nobody knows: what is external, or in
    another database, is in no catalog here.
    """
    place = (draft.schema, draft.table)
    kind, owner = overlay.base_kinds.get(place), overlay.base_owners.get(place, "")
    if kind is None and overlay.integration.other_database is None:
        kind, owner = catalog.relation(draft.schema, draft.table) or (None, "")
    return NOUN_OF[kind] if kind is not None else "", owner


def require_lookups(
    thing: Governed, before: Governed | None, overlay: Overlay, catalog: Catalog
) -> list[GovernanceError]:
    """What is wrong with the lookups that a policy makes, or that are made on a data source, and
    was wrong `before` this change. Raises GovernanceError for what the change brings.

    A table that somebody drops must not keep others from being governed: its own views fail and
    show nothing.
    """
    problems = list(lookup_problems(thing, catalog.columns, overlay))
    if not problems:
        return []
    known = lookup_problems(before, catalog.columns, overlay) if before is not None else ()
    known_texts = {(each.summary, each.detail) for each in known}
    for problem in problems:
        if (problem.summary, problem.detail) not in known_texts:
            raise problem
    return problems


def require_own_view(source: DataSource, before: Governed | None, overlay: Overlay, catalog: Catalog) -> None:
    """Raise GovernanceError where the view's name belongs to an object that is not ours."""
    require_foreign_view(source, overlay.integration)
    if isinstance(before, DataSource) and before.view == source.view:
        return
    if (source.view_schema, source.view_name) in overlay.ours:
        return
    if catalog.relation(source.view_schema, source.view_name) is None:
        return
    text = catalog.own_view(source.view_schema, source.view_name) or ""
    if compiler_of(text) is None:
        raise ForeignViewError(
            "View name already taken",
            f"{source.view} exists and veil did not make it. Choose another view_name, or drop it first.",
            ("view_name",),
        )
    # What was recorded of it is lost. It belongs to this account and says that veil made it, as in
    # DeployedState.is_ours.
    overlay.adopted.add((source.view_schema, source.view_name))


def _require_ungoverned_table(draft: SourceDraft, overlay: Overlay) -> None:
    name = dotted(draft.schema, draft.table)
    if overlay.integration.other_database is None and name in overlay.views:
        raise GovernanceError(
            "A governed view cannot be a data source",
            f"{name} is a view that veil made. Declare the policies on the data source behind it.",
            ("table",),
        )


def _accepted(present: StoredObject | None, draft: SourceDraft) -> frozenset[str] | None:
    """The names of the columns accepted so far; None where the source is new, so that all of them
    are.
    """
    if present is None:
        return None
    if isinstance(present.thing, DataSource):
        return frozenset(column.name for column in present.thing.columns if column.accepted)
    # The row was tampered with, so that it does not tell; without a memory of it only the declared
    # columns count.
    return draft.accepted or frozenset()


def taken(holder: StoredObject, wanted: Governed | None = None) -> NameTakenError:
    """The refusal of what would get the name of `holder`. `wanted` None means that it would be the
    same object.
    """
    noun, shown = KINDS[holder.kind].noun, readable(holder.key)
    if isinstance(wanted, DataSource):
        return NameTakenError(
            "View name already taken",
            f"The view {wanted.view} already stands for the data source {shown}. {_AGAIN} Otherwise choose another view_name.",
            ("view_name",),
        )
    if wanted is not None and kind_of(wanted) is not holder.kind:
        return NameTakenError(
            f"A {noun} of this name exists",
            f"Data sources list masking and row policies by name, so the name {shown!r} cannot stand for a "
            f"{KINDS[kind_of(wanted)].noun} as well. {_AGAIN} Otherwise choose another name.",
            ("name",),
        )
    return NameTakenError(
        f"A {noun} of this name exists",
        f"The {noun} {shown} exists with other content, made by another resource here, by another configuration, or by "
        f"an apply that did not finish. {_AGAIN} Otherwise keep one resource for it; bring what is there under this one "
        f'with: import {{ to = <this resource> id = "{_escape(shown)}" }}, or choose another name.{_remembered(holder.kind)}',
    )


def _remembered(kind: Kind) -> str:
    if kind not in POLICY_KINDS:
        return ""
    return " To import a policy that failed here, take it out of the state first: terraform state rm <this resource>."


_AGAIN = "Where another resource of this configuration gives it up in this apply, apply again: nothing is lost."


def _not_mine(kind: Kind, key: Any, overlay: Overlay) -> GovernanceError:
    noun, shown = KINDS[kind].noun, readable(key)
    if (kind, key) in overlay.stored:
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

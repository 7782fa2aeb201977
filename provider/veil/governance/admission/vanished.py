"""What was applied once and the warehouse has no longer. A plan tells of it and refuses nothing for
it: Terraform makes the same plan before it destroys, and nothing tells the two apart. An apply
refuses it.
"""

from dataclasses import replace

from veil.governance.errors import GovernanceError
from veil.governance.requests import Draft, SourceDraft, TableColumns, draft_place
from veil.model.names import dotted, folded
from veil.policy import Finding

REFUSED = "refused-by-now"
"""The code of the findings that tell what an apply will refuse although it was applied before."""


Named = tuple[str, str]
"""An attribute of a data source that names columns, and one that it names."""

_ATTRIBUTES = ("columns", "event_time_column", "filter_columns")


def without_vanished(draft: Draft, applied: Draft | None, table: TableColumns | None) -> tuple[Draft, frozenset[Named]]:
    """A draft without the columns that it and what was `applied` name in one attribute and the
    table has no longer, and these.
    """
    if not (isinstance(draft, SourceDraft) and isinstance(applied, SourceDraft) and table is not None):
        return draft, frozenset()
    if draft_place(draft) != draft_place(applied):
        return draft, frozenset()
    lost = _named(draft) & _named(applied) - {(where, folded(name)) for where in _ATTRIBUTES for name, _ in table}
    rest = replace(
        draft,
        columns={name: each for name, each in draft.columns.items() if ("columns", name) not in lost},
        event_time_column=next((name for where, name in _named(draft) - lost if where == "event_time_column"), None),
        filter_columns=frozenset(name for where, name in _named(draft) - lost if where == "filter_columns"),
    )
    return rest, lost


def columns_vanished(draft: SourceDraft, lost: frozenset[Named]) -> Finding:
    """That the table of a data source has lost columns which its configuration names."""
    names = sorted({name for _, name in lost})
    table, several, named = dotted(draft.schema, draft.table), len(names) > 1, ", ".join(names)
    return _finding(
        draft,
        f"The table {table} no longer has the column{'s' if several else ''} {named}, which this configuration names: somebody "
        f"dropped or renamed {'them' if several else 'it'}. Bring {'them' if several else 'it'} back, or take "
        f"{'them' if several else 'it'} out of the configuration.",
        _path(min(lost)),
    )


def refused_by_now(draft: Draft, refusal: GovernanceError) -> Finding:
    """That what was applied as it is would be refused now."""
    return _finding(draft, f"{refusal.summary}: {refusal.detail} It was accepted when it was applied.", refusal.path)


def refused_as_things_are(draft: Draft, refusal: GovernanceError) -> Finding:
    """That something of others is in the way of what has not been applied yet. It may go before the
    apply does, and a destroy needs nothing of it.
    """
    return _finding(draft, f"{refusal.summary}: {refusal.detail}", refusal.path)


def _finding(draft: Draft, detail: str, path: tuple[str | int, ...]) -> Finding:
    kind, key = draft_place(draft)
    # The object is in the title: Terraform shows only the first of several warnings of one title.
    title = f"An apply will refuse this: {key if isinstance(key, str) else dotted(*key)}"
    return Finding(
        "warning", REFUSED, title, f"{detail} Until then an apply fails here; a destroy does not.", kind, key, path
    )


def _named(draft: SourceDraft) -> frozenset[Named]:
    time = [draft.event_time_column] if draft.event_time_column is not None else []
    named = zip(_ATTRIBUTES, (draft.columns, time, draft.filter_columns), strict=True)
    return frozenset((where, name) for where, names in named for name in names)


def _path(named: Named) -> tuple[str | int, ...]:
    return named if named[0] == "columns" else named[:1]

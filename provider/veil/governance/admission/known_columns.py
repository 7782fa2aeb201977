"""From declared columns and the base table's own to the known columns of a data source."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from difflib import get_close_matches

from veil.governance.errors import GovernanceError
from veil.governance.requests import SourceDraft, TableColumns, draft_of
from veil.model import Column, ColumnType, DataSource, Integration, World
from veil.model.names import dotted, folded
from veil.model.tags import fold


def settle(
    draft: SourceDraft, table: TableColumns, accepted: Collection[str] | None, integration: Integration
) -> DataSource:
    """The data source that a draft makes over this table.

    `accepted` names the columns accepted so far, None where the source is new and so every column
    of the table is accepted. A column that is in the table but neither accepted nor declared is
    kept as not accepted; what happens to it is `new_columns`. The draft names columns as Redshift
    folds them. Raises GovernanceError where the draft names a column that the table does not have.
    """
    names = [name for name, _ in table]
    spelled = {folded(name): name for name in names}
    for name in draft.columns:
        _require(name, names, draft, ("columns", name))
    if draft.event_time_column is not None:
        _require(draft.event_time_column, names, draft, ("event_time_column",))
    for name in sorted(draft.filter_columns):
        _require(name, names, draft, ("filter_columns",))
    return DataSource(
        schema=draft.schema,
        table=draft.table,
        view_schema=draft.view_schema or integration.view_schema,
        view_name=draft.view_name or draft.table,
        columns=tuple(_column(name, type_, draft, accepted) for name, type_ in table),
        tags=frozenset(map(fold, draft.tags)),
        policies=draft.policies,
        event_time_column=spelled.get(draft.event_time_column or ""),
        new_columns=draft.new_columns,
        enabled=draft.enabled,
        description=draft.description,
        reopen=draft.reopen,
        filter_columns=frozenset(spelled[name] for name in draft.filter_columns),
    )


def draft_like(source: DataSource, wanted: SourceDraft) -> SourceDraft:
    """The draft of a data source, with the names left out that `wanted` leaves to their defaults.
    The two are equal where nothing is to change.
    """
    draft = replace(draft_of(source), accepted=wanted.accepted)
    if wanted.view_schema is None:
        draft = replace(draft, view_schema=None)
    return replace(draft, view_name=None) if wanted.view_name is None else draft


def as_found(source: DataSource, table: TableColumns) -> DataSource:
    """The data source over the columns that its table has now, with nothing accepted that was not
    before.

    A view compiled from this works although the table was altered since the data source was
    applied.
    """
    known = {column.name: column for column in source.columns}
    columns = tuple(
        replace(known[name], type=type_) if name in known else Column(name, type_, accepted=False)
        for name, type_ in table
    )
    event_time = source.event_time_column if source.event_time_column in dict(table) else None
    return replace(source, columns=columns, event_time_column=event_time)


def over_tables(world: World, tables: Mapping[tuple[str, str], TableColumns]) -> World:
    """The World over the columns that its base tables have now; a table that is not among `tables`
    counts as unaltered.
    """
    sources = {
        key: as_found(source, table) if (table := tables.get((source.schema, source.table))) is not None else source
        for key, source in world.data_sources.items()
    }
    return replace(world, data_sources=sources)


def _column(name: str, type_: ColumnType, draft: SourceDraft, accepted: Collection[str] | None) -> Column:
    declared = draft.columns.get(folded(name))
    return Column(
        name=name,
        type=type_,
        tags=frozenset(map(fold, declared.tags)) if declared else frozenset(),
        description=declared.description if declared else "",
        declared=declared is not None,
        accepted=accepted is None or declared is not None or name in accepted,
    )


def _require(name: str, names: Iterable[str], draft: SourceDraft, path: tuple[str, ...]) -> None:
    if name in map(folded, names):
        return
    near = get_close_matches(name, list(names), n=1)
    hint = f" Did you mean {near[0]!r}?" if near else f" It has: {', '.join(names)}."
    table = dotted(draft.schema, draft.table)
    raise GovernanceError("Unknown column", f"The table {table} has no column {name!r}.{hint}", path)

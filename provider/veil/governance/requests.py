"""What a resource asks of governance: to be alone with something, and to create, update or delete
one object.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from veil.model import Closing, ColumnType, DataSource, Kind, NewColumns, key_of, kind_of
from veil.model.kinds import Governed
from veil.model.names import dotted, folded
from veil.model.sources import texts_of_source
from veil.model.stored_texts import StoredTexts

TableColumns = Sequence[tuple[str, ColumnType]]
"""The columns of a raw table: their names, as it spells them, and types."""


@dataclass(frozen=True)
class Claim:
    """That a resource is to be the only one with something: a name, a user, a table, a view.

    Two claims meet where `key` is the same. `title` says so ("Two masking policies of one name"),
    `shown` is how the configuration spells what they share, `resource` the type of the resource,
    and `path` its attribute.
    """

    key: Hashable
    title: str = field(compare=False)
    shown: str = field(compare=False)
    resource: str = field(compare=False)
    path: tuple[str | int, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class DeclaredColumn:
    """What the configuration says of one column."""

    tags: frozenset[str] = frozenset()
    description: str = ""


@dataclass(frozen=True)
class SourceDraft:
    """A data source as the configuration declares it, before its table's columns are known. Schema,
    table and columns are named as Redshift folds them.

    `view_schema` and `view_name` None mean the integration's schema and the table's name.
    """

    schema: str
    table: str
    view_schema: str | None = None
    view_name: str | None = None
    columns: Mapping[str, DeclaredColumn] = field(default_factory=dict)
    tags: frozenset[str] = frozenset()
    policies: frozenset[str] = frozenset()
    event_time_column: str | None = None
    new_columns: NewColumns = "hide"
    enabled: bool = True
    description: str = ""
    reopen: frozenset[str] = frozenset()
    filter_columns: frozenset[str] = frozenset()
    accepted: frozenset[str] | None = None
    """The columns accepted so far, as whoever asks remembers them; counts only where the stored row
    is broken.
    """

    def stored_texts(self) -> StoredTexts:
        return texts_of_source(
            self,
            {name: column.tags for name, column in self.columns.items()},
            {name: column.description for name, column in self.columns.items()},
        )


def draft_of(source: DataSource) -> SourceDraft:
    """The draft that makes this data source: what a configuration would declare."""
    return SourceDraft(
        schema=folded(source.schema),
        table=folded(source.table),
        view_schema=source.view_schema,
        view_name=source.view_name,
        columns={folded(c.name): DeclaredColumn(c.tags, c.description) for c in source.columns if c.declared},
        tags=source.tags,
        policies=source.policies,
        event_time_column=None if source.event_time_column is None else folded(source.event_time_column),
        new_columns=source.new_columns,
        enabled=source.enabled,
        description=source.description,
        reopen=source.reopen,
        filter_columns=frozenset(map(folded, source.filter_columns)),
    )


Draft = Governed | SourceDraft


@dataclass(frozen=True)
class Create:
    """Make an object, or take over one of the same key and content. `id` is the token it gets, None
    for a fresh one.
    """

    draft: Draft
    id: str | None = None


@dataclass(frozen=True)
class Update:
    """Make the object that `id` owns equal to the draft, and the warehouse equal to it."""

    id: str
    draft: Draft
    waited_for: str | None = None
    """The token of the object that had the wanted name when an earlier apply ended."""


@dataclass(frozen=True)
class Delete:
    """Remove the object that `id` owns; nothing where it is gone or owned by another.

    `replaced_by` is the name of what is to be made in its place, in the same apply. Until that is
    there, a policy's data sources stay closed.
    """

    kind: Kind
    key: Any
    id: str
    replaced_by: str | None = None


@dataclass(frozen=True)
class Close:
    """Close the data sources that a policy would have covered whose create or update failed. Which
    ones is found when this is carried out. With `views`, their views are made anew as well: those
    of older versions do not look for closings.
    """

    closing: Closing
    views: bool = False


@dataclass(frozen=True)
class Batch:
    """Several requests of one resource: all of them, or none. None of them is a batch itself, and
    there is one at least.
    """

    requests: tuple["Single", ...]


Single = Create | Update | Delete | Close
Request = Single | Batch


def parts(request: Request) -> tuple[Single, ...]:
    """The single requests of a request."""
    return request.requests if isinstance(request, Batch) else (request,)


def place_of(request: Request) -> tuple[Kind, Any]:
    """The kind and key that a request is about; of a batch, those of its first request."""
    if isinstance(request, Batch):
        request = request.requests[0]
    if isinstance(request, Delete):
        return request.kind, request.key
    if isinstance(request, Close):
        return Kind.CLOSING, request.closing.id
    return draft_place(request.draft)


def draft_place(draft: Draft) -> tuple[Kind, Any]:
    """The kind and key of a draft."""
    if isinstance(draft, SourceDraft):
        return Kind.DATA_SOURCE, dotted(draft.schema, draft.table)
    return kind_of(draft), key_of(draft)

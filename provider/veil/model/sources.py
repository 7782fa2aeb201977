"""A governed table and the view that stands for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from veil.model import stored_texts
from veil.model.columns import Column
from veil.model.names import dotted
from veil.model.stored_texts import StoredTexts
from veil.model.tags import covers

Relation = Literal["", "table", "view", "materialized view"]
NewColumns = Literal["hide", "null", "expose"]


@dataclass(frozen=True, slots=True)
class DataSource:
    """A base table, its known columns in order, and where its view goes.

    `policies` names the masks and row policies without which it must not be published.
    `event_time_column` drives time rules. `reopen` are the ids of closings that do not count for
    it. `filter_columns` are to stand bare in the view. `relation` says what the table was when it
    was put last, and `owner` whose it was; both are empty where that is not known.
    """

    schema: str
    table: str
    view_schema: str
    view_name: str
    columns: tuple[Column, ...] = ()
    tags: frozenset[str] = frozenset()
    policies: frozenset[str] = frozenset()
    event_time_column: str | None = None
    new_columns: NewColumns = "hide"
    enabled: bool = True
    description: str = ""
    reopen: frozenset[str] = frozenset()
    filter_columns: frozenset[str] = frozenset()
    relation: Relation = ""
    owner: str = ""

    @property
    def key(self) -> str:
        """The base table's dotted name, which identifies the data source (see `names.dotted`)."""
        return dotted(self.schema, self.table)

    @property
    def view(self) -> str:
        """The view's dotted name."""
        return dotted(self.view_schema, self.view_name)

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)

    def tagged(self, tag: str) -> tuple[Column, ...]:
        """The columns that carry `tag` or a child of it, in the table's order."""
        return tuple(column for column in self.columns if any(covers(tag, each) for each in column.tags))

    def stored_texts(self) -> StoredTexts:
        declared = {column.name: column for column in self.columns if column.declared}
        return texts_of_source(
            self,
            {name: column.tags for name, column in declared.items()},
            {name: column.description for name, column in declared.items()},
        )


class _NamedSource(Protocol):
    """What a data source and the draft of one say alike."""

    @property
    def schema(self) -> str: ...
    @property
    def table(self) -> str: ...
    @property
    def view_schema(self) -> str | None: ...
    @property
    def view_name(self) -> str | None: ...
    @property
    def tags(self) -> frozenset[str]: ...
    @property
    def policies(self) -> frozenset[str]: ...
    @property
    def description(self) -> str: ...


def texts_of_source(
    source: _NamedSource, columns: Mapping[str, Iterable[str]], descriptions: Mapping[str, str]
) -> StoredTexts:
    """The texts of a data source or of the draft of one, whose `columns` have these tags and
    `descriptions`.
    """
    yield stored_texts.identifier(source.schema, "schema")
    yield stored_texts.identifier(source.table, "table")
    for attribute, name in (("view_schema", source.view_schema), ("view_name", source.view_name)):
        if name is not None:
            yield stored_texts.new_name(name, attribute)
    yield from stored_texts.tags(source.tags, "tags")
    yield from stored_texts.names(source.policies, "policies")
    for column, tags in columns.items():
        yield from stored_texts.tags(tags, "columns", column)
    yield stored_texts.description(source.description)
    for column, description in descriptions.items():
        yield stored_texts.description(description, "columns", column)

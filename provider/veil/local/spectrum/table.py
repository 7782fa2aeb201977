"""What the data catalog knows of an external table."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any


@dataclass(frozen=True)
class Column:
    """A column: its folded name, its type in PostgreSQL's words, and in the catalog's
    (`external_type`).
    """

    name: str
    type: str
    external_type: str


@dataclass(frozen=True)
class Partition:
    """Where the rows with these values of the partition columns lie."""

    values: tuple[str, ...]
    location: str


@dataclass(frozen=True)
class Table:
    """An external table. `columns` ends with the partition columns, of which there are
    `partition_columns`.
    """

    columns: tuple[Column, ...]
    location: str
    format: str  # textfile or parquet
    partition_columns: int = 0
    delimiter: str = "\x01"
    escape: str = ""
    quote: str = ""
    null: str = "\\N"
    skip_lines: int = 0
    serialization_lib: str = ""
    properties: dict[str, str] = field(default_factory=dict)
    partitions: tuple[Partition, ...] = ()

    @classmethod
    def from_json(cls, given: dict[str, Any]) -> Table:
        """A table as `to_json` wrote it."""
        columns = tuple(Column(**one) for one in given["columns"])
        partitions = tuple(Partition(tuple(one["values"]), one["location"]) for one in given.get("partitions", ()))
        return cls(**{**given, "columns": columns, "partitions": partitions})

    def to_json(self) -> dict[str, Any]:
        """A JSON object, for the catalog's file and for the databases."""
        return asdict(self)

    @property
    def own_columns(self) -> tuple[Column, ...]:
        """The columns that the files have."""
        return self.columns[: len(self.columns) - self.partition_columns]

    def with_column(self, column: Column) -> Table:
        """The table with one more column in its files."""
        own = self.own_columns
        return replace(self, columns=(*own, column, *self.columns[len(own) :]))

"""Columns of governed tables and their Redshift types."""

from dataclasses import dataclass
from enum import StrEnum


class Family(StrEnum):
    """Redshift's column types, by their standard names.

    Source: Amazon Redshift Developer Guide, "Data types".
    """

    SMALLINT = "smallint"
    INTEGER = "integer"
    BIGINT = "bigint"
    NUMERIC = "numeric"
    REAL = "real"
    DOUBLE = "double precision"
    BOOLEAN = "boolean"
    CHAR = "character"
    VARCHAR = "character varying"
    DATE = "date"
    TIMESTAMP = "timestamp without time zone"
    TIMESTAMPTZ = "timestamp with time zone"
    TIME = "time without time zone"
    TIMETZ = "time with time zone"
    INTERVAL_YEAR_MONTH = "interval year to month"
    INTERVAL_DAY_SECOND = "interval day to second"
    SUPER = "super"
    VARBYTE = "binary varying"
    GEOMETRY = "geometry"
    GEOGRAPHY = "geography"
    HLLSKETCH = "hllsketch"
    OTHER = "other"

    @property
    def is_text(self) -> bool:
        return self in (Family.CHAR, Family.VARCHAR)

    @property
    def is_integer(self) -> bool:
        return self in (Family.SMALLINT, Family.INTEGER, Family.BIGINT)

    @property
    def is_number(self) -> bool:
        return self.is_integer or self in (Family.NUMERIC, Family.REAL, Family.DOUBLE)

    @property
    def is_moment(self) -> bool:
        """A date or a timestamp: what can be truncated to a month or compared with now."""
        return self in (Family.DATE, Family.TIMESTAMP, Family.TIMESTAMPTZ)


@dataclass(frozen=True, slots=True)
class ColumnType:
    """A column's type. `length` is in bytes for VARCHAR and VARBYTE, in characters for CHAR;
    `precision` and `scale` are NUMERIC's digits.

    `name` keeps the catalog's own spelling where the family is OTHER, so that such a column can be
    shown in messages.
    """

    family: Family
    length: int | None = None
    precision: int | None = None
    scale: int | None = None
    name: str = ""

    def __str__(self) -> str:
        if self.family is Family.OTHER:
            return self.name
        if self.length is not None:
            return f"{self.family}({self.length})"
        if self.precision is not None:
            return f"{self.family}({self.precision},{self.scale or 0})"
        return str(self.family)


@dataclass(frozen=True, slots=True)
class Column:
    """A known column of a data source: one that its owner has accepted, in the table's order.

    `declared` says whether the configuration names it (in `columns`), which import and drift need.
    `accepted` False means a column that was found new in the base table and is treated as
    `DataSource.new_columns` says.
    """

    name: str
    type: ColumnType
    tags: frozenset[str] = frozenset()
    description: str = ""
    declared: bool = False
    accepted: bool = True

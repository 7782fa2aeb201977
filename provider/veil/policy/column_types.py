"""What types of values columns hold."""

from collections.abc import Mapping

from veil.language.value_types import ValueType
from veil.model import ColumnType, Family

HELD: Mapping[Family, ValueType] = {
    Family.SMALLINT: ValueType.INTEGER,
    Family.INTEGER: ValueType.INTEGER,
    Family.BIGINT: ValueType.INTEGER,
    Family.NUMERIC: ValueType.NUMERIC,
    Family.REAL: ValueType.DOUBLE,
    Family.DOUBLE: ValueType.DOUBLE,
    Family.BOOLEAN: ValueType.BOOLEAN,
    Family.CHAR: ValueType.TEXT,
    Family.VARCHAR: ValueType.TEXT,
    Family.DATE: ValueType.DATE,
    Family.TIMESTAMP: ValueType.TIMESTAMP,
    Family.TIMESTAMPTZ: ValueType.TIMESTAMP,
    Family.TIME: ValueType.OPAQUE,
    Family.TIMETZ: ValueType.OPAQUE,
    Family.INTERVAL_YEAR_MONTH: ValueType.OPAQUE,
    Family.INTERVAL_DAY_SECOND: ValueType.OPAQUE,
    Family.SUPER: ValueType.OPAQUE,
    Family.VARBYTE: ValueType.OPAQUE,
    Family.GEOMETRY: ValueType.OPAQUE,
    Family.GEOGRAPHY: ValueType.OPAQUE,
    Family.HLLSKETCH: ValueType.OPAQUE,
    Family.OTHER: ValueType.OPAQUE,
}
"""What columns of each type hold."""


def value_type_of(column_type: ColumnType) -> ValueType:
    """The type of a column's values."""
    return HELD[column_type.family]


def has_canonical_text(column_type: ColumnType) -> bool:
    """Whether values of the type have one text in which they are compared with what users hold, and
    hashed.

    Floating-point numbers print differently from server to server, and values without comparisons
    in no agreed way.
    """
    return value_type_of(column_type) not in (ValueType.OPAQUE, ValueType.DOUBLE)

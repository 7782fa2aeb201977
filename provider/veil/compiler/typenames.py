"""How Redshift spells the types that views cast to."""

from veil.model import ColumnType, Family

_PLAIN_NAMES = {
    Family.SMALLINT: "SMALLINT",
    Family.INTEGER: "INTEGER",
    Family.BIGINT: "BIGINT",
    Family.REAL: "REAL",
    Family.DOUBLE: "DOUBLE PRECISION",
    Family.BOOLEAN: "BOOLEAN",
    Family.DATE: "DATE",
    Family.TIMESTAMP: "TIMESTAMP",
    Family.TIMESTAMPTZ: "TIMESTAMPTZ",
}


def is_castable(column_type: ColumnType) -> bool:
    """Whether views cast what they show to the type."""
    return column_type.family in _PLAIN_NAMES or column_type.family in (Family.CHAR, Family.VARCHAR, Family.NUMERIC)


def type_name(column_type: ColumnType) -> str:
    """How Redshift spells the type. Lengths are always written: unwritten, a cast to VARCHAR means
    256 bytes.
    """
    match column_type.family:
        case Family.TIMETZ:
            return "TIMETZ"  # Tests of types alone cast to it.
        case Family.VARCHAR:
            return f"VARCHAR({column_type.length or 256})"
        case Family.CHAR:
            return f"CHAR({column_type.length or 1})"
        case Family.NUMERIC:
            return f"NUMERIC({column_type.precision or 18}, {column_type.scale or 0})"
        case family:
            return _PLAIN_NAMES[family]

"""Catalog spellings of types as `ColumnType`s: Redshift's own, and those of external tables."""

import re
from typing import Any

from veil.model.columns import ColumnType, Family

_ALIASES = {
    "int2": Family.SMALLINT,
    "int": Family.INTEGER,
    "int4": Family.INTEGER,
    "int8": Family.BIGINT,
    "decimal": Family.NUMERIC,
    "float4": Family.REAL,
    "float": Family.DOUBLE,
    "float8": Family.DOUBLE,
    "bool": Family.BOOLEAN,
    "char": Family.CHAR,
    "nchar": Family.CHAR,
    "bpchar": Family.CHAR,
    "varchar": Family.VARCHAR,
    "nvarchar": Family.VARCHAR,
    "text": Family.VARCHAR,
    "string": Family.VARCHAR,
    "timestamp": Family.TIMESTAMP,
    "timestamptz": Family.TIMESTAMPTZ,
    "time": Family.TIME,
    "timetz": Family.TIMETZ,
    "varbyte": Family.VARBYTE,
    "varbinary": Family.VARBYTE,
}
_SPELLING = re.compile(r"\s*(.*?)\s*(?:\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\))?(\s+with(?:out)? time zone)?\s*\Z", re.DOTALL)


def column_type(spelling: str, length: Any = None, precision: Any = None, scale: Any = None) -> ColumnType:
    """The type that the catalog spells `spelling`; sizes in the spelling win over those of the
    catalog's own columns.

    A spelling that is not known gives Family.OTHER, which keeps it as `name`.
    """
    match = _SPELLING.match(spelling)
    base, first, second, zone = match.groups() if match else (spelling, None, None, None)
    family = _family(f"{base}{zone or ''}".lower())
    if family in (Family.CHAR, Family.VARCHAR, Family.VARBYTE):
        return ColumnType(family, length=_number(first, length))
    if family is Family.NUMERIC:
        return ColumnType(family, precision=_number(first, precision), scale=_number(second, scale) or 0)
    return ColumnType(family, name=spelling if family is Family.OTHER else "")


_EXTERNAL = {
    "string": ColumnType(Family.VARCHAR, length=65_535),
    "tinyint": ColumnType(Family.SMALLINT),
    "float": ColumnType(Family.REAL),
    "double": ColumnType(Family.DOUBLE),
    "decimal": ColumnType(Family.NUMERIC, precision=10, scale=0),
    "binary": ColumnType(Family.VARBYTE, length=65_535),
}
"""What the data catalog, which speaks Hive's language, spells otherwise than Redshift or without a
size.
"""
_NESTED = re.compile(r"\s*(array|map|struct|uniontype)\s*<", re.IGNORECASE)


def external_type(spelling: str) -> ColumnType | None:
    """The type of an external table's column; None for a nested one, which Redshift does not select
    as a whole.

    Sources: Apache Hive's language manual, "Hive Data Types"; Amazon Redshift Developer Guide,
    "Data types" of CREATE EXTERNAL TABLE and "Querying nested data with Amazon Redshift Spectrum".
    """
    if _NESTED.match(spelling):
        return None
    return _EXTERNAL.get(spelling.strip().lower()) or column_type(spelling)


def _family(name: str) -> Family:
    if name in _ALIASES:
        return _ALIASES[name]
    try:
        return Family(name)
    except ValueError:
        return Family.OTHER


def _number(*candidates: Any) -> int | None:
    return next((int(each) for each in candidates if each is not None), None)

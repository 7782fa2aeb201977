"""What CREATE EXTERNAL TABLE says of a table: columns, partitions, format and place."""

from __future__ import annotations

import re
from typing import Any

from veil.local.rewrite.edits import Sql
from veil.local.rewrite.errors import LOCAL_LIMIT, RefusalError, unsupported
from veil.local.rewrite.lexer import Kind, string_value
from veil.local.rewrite.statements.types import column_type

# What the data catalog calls the types; a length or precision stays behind them.
_EXTERNAL_TYPES = {
    "smallint": "smallint", "int2": "smallint", "integer": "int", "int": "int", "int4": "int", "bigint": "bigint",
    "int8": "bigint", "real": "float", "float4": "float", "double precision": "double", "float8": "double",
    "float": "double", "boolean": "boolean", "bool": "boolean", "varchar": "varchar", "char": "char",
    "numeric": "decimal", "date": "date", "timestamp": "timestamp", "timestamp without time zone": "timestamp",
    "bytea": "binary",
}  # fmt: skip
_LAZY = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"
_CSV = "org.apache.hadoop.hive.serde2.OpenCSVSerde"
_PARQUET = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
_NAMED_ESCAPE = re.compile(r"\\(\d{1,3})")


def table_definition(sql: Sql, at: int, end: int) -> dict[str, Any]:
    """The definition, as `spectrum.table.Table.from_json` reads it.

    Raises:
        RefusalError: it is not complete, or has a format or type that the local engine does not read.
    """
    columns = [column(sql, *item) for item in sql.arguments(at)]
    definition: dict[str, Any] = {"columns": columns, "format": "textfile", "location": "", "serialization_lib": _LAZY}
    at = sql.closing(at) + 1
    while at < end:
        at = _clause(sql, at, definition)
    if not definition["location"]:
        raise RefusalError("42601", "CREATE EXTERNAL TABLE needs a LOCATION")
    return definition


def column(sql: Sql, start: int, end: int) -> dict[str, str]:
    """A column's name and types.

    Raises:
        RefusalError: external tables have no such type, or the local engine does not read it.
    """
    kind, _ = column_type(sql, start + 1, end)
    name, bracket, size = kind.lower().partition("(")
    if name.strip() not in _EXTERNAL_TYPES:
        raise unsupported(f"The type {kind.upper()} in an external table", LOCAL_LIMIT)
    external = _EXTERNAL_TYPES[name.strip()] + (bracket + size).replace(" ", "")
    return {"name": sql.name(start).lower(), "type": kind, "external_type": external}


def _clause(sql: Sql, at: int, definition: dict[str, Any]) -> int:
    word = sql.word(at)
    if sql.words(at, 2) == ("partitioned", "by"):
        partition = [column(sql, *item) for item in sql.arguments(at + 2)]
        definition["columns"] += partition
        definition["partition_columns"] = len(partition)
        return sql.closing(at + 2) + 1
    if sql.words(at, 3) == ("row", "format", "delimited"):
        return _delimited(sql, at + 3, definition)
    if sql.words(at, 3) == ("row", "format", "serde"):
        return _serde(sql, at + 3, definition)
    if sql.words(at, 2) == ("stored", "as"):
        _stored_as(sql.word(at + 2), definition)
        return at + 3
    if word == "location":
        definition["location"] = _string(sql, at + 1)
        return at + 2
    if sql.words(at, 2) == ("table", "properties"):
        _properties(sql, at + 2, definition)
        return sql.closing(at + 2) + 1
    raise RefusalError("42601", f'syntax error at or near "{sql.raw(at, at + 1)}"')


def _delimited(sql: Sql, at: int, definition: dict[str, Any]) -> int:
    while True:
        if sql.words(at, 3) == ("fields", "terminated", "by"):
            definition["delimiter"] = _character(_string(sql, at + 3))
        elif sql.words(at, 3) == ("lines", "terminated", "by"):
            if _character(_string(sql, at + 3)) != "\n":
                raise unsupported("Lines that do not end with a line feed", LOCAL_LIMIT)
        elif sql.words(at, 2) == ("escaped", "by"):
            definition["escape"] = _character(_string(sql, at + 2))
            at -= 1
        else:
            return at
        at += 4


def _serde(sql: Sql, at: int, definition: dict[str, Any]) -> int:
    library = _string(sql, at)
    definition["serialization_lib"] = library
    given: dict[str, str] = {}
    at += 1
    if sql.words(at, 2) == ("with", "serdeproperties"):
        given = _pairs(sql, at + 2)
        at = sql.closing(at + 2) + 1
    if library == _CSV:
        definition |= {
            "delimiter": _character(given.get("separatorChar", ",")),
            "quote": _character(given.get("quoteChar", '"')),
            "escape": _character(given.get("escapeChar", "")),
            "null": "",
        }
    elif library == _LAZY:
        definition["delimiter"] = _character(given.get("field.delim", given.get("serialization.format", "\x01")))
    elif library != _PARQUET:
        raise unsupported(f"The SerDe {library}", LOCAL_LIMIT)
    return at


def _stored_as(kind: str, definition: dict[str, Any]) -> None:
    if kind == "parquet":
        definition |= {"format": "parquet", "serialization_lib": _PARQUET}
    elif kind != "textfile":
        raise unsupported(f"STORED AS {kind.upper()}", LOCAL_LIMIT)


def _properties(sql: Sql, at: int, definition: dict[str, Any]) -> None:
    definition["properties"] = _pairs(sql, at)
    definition["skip_lines"] = int(definition["properties"].get("skip.header.line.count", "0"))
    if "serialization.null.format" in definition["properties"]:
        definition["null"] = definition["properties"]["serialization.null.format"]


def _pairs(sql: Sql, at: int) -> dict[str, str]:
    return {_string(sql, first): _string(sql, first + 2) for first, _ in sql.arguments(at)}


def _string(sql: Sql, at: int) -> str:
    if at >= len(sql.tokens) or sql.tokens[at].kind is not Kind.STRING:
        raise RefusalError("42601", "syntax error: a string is wanted after " + sql.raw(at - 1, at))
    return string_value(sql.tokens[at].word)


def _character(given: str) -> str:
    """A delimiter; written as one character, or as the octal number of one."""
    named = _NAMED_ESCAPE.fullmatch(given)
    return chr(int(named.group(1), 8)) if named else given

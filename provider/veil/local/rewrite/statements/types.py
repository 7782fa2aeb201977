"""The types of columns: Redshift's names and defaults."""

from __future__ import annotations

from veil.local.rewrite.edits import Sql
from veil.local.rewrite.errors import RefusalError

_VARYING = frozenset({"varchar", "nvarchar", "text"})
_BINARY = frozenset({"varbyte", "varbinary"})
# Types of PostgreSQL that Redshift does not have.
_ABSENT_NAMES = (
    "serial bigserial smallserial json jsonb uuid xml bytea money inet cidr macaddr bit point line box path polygon circle "
    "tsvector tsquery int4range int8range numrange tsrange daterange"
)
_ABSENT = frozenset(_ABSENT_NAMES.split())
_DEFAULT_VARCHAR = "varchar(256)"


def column_type(sql: Sql, at: int, end: int) -> tuple[str, int]:
    """The type at a position in PostgreSQL's words, and the token after it.

    Raises:
        RefusalError: Redshift has no such type.
    """
    word = sql.word(at)
    if word in _ABSENT:
        raise RefusalError("0A000", f'type "{word}" is not supported', "Amazon Redshift has no such data type.")
    if word in _VARYING or sql.words(at, 2) == ("character", "varying"):
        return _sized(sql, at + (2 if word == "character" else 1), "varchar", _DEFAULT_VARCHAR)
    if word in _BINARY or sql.words(at, 2) == ("binary", "varying"):
        _, following = _sized(sql, at + (2 if word == "binary" else 1), "bytea", "bytea")
        return "bytea", following
    if word == "bpchar":
        return "char(256)", at + 1
    if word in ("char", "character", "nchar"):
        return _sized(sql, at + 1, "char", "char(1)")
    if word in ("numeric", "decimal", "dec"):
        return _sized(sql, at + 1, "numeric", "numeric(18, 0)")
    if word == "datetime":
        return "timestamp", at + 1
    return _other(sql, at, end)


def _sized(sql: Sql, at: int, name: str, default: str) -> tuple[str, int]:
    if sql.word(at) != "(":
        return default, at
    closing = sql.closing(at)
    size = "65535" if sql.word(at + 1) == "max" else sql.render(at + 1, closing)
    return f"{name}({size})", closing + 1


def _other(sql: Sql, at: int, end: int) -> tuple[str, int]:
    k = at + 1
    while sql.word(k) == ".":
        k += 2
    if sql.word(k) == "precision":
        k += 1
    if sql.word(k) == "(":
        k = sql.closing(k) + 1
    if sql.word(k) in ("with", "without") and sql.words(k + 1, 2) == ("time", "zone"):
        k += 3
    return sql.render(at, min(k, end)), min(k, end)

"""The types of columns: Redshift's names and defaults."""

from __future__ import annotations

from veil.local.rewrite.edits import Sql
from veil.local.rewrite.errors import RefusalError
from veil.local.rewrite.lexer import Kind
from veil.local.rewrite.type_sizes import check_size

_VARYING = frozenset({"varchar", "nvarchar", "text"})
_BINARY = frozenset({"varbyte", "varbinary"})
# Types that PostgreSQL 8.0 had and that no column of Redshift's can have
# (c_unsupported-postgresql-datatypes).
_UNSUPPORTED_NAMES = (
    "any anyarray anyelement bit box bytea char cid cidr circle cstring inet internal interval language_handler line lseg "
    "macaddr money name oid opaque path point polygon record regclass regoper regoperator regproc regprocedure regtype serial "
    "bigserial tid trigger void xid"
)
_UNSUPPORTED = frozenset(_UNSUPPORTED_NAMES.split())
# What a column can be, besides those that are read word by word below.
_SUPPORTED_NAMES = (
    "bigint bool boolean date float float4 float8 geography geometry hllsketch int int2 int4 int8 integer real smallint super "
    "time timestamp timestamptz timetz"
)
_SUPPORTED = frozenset(_SUPPORTED_NAMES.split())
_DEFAULT_VARCHAR = "varchar(256)"
_INTERVALS = {
    ("year", "to", "month"): "interval year to month",
    ("day", "to", "second"): "interval day to second",
}
INTERVAL_NAMES = {"intervaly2m": "interval year to month", "intervald2s": "interval day to second"}
"""What a cluster calls the two types of intervals, in the words of their declaration. Source:
redshift_connector (utils/oids.py and the tests of its data types).
"""


def column_type(sql: Sql, at: int, end: int, of: str = "") -> tuple[str, int]:
    """The type at a position in PostgreSQL's words, and the token after it. `of` is the column with
    its table, for errors.

    Raises:
        RefusalError: Redshift has no such type.
    """
    spelling, following = _type(sql, at, end, of)
    if sql.word(following) in ("[", "array"):
        raise _unsupported(of, f"{sql.raw(at, following)}[]", "Redshift has no arrays. Use SUPER.")
    return spelling, following


def _unsupported(of: str, kind: str, hint: str = "Amazon Redshift has no such data type.") -> RefusalError:
    what = f'Column "{of}" has unsupported type "{kind}".' if of else f'type "{kind}" is not supported'
    return RefusalError("0A000", what, hint)


def _type(sql: Sql, at: int, end: int, of: str) -> tuple[str, int]:
    word = sql.word(at)
    if sql.tokens[at].kind is Kind.QUOTED and sql.name(at) == "char":
        raise _unsupported(of, "char")
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
    if word == "interval":
        return _interval(sql, at, of)
    if word in INTERVAL_NAMES:
        return INTERVAL_NAMES[word], at + 1
    if word in _UNSUPPORTED:
        raise _unsupported(of, word)
    if sql.words(at, 2) != ("double", "precision") and sql.name(at) not in _SUPPORTED:
        raise RefusalError("42704", f'type "{sql.name(at)}" does not exist', "Amazon Redshift has no such data type.")
    return _other(sql, at, end)


def _interval(sql: Sql, at: int, of: str) -> tuple[str, int]:
    """INTERVAL with its qualifier (r_interval_data_types): months and years, or the rest."""
    for unit, kind in _INTERVALS.items():
        if sql.words(at + 1, 3) == unit:
            following = at + 4
            if sql.word(following) == "(":
                closing = sql.closing(following)
                return f"{kind}{sql.render(following, closing + 1)}", closing + 1
            return kind, following
        if sql.word(at + 1) in (unit[0], unit[2]) and sql.word(at + 2) != "to":
            return kind, at + 2
    raise _unsupported(of, "interval", "Write INTERVAL YEAR TO MONTH or INTERVAL DAY TO SECOND.")


def _sized(sql: Sql, at: int, name: str, default: str) -> tuple[str, int]:
    if sql.word(at) != "(":
        return default, at
    closing = sql.closing(at)
    size = "65535" if sql.word(at + 1) == "max" else sql.render(at + 1, closing)
    check_size(name, size)
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

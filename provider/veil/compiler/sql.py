"""A small typed builder of Redshift SQL.

Every piece is an `Sql`, made only here and in `quoting`, so that the type checker finds a plain text that is about to
become SQL unquoted. What is composed of operators carries its own brackets; nothing depends on precedence.
"""

from collections.abc import Iterable, Sequence
from typing import NewType

from veil.model import ColumnType, Family

Sql = NewType("Sql", str)

NULL = Sql("NULL")
TRUE = Sql("TRUE")
FALSE = Sql("FALSE")
UNKNOWN = Sql("CAST(NULL AS BOOLEAN)")
_NOT = "(NOT "


FUNCTIONS = frozenset(
    [
        "abs",
        "btrim",
        "ceil",
        "chr",
        "count",
        "date_trunc",
        "floor",
        "getdate",
        "left",
        "len",
        "lower",
        "lpad",
        "ltrim",
        "max",
        "mod",
        "octet_length",
        "regexp_replace",
        "repeat",
        "replace",
        "right",
        "round",
        "rpad",
        "rtrim",
        "sha2",
        "split_part",
        "strpos",
        "strtol",
        "substring",
        "to_char",
        "translate",
        "upper",
    ]
)
"""The built-in functions that views call. That a cluster finds each of them under `pg_catalog.` is worth a probe."""


def call(function: str, *arguments: Sql) -> Sql:
    """A call of a built-in function. Qualified, or a look-alike in the caller's search_path would run in its place."""
    return Sql(f"pg_catalog.{function}({', '.join(arguments)})")


def infix(operator: str, *operands: Sql) -> Sql:
    """`(a operator b operator c)`."""
    return Sql("(" + f" {operator} ".join(operands) + ")")


def conjunction(conditions: Iterable[Sql]) -> Sql:
    """All of them, without those that are plainly TRUE; TRUE where none is left."""
    left = [each for each in dict.fromkeys(conditions) if each != TRUE]
    if FALSE in left:
        return FALSE
    return infix("AND", *left) if len(left) > 1 else (left[0] if left else TRUE)


def disjunction(conditions: Iterable[Sql]) -> Sql:
    """Any of them, without those that are plainly FALSE; FALSE where none is left."""
    left = [each for each in dict.fromkeys(conditions) if each != FALSE]
    if TRUE in left:
        return TRUE
    return infix("OR", *left) if len(left) > 1 else (left[0] if left else FALSE)


def negation(condition: Sql) -> Sql:
    """NOT, which of a NOT leaves what was negated: nothing else begins with `(NOT `."""
    if condition.startswith(_NOT):
        return Sql(condition[len(_NOT) : -1])
    return {TRUE: FALSE, FALSE: TRUE}.get(condition, Sql(f"{_NOT}{condition})"))


def is_null(value: Sql, *, negated: bool = False) -> Sql:
    return Sql(f"({value} IS {'NOT ' if negated else ''}NULL)")


def case(branches: Sequence[tuple[Sql, Sql]], otherwise: Sql = NULL) -> Sql:
    """`CASE WHEN … THEN … ELSE … END`; without ELSE where that would be NULL."""
    whens = " ".join(f"WHEN {condition} THEN {result}" for condition, result in branches)
    return Sql(f"CASE {whens} END" if otherwise == NULL else f"CASE {whens} ELSE {otherwise} END")


def where(condition: Sql, value: Sql, otherwise: Sql = NULL) -> Sql:
    """`value` where the condition is TRUE, else `otherwise`. Plain conditions are decided here."""
    if condition == TRUE or value == otherwise:
        return value
    if condition in (FALSE, UNKNOWN):
        return otherwise
    return case([(condition, value)], otherwise)


def cast(value: Sql, column_type: ColumnType) -> Sql:
    return Sql(f"CAST({value} AS {type_name(column_type)})")


def integer(value: int) -> Sql:
    return Sql(str(value)) if value >= 0 else Sql(f"({value})")


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
    """Whether `type_name` knows the type."""
    return column_type.family in _PLAIN_NAMES or column_type.family in (Family.CHAR, Family.VARCHAR, Family.NUMERIC)


def type_name(column_type: ColumnType) -> Sql:
    """How Redshift spells the type. Lengths are always written: unwritten, a cast to VARCHAR means 256 bytes."""
    match column_type.family:
        case Family.VARCHAR:
            return Sql(f"VARCHAR({column_type.length or 256})")
        case Family.CHAR:
            return Sql(f"CHAR({column_type.length or 1})")
        case Family.NUMERIC:
            return Sql(f"NUMERIC({column_type.precision or 18}, {column_type.scale or 0})")
        case family:
            return Sql(_PLAIN_NAMES[family])

"""How SQL is put together: the nodes of `sql`, less what is plain already.

Conditions that are known are decided here and not by the warehouse.
"""

from collections.abc import Iterable, Sequence
from dataclasses import fields, is_dataclass

from veil.compiler.sql import Call, Case, Cast, ColumnRef, Form, Infix, IsNull, NumberLiteral, OwnRef, Prefix, Sql, Word
from veil.language.functions import BUILT_IN
from veil.model import ColumnType, Family

NULL = Word("NULL")
TRUE = Word("TRUE")
FALSE = Word("FALSE")
UNKNOWN = Cast(NULL, ColumnType(Family.BOOLEAN))
_PLAIN = (Word, Cast)
"""The classes of these: a condition of another is decided by the row."""

FUNCTIONS = BUILT_IN.union(
    [
        "abs",
        "btrim",
        "ceil",
        "chr",
        "count",
        "date_trunc",
        "floor",
        "left",
        "len",
        "lower",
        "lpad",
        "ltrim",
        "max",
        "min",
        "mod",
        "octet_length",
        "regexp_replace",
        "regexp_substr",
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
        "trunc",
        "upper",
    ]
)
"""The built-in functions that views call. That a cluster finds each of them under `pg_catalog.` is
worth a probe.
"""


def call(function: str, *arguments: Sql) -> Call:
    """A call of a built-in function."""
    return Call(function, arguments)


def form(keyword: str, *arguments: Sql) -> Form:
    """`COALESCE(a, b)` and what else reads like a call."""
    return Form(keyword, arguments)


def integer(value: int) -> NumberLiteral:
    return NumberLiteral(str(value))


def infix(operator: str, *operands: Sql) -> Infix:
    """`a operator b operator c`."""
    return Infix(operator, operands)


def conjunction(conditions: Iterable[Sql]) -> Sql:
    """All of them, without those that are plainly TRUE; TRUE where none is left."""
    return _connected("AND", conditions, TRUE, FALSE)


def disjunction(conditions: Iterable[Sql]) -> Sql:
    """Any of them, without those that are plainly FALSE; FALSE where none is left."""
    return _connected("OR", conditions, FALSE, TRUE)


def _connected(operator: str, conditions: Iterable[Sql], neutral: Sql, decisive: Sql) -> Sql:
    left: list[Sql] = []
    for each in conditions:
        if type(each) is Word:
            if each == decisive:
                return decisive
            if each == neutral:
                continue
        # Compared and not hashed: conditions mostly differ at once, and a hash reads all of each.
        if each not in left:
            left.append(each)
    return Infix(operator, tuple(left)) if len(left) > 1 else (left[0] if left else neutral)


def negation(condition: Sql) -> Sql:
    """NOT, which of a NOT leaves what was negated."""
    if isinstance(condition, Prefix) and condition.operator == "NOT":
        return condition.operand
    if condition == TRUE:
        return FALSE
    return TRUE if condition == FALSE else Prefix("NOT", condition)


def is_null(value: Sql, *, negated: bool = False) -> Sql:
    return IsNull(value, negated)


def case(branches: Sequence[tuple[Sql, Sql]], otherwise: Sql = NULL) -> Sql:
    return Case(tuple(branches), otherwise)


def guard(condition: Sql, value: Sql, otherwise: Sql = NULL) -> Sql:
    """`value` where the condition is TRUE, else `otherwise`. Plain conditions are decided here."""
    if type(condition) in _PLAIN:
        if condition == TRUE:
            return value
        if condition in (FALSE, UNKNOWN):
            return otherwise
    if type(value) is type(otherwise) and value == otherwise:
        return value
    return Case(((condition, value),), otherwise)


def cast(value: Sql, column_type: ColumnType) -> Cast:
    return Cast(value, column_type)


def mentions(condition: Sql, alias: str) -> bool:
    """Whether a condition reads a column of the relation with this alias."""
    todo: list[object] = [condition]
    while todo:
        node = todo.pop()
        if isinstance(node, ColumnRef | OwnRef):
            if node.alias == alias:
                return True
        elif isinstance(node, tuple):
            todo += node
        elif is_dataclass(node):
            todo += [getattr(node, each.name) for each in fields(node)]
    return False

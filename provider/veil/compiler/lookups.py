"""`x IN (SELECT column FROM schema.table WHERE condition)`.

A lookup is joined: once to the distinct values, and once to the count of its rows, so that SQL's
rule for NULLs holds. As a sub-select it would be evaluated once for every column that the row test
guards. Where its condition reaches the protected row, what it compares there are further keys of
both joins, and the count is one for each of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from veil.compiler.building import (
    FALSE,
    NULL,
    TRUE,
    call,
    case,
    cast,
    conjunction,
    form,
    guard,
    infix,
    integer,
    is_null,
)
from veil.compiler.scope import Scope
from veil.compiler.sql import From, Output, OwnRef, Select, Sql, TextLiteral, Word
from veil.compiler.values import LONGEST_TEXT, Value, as_timestamp, compared, trimmed, typed
from veil.language.value_types import ValueType
from veil.model import ColumnType, Family

_DOUBLE = ColumnType(Family.DOUBLE)


@dataclass(frozen=True, slots=True)
class LookupQuery:
    """What a lookup finds: `select` of the rows of `source` for which the condition holds, and what
    is `asked` about the caller, and whose `keys`, first, equal values of the protected row. Where
    it `decides` by the caller, it says by whom; where it does `for_each` whom the session may be,
    whom it is for is one more key.
    """

    select: Value
    source: From
    condition: Sql = TRUE
    asked: Sql = TRUE
    keys: Sequence[tuple[Value, Value]] = ()
    decides: bool = False
    for_each: bool = False


def in_values(scope: Scope, operand: Value, lookup: LookupQuery) -> Sql:
    """Whether the operand is among the values that the lookup finds: over no rows FALSE, even for
    NULL; a NULL on either side makes a miss unknown.
    """
    wanted, offered = _alike(operand, lookup.select)
    pairs = [_alike(outer, inner) for inner, outer in lookup.keys]
    matched = {f"x{at}": outer for at, (outer, _) in enumerate(pairs, 1)}
    keys = tuple(Output(inner, f"x{at}") for at, (_, inner) in enumerate(pairs, 1))
    if lookup.for_each:
        matched["w"] = scope.beside("w")
        keys = (*keys, Output(OwnRef("d", "w"), "w"))
    listed, counted = (_asked if lookup.decides else _filtered)(lookup, offered, keys)
    is_found = scope.has(listed, {"v": wanted, **matched}, decides=lookup.decides)
    rows, known = (scope.number(counted, matched, column) for column in ("n", "m"))
    decision = case(
        [
            (infix("=", rows, integer(0)), FALSE),
            (is_null(wanted), NULL),
            (is_found, TRUE),
            (infix(">", rows, known), NULL),
        ],
        FALSE,
    )
    if not lookup.decides:
        return decision
    agreed = [scope.agreement(counted, matched, "n"), scope.agreement(listed, {"v": wanted, **matched}, "k")]
    return guard(conjunction(agreed), decision)


def _filtered(lookup: LookupQuery, offered: Sql, keys: tuple[Output, ...]) -> tuple[Select, Select]:
    """The distinct values that are found, and how many rows and values those are."""
    condition = conjunction([lookup.condition, lookup.asked])
    where = None if condition == TRUE else condition
    counts = Output(call("count", Word("*")), "n"), Output(call("count", offered), "m")
    listed = Select((Output(offered, "v"), *keys), lookup.source, where, distinct=True)
    return listed, Select((*counts, *keys), lookup.source, where, group_by=tuple(each.value for each in keys))


def _asked(lookup: LookupQuery, offered: Sql, keys: tuple[Output, ...]) -> tuple[Select, Select]:
    """The same where the caller is asked about. That leaves no row out: each tells whether it is
    found, and for whom that was decided. A row that is not there would be nobody's answer, and
    count for every caller.
    """
    whom = Output(call("max", form("COALESCE", OwnRef("d", "w"), TextLiteral(""))), "w")
    where = None if lookup.condition == TRUE else lookup.condition
    is_found = call("max", case([(lookup.asked, integer(1))], integer(0)))
    rows, values = (call("count", case([(lookup.asked, each)])) for each in (integer(1), offered))
    grouped = tuple(each.value for each in keys)
    listed = Select(
        (Output(offered, "v"), *keys, Output(is_found, "s"), whom), lookup.source, where, (offered, *grouped)
    )
    counted = Select((Output(rows, "n"), Output(values, "m"), *keys, whom), lookup.source, where, grouped)
    return listed, counted


def _alike(operand: Value, select: Value) -> tuple[Sql, Sql]:
    """Both sides in one form in which equal means the same, so that the join finds at most one
    value. The lookup's texts lose their trailing spaces: a DISTINCT that distinguishes them would
    leave two values that equal one.
    """
    value_type = operand.value_type if select.value_type.is_open else select.value_type
    if operand.is_null:
        return cast(operand.sql, LONGEST_TEXT), trimmed(Value(select.sql, ValueType.UNKNOWN))
    if value_type in (ValueType.TEXT, ValueType.UNKNOWN):
        return compared(operand), trimmed(
            select if select.value_type is ValueType.TEXT else Value(select.sql, ValueType.UNKNOWN)
        )
    operand, select = (
        replace(one, sql=typed(one, other.value_type)) for one, other in ((operand, select), (select, operand))
    )
    if ValueType.DOUBLE in (operand.value_type, select.value_type):
        return cast(operand.sql, _DOUBLE), cast(select.sql, _DOUBLE)
    if value_type.is_moment:
        return as_timestamp(operand).sql, as_timestamp(select).sql
    return operand.sql, select.sql

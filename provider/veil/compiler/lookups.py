"""`x IN (SELECT column FROM schema.table WHERE condition)`.

A lookup is joined: once to the distinct values, and once to the count of its rows, so that SQL's rule for NULLs holds.
As a sub-select it would be evaluated once for every column that the row test guards. Where its condition reaches the
protected row, what it compares there are further keys of both joins, and the count is one for each of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from veil.compiler.scope import Scope
from veil.compiler.sql import FALSE, NULL, TRUE, Sql, call, case, cast, infix, is_null
from veil.compiler.values import LONGEST_TEXT, Value, as_timestamp, trimmed
from veil.model import ColumnType, Family
from veil.policy.shapes import Shape

_DOUBLE = ColumnType(Family.DOUBLE)


@dataclass(frozen=True, slots=True)
class Found:
    """What a lookup finds: `select` of the rows of `filtered`, which is the rest of its query, whose `keys`, first,
    equal values of the protected row.
    """

    select: Value
    filtered: Sql
    keys: Sequence[tuple[Value, Value]] = ()


def in_values(scope: Scope, operand: Value, found: Found) -> Sql:
    """Whether the operand is among the values that the lookup finds: over no rows FALSE, even for NULL; a NULL on
    either side makes a miss unknown.
    """
    wanted, offered = _alike(operand, found.select)
    pairs = [_alike(outer, inner) for inner, outer in found.keys]
    matched = {f"x{at}": outer for at, (outer, _) in enumerate(pairs, 1)}
    keys = "".join(f", {inner} AS x{at}" for at, (_, inner) in enumerate(pairs, 1))
    groups = f" GROUP BY {', '.join(inner for _, inner in pairs)}" if pairs else ""
    counts = f"{call('count', Sql('*'))} AS n, {call('count', offered)} AS m"
    values = Sql(f"SELECT DISTINCT {offered} AS v{keys} {found.filtered}")
    is_found = scope.has(values, {"v": wanted, **matched})
    counted = Sql(f"SELECT {counts}{keys} {found.filtered}{groups}")
    rows, known = (scope.number(counted, matched, column) for column in ("n", "m"))
    return case(
        [
            (infix("=", rows, Sql("0")), FALSE),
            (is_null(wanted), NULL),
            (is_found, TRUE),
            (infix(">", rows, known), NULL),
        ],
        FALSE,
    )


def _alike(operand: Value, select: Value) -> tuple[Sql, Sql]:
    """Both sides in one form in which equal means the same, so that the join finds at most one value."""
    shape = operand.shape if select.shape.is_open else select.shape
    if operand.is_null:
        return cast(operand.sql, LONGEST_TEXT), trimmed(Value(select.sql, Shape.ANY))
    if shape in (Shape.TEXT, Shape.ANY):
        return trimmed(operand), trimmed(select if select.shape is Shape.TEXT else Value(select.sql, Shape.ANY))
    if Shape.DOUBLE in (operand.shape, select.shape):
        return cast(operand.sql, _DOUBLE), cast(select.sql, _DOUBLE)
    if shape.is_moment:
        return as_timestamp(operand).sql, as_timestamp(select).sql
    return operand.sql, select.sql

"""`x IN (SELECT column FROM schema.table WHERE condition)`.

A lookup is joined: once to the distinct values, and once to one row that counts them, so that SQL's rule for NULLs
holds. As a sub-select it would be evaluated once for every column that the row test guards.
"""

from veil.compiler.scope import Scope
from veil.compiler.sql import FALSE, NULL, TRUE, Sql, case, cast, infix, is_null
from veil.compiler.values import LONGEST_TEXT, Value, as_timestamp, trimmed
from veil.model import ColumnType, Family
from veil.policy.shapes import Shape

_DOUBLE = ColumnType(Family.DOUBLE)


def in_values(scope: Scope, operand: Value, select: Value, filtered: Sql) -> Sql:
    """Whether the operand is among the values that the lookup selects, `filtered` being the rest of its query: over no
    rows FALSE, even for NULL; a NULL on either side makes a miss unknown.
    """
    wanted, offered = _alike(operand, select)
    found = scope.join(Sql(f"SELECT DISTINCT {offered} AS v {filtered}"), wanted, "k")
    rows, values = scope.count(offered, filtered)
    return case(
        [
            (infix("=", rows, Sql("0")), FALSE),
            (is_null(wanted), NULL),
            (found, TRUE),
            (infix(">", rows, values), NULL),
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

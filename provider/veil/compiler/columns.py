"""One column of a view: its masks, one behind the other, within the row test."""

from veil.compiler.expressions import Expressions
from veil.compiler.masks import Cell, mask_sql
from veil.compiler.scope import Scope
from veil.compiler.sql import FALSE, NULL, Sql, case, cast, conjunction, disjunction, is_castable, negation, where
from veil.policy.resolved import AppliedMask, ResolvedColumn


def column_sql(column: ResolvedColumn, row_test: Sql, scope: Scope) -> Sql:
    """What the view shows in this column. Outside the rows that show it is NULL, whatever the caller's query does."""
    reference = scope.reference(column.column.name)
    if column.is_null:
        return null_column(column, reference)
    shown = where(row_test, _stacked(column, reference, scope))
    if shown == NULL:
        return null_column(column, reference)
    return cast(shown, column.type) if column.masks and is_castable(column.type) else shown


def null_column(column: ResolvedColumn, reference: Sql) -> Sql:
    """NULL in the column's type. A type that cannot be named is taken from the column, without reading it."""
    return cast(NULL, column.type) if is_castable(column.type) else case([(FALSE, reference)])


def _stacked(column: ResolvedColumn, reference: Sql, scope: Scope) -> Sql:
    shown = reference
    cell = Cell(column.column, reference, scope)
    for mask in reversed(column.masks):
        shown = where(_passes(mask, scope), shown, _masked(mask, cell))
    return shown


def _passes(mask: AppliedMask, scope: Scope) -> Sql:
    """TRUE where the mask leaves the value to the next one. NULL masks."""
    expressions = Expressions(scope)
    excepted = expressions.condition(mask.excepted)
    if mask.where is None:
        return excepted
    return disjunction([excepted, conjunction(negation(expressions.condition(each)) for each in mask.where)])


def _masked(mask: AppliedMask, cell: Cell) -> Sql:
    masked = mask_sql(mask.mask, cell)
    if mask.audience is None:
        return masked
    audience = Expressions(cell.scope).condition(mask.audience)
    otherwise = mask_sql(mask.otherwise, cell)
    if masked == NULL and otherwise == NULL:
        return NULL
    return case([(audience, masked), (negation(audience), otherwise)])

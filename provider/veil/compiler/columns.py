"""The columns of a view: the masks of each, one behind the other, within the row test."""

from veil.compiler.building import FALSE, NULL, case, cast, conjunction, disjunction, guard, negation
from veil.compiler.expressions import Expressions
from veil.compiler.masks import MaskedColumn, mask_sql
from veil.compiler.scope import Scope
from veil.compiler.sql import Cast, PerColumn, Sql, ThisColumn
from veil.compiler.typenames import is_castable
from veil.model import ColumnType, DataSource
from veil.policy.resolved import AppliedMask, ExpressionMask, ResolvedColumn


class Columns:
    """Compiles the columns of one view. What a policy asks, whichever column it masks, is compiled
    once; so is what columns of one type under the same masks show.
    """

    def __init__(self, row_test: Sql, scope: Scope, source: DataSource) -> None:
        self._row_test = row_test
        self._source = source
        self._scope = scope
        self._expressions = Expressions(scope)
        self._passing: dict[str, Sql] = {}
        self._bodies: dict[tuple[int, ColumnType], Sql] = {}
        """By the identity of the masks, which the view's columns hold."""
        self._this = ThisColumn(scope.alias, "")

    def sql(self, column: ResolvedColumn) -> Sql:
        """What the view shows in this column. Outside the rows that show it is NULL, whatever the
        caller's query does, but for a column that is to stand bare.
        """
        reference = self._scope.reference(column.column.name)
        if column.is_null:
            return null_column(column, reference)
        if column.is_bare:
            return reference
        body = self._bodies.get((id(column.masks), column.column.type))
        if body is None:
            if _asks_row(column):
                if column.masks:
                    self._scope.rely_on_type(column.column.name)
                return self._guarded(column, reference)
            body = self._bodies[id(column.masks), column.column.type] = self._guarded(column, self._this)
        if column.masks and not (type(body) is Cast and body.operand is NULL):
            self._scope.rely_on_type(column.column.name)
        return PerColumn(body, reference)

    def _guarded(self, column: ResolvedColumn, reference: Sql) -> Sql:
        shown = guard(self._row_test, self._stacked(column, reference))
        if shown == NULL:
            return null_column(column, reference)
        return cast(shown, column.type) if column.masks and is_castable(column.type) else shown

    def _stacked(self, column: ResolvedColumn, reference: Sql) -> Sql:
        shown = reference
        if not column.masks:
            return shown
        cell = MaskedColumn(column.column, reference, self._scope, self._source)
        for mask in reversed(column.masks):
            if mask.policy not in self._passing:
                self._passing[mask.policy] = self._passes(mask)
            shown = guard(self._passing[mask.policy], shown, self._masked(mask, cell))
        return shown

    def _passes(self, mask: AppliedMask) -> Sql:
        """TRUE where the mask leaves the value to the next one, and nowhere else."""
        excepted = self._expressions.truth(mask.excepted)
        if mask.where is None:
            return excepted
        tests = [negation(self._expressions.condition(each)) for each in mask.where]
        return disjunction([excepted, conjunction(tests)])

    def _masked(self, mask: AppliedMask, cell: MaskedColumn) -> Sql:
        masked = mask_sql(mask.mask, cell)
        if mask.audience is None:
            return masked
        audience = self._expressions.condition(mask.audience)
        otherwise = mask_sql(mask.otherwise, cell)
        if masked == NULL and otherwise == NULL:
            return NULL
        return case([(audience, masked), (negation(audience), otherwise)])


def _asks_row(column: ResolvedColumn) -> bool:
    """Whether a mask reads more than the value: an expression over the row may read the column by
    its name too.
    """
    masks = [each for mask in column.masks for each in (mask.mask, mask.otherwise)]
    return any(isinstance(each, ExpressionMask) or each.reads_row for each in masks)


def null_column(column: ResolvedColumn, reference: Sql) -> Sql:
    """NULL in the column's type. A type that cannot be named is taken from the column, without
    reading it.
    """
    return cast(NULL, column.type) if is_castable(column.type) else case([(FALSE, reference)])

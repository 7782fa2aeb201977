"""Who is admitted at all: one row that depends on no other, decided before any row of the table is
read.
"""

from veil.compiler.building import call, case, conjunction, disjunction, infix, integer, is_null, negation
from veil.compiler.decided import Decided
from veil.compiler.expressions import Expressions
from veil.compiler.scope import Scope
from veil.compiler.sql import Aliased, ColumnRef, From, Output, ScalarQuery, Select, Sql, TextLiteral
from veil.compiler.users import HAS_PROFILE, System, Tags
from veil.policy.resolved import Admission, Resolved


def admitted_whom(resolved: Resolved, decided: Decided, tags: Tags) -> Select:
    """`SELECT <whom> AS w FROM …`: for whom it was decided (see `Scope.whom`) where they are
    admitted, else NULL.

    The moment of the query comes from GETDATE(), which keeps a cached result of one user from being
    shown to another. Closing a data source is a row, and no change of its view: it must not have to
    wait for whoever is reading the view.
    """
    scope, caller = Scope(decided, columns={}, tags=tags), decided.caller
    key = resolved.source.key
    subscribed = scope.hoist_user_test(caller.holds_value("subscription", key))
    demanded = [_condition(each, subscribed, scope) for each in resolved.guardrails]
    granted = [_condition(each, subscribed, scope) for each in resolved.grants if each.condition is not None]
    no_project = negation(scope.hoist_user_test(caller.in_project))
    in_project = scope.hoist_user_test(caller.holds_value("project_source", key))
    admitted = conjunction(
        [
            scope.hoist_user_test(HAS_PROFILE, "p"),
            is_null(scope.now, negated=True),
            _is_open(decided.system, key),
            *demanded,
            disjunction([*granted, subscribed]),
            disjunction([no_project, in_project]),
            *scope.agreements,
        ]
    )
    return Select((Output(case([(admitted, scope.whom)]), "w"),), scope.source(None))


def _is_open(system: System, key: str) -> Sql:
    """Whether no failed policy closes the data source."""
    closed = Select(
        (Output(call("count", ColumnRef("x", "source"))),),
        From(Aliased(system.relation("closed"), "x")),
        infix("=", ColumnRef("x", "source"), TextLiteral(key)),
    )
    return infix("=", ScalarQuery(closed), integer(0))


def _condition(admission: Admission, subscribed: Sql, scope: Scope) -> Sql:
    return subscribed if admission.condition is None else Expressions(scope).condition(admission.condition)

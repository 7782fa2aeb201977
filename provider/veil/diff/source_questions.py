"""What policies ask about a data source, answered.

Most name columns by tags, or ask nothing of it at all. So what is found out about a policy on one
data source, for all users, holds on all others on which the same answers are given.
"""

from collections.abc import Hashable
from functools import lru_cache

from veil.diff.residual import meant
from veil.language import Usage, has_infrastructure, referenced_columns, referenced_tags, tree, walk
from veil.model import (
    Column,
    ColumnType,
    DataSource,
    Integration,
    MaskingPolicy,
    Never,
    Percent,
    Policy,
    Purposes,
    RowRule,
    SubscriptionPolicy,
    TimeWindow,
    UserMatches,
    ValueIn,
    Where,
)
from veil.oracle.expressions import read_expression
from veil.oracle.places import column as visible
from veil.oracle.places import maskable, tagged


def asked_of_source(policy: Policy, source: DataSource, integration: Integration) -> Hashable:
    """What of a data source the conditions depend on that a policy leaves: where that is the same,
    so are they, user by user.
    """
    if isinstance(policy, SubscriptionPolicy):
        return (
            ()
            if policy.access != "conditions"
            else _of_text(policy.expression, Usage.SUBSCRIPTION, source, integration)
        )
    audience = (policy.for_everyone_who, policy.exceptions.expression)
    asked: list[Hashable] = [_of_text(each, Usage.AUDIENCE, source, integration) for each in audience]
    if isinstance(policy, MaskingPolicy):
        asked.append(_of_text(policy.where, Usage.ROW, source, integration))
    else:
        asked += [_of_rule(each, source, integration) for each in (policy.show, policy.otherwise)]
    return tuple(asked)


def _of_rule(rule: RowRule | None, source: DataSource, integration: Integration) -> Hashable:
    match rule:
        case None | Never() | Purposes() | Percent():
            return ()
        case TimeWindow():
            event = visible(source, source.event_time_column or "")
            return None if event is None else _told(event)
        case ValueIn():
            return tuple(map(_told, tagged(source, rule.column_tag)))
        case UserMatches():
            return tuple(tuple(map(_told, tagged(source, each.column_tag))) for each in rule.matches)
        case Where():
            return _of_text(rule.expression, Usage.ROW, source, integration)


def _of_text(text: str | None, usage: Usage, source: DataSource, integration: Integration) -> Hashable:
    if text is None:
        return ()
    columns, tags, about_source = _named_in(text, usage)
    asked: list[Hashable] = [meant(each, source) for each in columns]
    asked += [tuple(map(_told, tagged(source, each))) for each in tags]
    if about_source:
        by_columns = frozenset(tag for each in maskable(source) for tag in each.tags)
        place = integration.hostname, integration.table_database, source.schema, source.table
        asked.append((*place, source.tags, by_columns))
    return tuple(asked)


@lru_cache(maxsize=16384)
def _named_in(text: str, usage: Usage) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """The columns and the tags that an expression names, and whether it asks anything else about
    the data source.
    """
    expression = read_expression(text, usage)
    if expression is None:
        return (), (), False
    return (
        tuple(sorted(referenced_columns(expression))),
        tuple(sorted(referenced_tags(expression))),
        any(
            isinstance(each, tree.AboutSource | tree.HasTagAsAttribute | tree.HasTagAsGroup)
            or (isinstance(each, tree.HasAttribute) and has_infrastructure(each.value))
            for each in walk(expression)
        ),
    )


def _told(column: Column) -> tuple[str, ColumnType]:
    return column.name, column.type

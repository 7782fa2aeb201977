"""What is found of a policy on one data source is taken over to others only where it means the same
on them.
"""

from datetime import UTC, datetime

import pytest

from veil.diff import Finding, compare
from veil.model import (
    AppliesTo,
    Column,
    ColumnType,
    DataSource,
    Exceptions,
    Family,
    Hash,
    Integration,
    MaskingPolicy,
    Match,
    Policy,
    Profile,
    Put,
    Remove,
    RowPolicy,
    RowRule,
    Sql,
    SubscriptionPolicy,
    TimeWindow,
    UserMatches,
    ValueIn,
    Where,
    World,
)
from veil.model.change import apply
from veil.model.kinds import Kind, key_of, kind_of

NOW = datetime(2026, 5, 17, 12, 30, tzinfo=UTC)
TEXT, MOMENT, NUMBER = ColumnType(Family.VARCHAR, 50), ColumnType(Family.TIMESTAMP), ColumnType(Family.INTEGER)


def source(table: str, geo: str, *tags: str, place: str = "country", at: ColumnType = MOMENT) -> DataSource:
    """A table of which another column is under the tag `geo`."""
    tagged = {"email": "pii", geo: "geo"}
    columns = [
        Column(each, TEXT, frozenset({tagged[each]} if each in tagged else ())) for each in ("email", "region", place)
    ]
    return DataSource(
        "raw", table, "governed", table, (*columns, Column("at", at)), frozenset(tags), event_time_column="at"
    )


SOURCES = (
    source("eu", "region", "sales"),
    source("us", "country", "hr"),
    source("none", "", place="city", at=NUMBER),
)
OPEN = SubscriptionPolicy("open", AppliesTo(all_data_sources=True), "everyone")
PEOPLE = (
    Profile("ann", frozenset({"hr"}), {"region": frozenset({"eu"}), "may": frozenset({"us"})}),
    Profile("bob", frozenset({"sales"}), {"domain": frozenset({"sales"})}),
)
EVERYWHERE, PII = AppliesTo(all_data_sources=True), AppliesTo(column_tags=frozenset({"pii"}))


def rows(rule: RowRule) -> RowPolicy:
    return RowPolicy("rows", EVERYWHERE, rule, exceptions=Exceptions())


def admitting(expression: str) -> SubscriptionPolicy:
    return SubscriptionPolicy("guard", EVERYWHERE, "conditions", mode="guardrail", expression=expression)


@pytest.mark.parametrize(
    "policy",
    [
        MaskingPolicy("mask", PII, Hash(), where="@columnTagged('geo') = 'eu'"),
        MaskingPolicy("mask", PII, Hash(), where="@columnReference('COUNTRY') = 'eu' AND @columnTagged('geo') = 'eu'"),
        MaskingPolicy("mask", AppliesTo(all_columns=True), Sql("@columnReference('country')")),
        rows(Where("@columnTagged('geo') = 'eu'")),
        rows(ValueIn("geo", frozenset({"eu"}))),
        rows(UserMatches((Match("geo", "region"),))),
        rows(TimeWindow("newer", 3, "days")),
        admitting("@hasTagAsGroup('dataSource')"),
        admitting("@hasTagAsAttribute('domain', 'dataSource')"),
        admitting("@hasAttribute('may', '@table')"),
    ],
)
def test_a_policy_changes_of_each_data_source_what_it_changes_of_it_alone(policy: Policy):
    before = apply(World(Integration("main", "analytics", "governed")), *map(Put, (*SOURCES, OPEN, *PEOPLE, policy)))
    after = apply(before, Remove(kind_of(policy), key_of(policy)))
    together = compare(before, after, now=NOW).findings
    assert together
    alone: list[Finding] = []
    for each in SOURCES:
        others = [Remove(Kind.DATA_SOURCE, other.key) for other in SOURCES if other is not each]
        alone += compare(apply(before, *others), apply(after, *others), now=NOW).findings
    assert set(map(told, together)) == set(map(told, alone))


def told(each: Finding) -> tuple[object, ...]:
    return (each.verdict, each.data_source, each.column, each.before, each.after, tuple(each.users), each.who)

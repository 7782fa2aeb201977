"""Which data sources each user could query, compared with what is told of users one by one."""

import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.diff.worlds import change, switched
from tests.fuzz.drawing import seeded
from veil.diff import Admitted, admitted
from veil.diff.access import Rules
from veil.diff.conditions import Condition
from veil.diff.residual import admitted_by
from veil.model import (
    AppliesTo,
    Closing,
    DataSource,
    Integration,
    Profile,
    Project,
    Purpose,
    Put,
    Remove,
    Subscription,
    SubscriptionPolicy,
    World,
)
from veil.model.change import apply
from veil.model.kinds import Kind
from veil.oracle import see
from veil.oracle.scope import Scope

NOW = datetime(2026, 5, 17, 12, 30, tzinfo=UTC)


def listed(found: Admitted) -> Mapping[str, frozenset[str]]:
    return {user: frozenset(keys) for keys, users in found.lists() for user in users}


def one_by_one(world: World) -> Mapping[str, frozenset[str]]:
    """The same, asked for every user, every data source and every project."""
    plain = replace(world, closings={}, runtimes={}, approvals={})
    rules = {key: Rules(plain, source, NOW) for key, source in world.data_sources.items()}
    return {
        user: frozenset(key for key, each in rules.items() if not each.closed and each.access(user).admitted)
        for user in world.profiles
    }


@pytest.mark.parametrize("seed", range(40))
def test_what_is_found_for_all_users_at_once_is_what_each_of_them_could_query(seed: int) -> None:
    drawn = change(seeded(f"admitted {seed}"), NOW, 4)
    before = admitted(drawn.case.world, NOW)
    assert listed(before) == one_by_one(drawn.case.world)
    assert listed(admitted(drawn.after, NOW, before)) == one_by_one(drawn.after), "with what was known before"


@pytest.mark.parametrize("seed", range(12))
def test_whoever_sees_rows_finds_the_data_source_in_the_list(seed: int) -> None:
    world = change(seeded(f"admitted {seed}"), NOW, 3).case.world
    lists = listed(admitted(world, NOW))
    world = replace(world, approvals={})
    for user in world.profiles:
        for project in (None, *(name for name, each in world.projects.items() if user in each.members)):
            there = switched(world, user, project)
            for key in world.data_sources:
                sight = see(there, user, key, [], now=NOW, salts={})
                if sight.admitted and not sight.closed:
                    assert key in lists[user]


def source(table: str, *tags: str) -> DataSource:
    return DataSource("raw", table, "governed", table, tags=frozenset(tags))


WORLD = apply(
    World(Integration("main", "analytics", "governed")),
    *(Put(source(table, table)) for table in ("orders", "people", "audit", "closed")),
    *(Put(Profile(user, frozenset({group}))) for user, group in (("ann", "hr"), ("bob", "sales"), ("carl", "sales"))),
    Put(
        SubscriptionPolicy(
            "hr", AppliesTo(data_source_tags=frozenset({"people"})), "conditions", expression="@isInGroups('hr')"
        )
    ),
    Put(
        SubscriptionPolicy(
            "fraud",
            AppliesTo(data_source_tags=frozenset({"audit"})),
            "conditions",
            expression="@isUsingPurpose('fraud')",
        )
    ),
    Put(Purpose("fraud", "I agree")),
    Put(Project("team", frozenset({"carl"}), frozenset({"raw.audit"}), frozenset({"fraud"}))),
    Put(Subscription("bob", "raw.orders", NOW + timedelta(days=1))),
)


def test_a_list_has_what_a_user_may_query_by_name_by_policy_and_by_project() -> None:
    assert listed(admitted(WORLD, NOW)) == {
        "ann": {"raw.people"},
        "bob": {"raw.orders"},
        "carl": {"raw.audit"},
    }


def test_a_subscription_that_ended_is_not_in_what_is_found_later() -> None:
    before = admitted(WORLD, NOW)
    assert listed(admitted(WORLD, NOW + timedelta(days=2), before))["bob"] == frozenset()


def test_what_a_failed_apply_closed_stays_in_the_list() -> None:
    closing = Closing("c", "o", "masking_policy", "m", "It failed.", AppliesTo(), sources=frozenset({"raw.people"}))
    assert listed(admitted(apply(WORLD, Put(closing)), NOW)) == listed(admitted(WORLD, NOW))


def test_members_of_an_equalized_project_could_query_what_all_of_them_are_admitted_to() -> None:
    team = Project("team", frozenset({"ann", "bob"}), frozenset({"raw.orders", "raw.people"}), equalized=True)
    world = apply(WORLD, Put(team), Put(Subscription("ann", "raw.orders")))
    found = admitted(world, NOW)
    assert found.of_all(team.members) == ("raw.orders",)
    assert admitted(apply(world, Remove(Kind.PROFILE, "bob")), NOW).of_all(team.members) == ()


def test_only_what_changed_is_found_anew() -> None:
    before = admitted(WORLD, NOW)
    after = admitted(apply(WORLD, Put(source("more", "people"))), NOW, before)
    assert after.side is before.side, "nobody holds anything else"
    assert listed(after) == listed(before) | {"ann": {"raw.people", "raw.more"}}


NAMES = [f"user{at}" for at in range(200)]
TAGS = ("sales", "sales.eu", "pii")
ASKING = (
    "@hasTagAsGroup('dataSource')",
    "NOT @hasTagAsGroup('dataSource')",
    "@hasTagAsAttribute('domain', 'dataSource')",
    "@hasAttribute('table', '@schema.*')",
    "@attributeValuesContains('domain', @table)",
    "@attributeValuesContains('domain', @table, 'orders')",
    "@attributeValuesContains('domain', 'sales')",
    "NOT @attributeValuesContains('domain', 'sales', 'sales')",
    "@groupsContains('sales.eu')",
    "@groupsContains(@username)",
    "@username IN ('user1', 'user2', 'nobody')",
    "@username NOT IN ('user1', 'user2')",
    "@username <> 'user1'",
    "@hasTagAsGroup('dataSource') AND NOT @hasTagAsAttribute('domain', 'dataSource') OR @username LIKE 'user3%'",
)
HELD = ("sales", "Sales", "sales.eu", "sales ", "orders", "raw.orders", "raw", "user1", "x")


def by_expression(*expressions: str) -> World:
    """A grant with each of these expressions, everywhere."""
    policies = (
        SubscriptionPolicy(f"p{at}", AppliesTo(all_data_sources=True), "conditions", expression=text)
        for at, text in enumerate(expressions)
    )
    return apply(World(Integration("main", "analytics", "governed")), *(Put(each) for each in policies))


@settings(max_examples=60, deadline=None)
@given(
    expressions=st.lists(st.sampled_from(ASKING), min_size=1, max_size=2, unique=True),
    people=st.lists(st.tuples(*[st.frozensets(st.sampled_from(HELD), max_size=3)] * 3), min_size=1, max_size=5),
    equalized=st.booleans(),
)
def test_questions_about_many_values_and_names_are_answered_as_for_each_user(
    expressions: list[str], people: list[tuple[frozenset[str], frozenset[str], frozenset[str]]], *, equalized: bool
) -> None:
    users = [
        Profile(f"user{at}", groups, {"domain": domains, "table": tables} if domains or tables else {})
        for at, (groups, domains, tables) in enumerate(people)
    ]
    team = Project("team", frozenset({"user0"}), frozenset({"raw.orders"}), equalized=equalized)
    things = (source("orders", "sales.eu"), source("people", "pii"), source("plain"), *users, team)
    world = apply(by_expression(*expressions), *(Put(each) for each in things))
    assert listed(admitted(world, NOW)) == one_by_one(world)


@pytest.mark.parametrize("expression", [each for each in ASKING if "(@username" not in each and "LIKE" not in each])
def test_users_whom_a_policy_does_not_tell_apart_are_looked_at_once(
    monkeypatch: pytest.MonkeyPatch, expression: str
) -> None:
    users = (
        Profile(each, frozenset({each}), {"domain": frozenset({each}), "table": frozenset({each})}) for each in NAMES
    )
    tables = (source(f"t{at}", *TAGS) for at in range(10))
    world = apply(by_expression(expression), *(Put(each) for each in (*users, *tables)))
    asked: list[object] = []

    def counted(policy: SubscriptionPolicy, scope: Scope) -> Condition:
        asked.append(scope)
        return admitted_by(policy, scope)

    monkeypatch.setattr(sys.modules["veil.diff.admitted"], "admitted_by", counted)
    assert listed(admitted(world, NOW)) == one_by_one(world)
    assert len(asked) <= 30, "three kinds of users on each of ten data sources, at most"


def test_lists_are_right_where_hardly_two_users_could_query_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    tables = [source(f"t{at}", f"tag{at}") for at in range(7)]
    tags = {each: frozenset(f"tag{bit}" for bit in range(7) if at >> bit & 1) for at, each in enumerate(NAMES)}
    users = (Profile(user, groups) for user, groups in tags.items())
    world = apply(by_expression("@hasTagAsGroup('dataSource')"), *(Put(each) for each in (*users, *tables)))
    found = admitted(world, NOW)
    wanted = {user: {f"raw.t{each[3:]}" for each in groups} for user, groups in tags.items()}
    few = {"user3", "user77"}
    for most in (0, 5, 512):
        monkeypatch.setattr(sys.modules["veil.diff.admitted"], "_MOST_PARTS", most)
        assert listed(found) == wanted
        lists = [keys for keys, _ in found.lists()]
        assert len(lists) == len(set(lists)) and all(list(keys) == sorted(keys) for keys in lists)
        assert {user for _, users in found.lists(few) for user in users} == few

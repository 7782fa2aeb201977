"""Who gains and who loses between two small worlds."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from veil.diff import Finding, Verdict, compare
from veil.diff.people import People, questions
from veil.model import (
    AppliesTo,
    Column,
    ColumnType,
    DataSource,
    Exceptions,
    Family,
    Hash,
    Impersonation,
    Integration,
    Kind,
    MaskingPolicy,
    Match,
    Null,
    Profile,
    Project,
    Purpose,
    Put,
    Remove,
    RowPolicy,
    Subscription,
    SubscriptionPolicy,
    UserMatches,
    ValueIn,
    World,
)
from veil.model.change import apply

NOW = datetime(2026, 5, 17, 12, 30, tzinfo=UTC)
TEXT = ColumnType(Family.VARCHAR, 50)
CUSTOMERS = DataSource(
    "raw",
    "customers",
    "governed",
    "customers",
    (Column("id", TEXT), Column("email", TEXT, frozenset({"pii"})), Column("region", TEXT, frozenset({"geo"}))),
)
OPEN = SubscriptionPolicy("open", AppliesTo(all_data_sources=True), "everyone")
PII = AppliesTo(column_tags=frozenset({"pii"}))
EMAILS = MaskingPolicy("emails", PII, Hash(), exceptions=Exceptions(groups=frozenset({"hr"})))
ANN, BOB = Profile("ann", frozenset({"hr"})), Profile("bob", frozenset({"sales"}), {"region": frozenset({"eu"})})
CID = Profile("cid", frozenset({"sales", "hr"}), {"region": frozenset({"us"})})


def world(*things: Any) -> World:
    found = (CUSTOMERS, OPEN, EMAILS, ANN, BOB, CID, *things)
    return apply(World(Integration("main", "analytics", "governed")), *(Put(each) for each in found))


def found(before: World, *changes: Any) -> list[Finding]:
    made = [each if isinstance(each, Remove) else Put(each) for each in changes]
    return list(compare(before, apply(before, *made), now=NOW).findings)


def told(findings: list[Finding]) -> list[tuple[str, str | None, tuple[str, ...], str, str]]:
    return [(each.verdict.value, each.column, tuple(each.users), each.before, each.after) for each in findings]


def test_whom_a_mask_excepts_gains():
    wider = replace(EMAILS, exceptions=Exceptions(groups=frozenset({"hr", "sales"})))
    (one,) = found(world(), wider)
    assert told([one]) == [("gains", "email", ("bob",), "hash", "clear")]
    assert one.who == "without group hr"
    assert one.because.reasons == ('masking policy "emails" now excepts group sales',)
    assert (one.because.before, one.because.after) == (("emails",), ())


def test_another_mask_is_a_change_and_no_gain():
    assert told(found(world(), replace(EMAILS, mask=Null()))) == [("changes", "email", ("bob",), "hash", "null")]


def test_a_mask_that_covers_what_was_clear_is_a_loss():
    assert told(found(world(), replace(EMAILS, exceptions=Exceptions()))) == [
        ("loses", "email", ("ann", "cid"), "clear", "hash")
    ]


def test_what_is_staged_changes_nothing():
    assert found(world(), MaskingPolicy("later", AppliesTo(all_columns=True), Null(), staged=True)) == []


def test_who_joins_a_group_gains_by_a_change_of_their_own():
    (one,) = found(world(), replace(BOB, groups=frozenset({"sales", "hr"})))
    assert told([one]) == [("gains", "email", ("bob",), "hash", "clear")]
    assert one.own and one.because.reasons == ('user profile "bob" joins hr',)


def test_who_would_gain_by_the_policy_alone_is_not_said_to_gain_by_a_change_of_their_own():
    wider = replace(EMAILS, exceptions=Exceptions(groups=frozenset({"hr", "sales"})))
    joining = replace(ANN, user="dan", groups=frozenset())
    before = world(joining)
    findings = found(before, wider, replace(BOB, attributes={}), replace(joining, groups=frozenset({"hr"})))
    assert [(tuple(each.users), each.own) for each in findings] == [(("bob",), False), (("dan",), True)]


def test_a_row_rule_with_more_values_shows_more_and_one_with_fewer_less():
    eu, both = (
        RowPolicy("rows", AppliesTo(all_data_sources=True), ValueIn("geo", frozenset(values)))
        for values in (("eu",), ("eu", "us"))
    )
    (wider,), (narrower,) = found(world(eu), both), found(world(both), eu)
    assert (wider.verdict, wider.also_loses, wider.aspect) == (Verdict.GAINS, False, "rows")
    assert (narrower.verdict, narrower.also_loses) == (Verdict.LOSES, False)


def test_another_row_rule_is_a_gain_that_loses_too_for_either_may_show_what_the_other_hides():
    first, other = (
        RowPolicy("rows", AppliesTo(all_data_sources=True), ValueIn("geo", frozenset({value})))
        for value in ("eu", "us")
    )
    (one,) = found(world(first), other)
    assert (one.verdict, one.also_loses) == (Verdict.GAINS, True)


def test_users_with_other_values_are_alike_to_a_rule_that_matches_what_they_hold():
    rows = RowPolicy("rows", AppliesTo(all_data_sources=True), UserMatches((Match("geo", "region"),)))
    (one, other) = found(world(), rows)
    assert {tuple(one.users), tuple(other.users)} == {("ann",), ("bob", "cid")}
    assert found(world(rows), replace(rows, description="told anew")) == []


@pytest.mark.parametrize(
    ("had", "gets", "verdict", "loses"),
    [
        ({"eu"}, {"eu", "us"}, Verdict.GAINS, False),
        ({"eu", "us"}, {"eu"}, Verdict.LOSES, False),
        ({"eu"}, {"us"}, Verdict.GAINS, True),
    ],
)
def test_more_values_of_their_own_show_more_rows(had: set[str], gets: set[str], verdict: Verdict, loses: bool):
    rows = RowPolicy("rows", AppliesTo(all_data_sources=True), UserMatches((Match("geo", "region"),)))
    one, other = (replace(BOB, attributes={"region": frozenset(values)}) for values in (had, gets))
    (finding,) = found(world(rows, one), other)
    assert (finding.verdict, finding.also_loses, finding.own) == (verdict, loses, True)


def test_a_new_subscription_lets_somebody_in_and_says_which_columns_show():
    before = apply(world(), Remove(Kind.SUBSCRIPTION_POLICY, "open"))
    (one,) = found(before, Subscription("bob", "raw.customers"))
    assert told([one]) == [("gains", None, ("bob",), "not admitted", "all rows, 2 of 3 columns clear")]
    assert one.reveals == {"id", "region"} and one.own


def test_where_not_all_who_are_let_in_see_a_column_it_is_told_who_does():
    before = apply(world(), Remove(Kind.SUBSCRIPTION_POLICY, "open"))
    (one,) = found(before, OPEN)
    assert tuple(one.users) == ("ann", "bob", "cid") and one.who == "everybody"
    assert tuple(one.sees("email")) == ("ann", "cid")


def test_a_purpose_that_is_only_to_be_acknowledged_is_part_of_what_can_be_seen():
    fraud = Purpose("fraud", "I agree.")
    project = Project("cards", frozenset({"bob"}), frozenset({"raw.customers"}), frozenset({"fraud"}))
    excepted = replace(EMAILS, exceptions=Exceptions(groups=frozenset({"hr"}), purposes=frozenset({"fraud"})))
    (one,) = found(world(fraud, project), excepted)
    assert (one.verdict, tuple(one.users), one.after) == (Verdict.GAINS, ("bob",), "sometimes clear, else hash")


def test_a_listed_policy_that_applies_elsewhere_closes_nothing_while_it_is_there():
    elsewhere = MaskingPolicy("elsewhere", AppliesTo(column_tags=frozenset({"other"})), Hash())
    before = world(elsewhere, replace(CUSTOMERS, policies=frozenset({"elsewhere"})))
    wider = replace(EMAILS, exceptions=Exceptions(groups=frozenset({"hr", "sales"})))
    assert told(found(before, wider)) == [("gains", "email", ("bob",), "hash", "clear")]
    assert {each.verdict for each in found(before, Remove(Kind.MASKING_POLICY, "elsewhere"))} == {Verdict.LOSES}


def test_who_may_act_as_more_people_gains():
    (one,) = found(world(), Impersonation("bob", frozenset({"ann"})))
    assert (one.verdict, one.aspect, one.after) == (Verdict.GAINS, "identity", "acts as ann")


def test_a_table_that_is_not_governed_any_more_is_lost():
    assert {each.verdict for each in found(world(), Remove(Kind.DATA_SOURCE, "raw.customers"))} == {Verdict.LOSES}


def test_of_many_users_who_are_alike_one_is_looked_at():
    many = [
        Profile(f"user{at}", frozenset({f"group{at}", "sales"}), {"region": frozenset({f"r{at}"})}) for at in range(500)
    ]
    before = world(*many)
    people = People(before, before, questions([EMAILS]), NOW)
    assert len(people.sides[0].cells(questions([EMAILS]))) == 2
    wider = replace(EMAILS, exceptions=Exceptions(groups=frozenset({"hr", "sales"})))
    (one,) = found(before, wider)
    assert len(one.users) == 501 and one.who == "without group hr"

"""Who gains and who loses between two small worlds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from veil.diff import Deny, Finding, Require, Verdict, broken_after, broken_by_gains, compare
from veil.diff.people import People, questions
from veil.model import (
    AccessRefusal,
    AppliesTo,
    Categories,
    Column,
    ColumnType,
    DataSource,
    Exceptions,
    Expires,
    Family,
    Function,
    Hash,
    Impersonation,
    Integration,
    KAnonymity,
    Kind,
    Mask,
    MaskingPolicy,
    Match,
    Null,
    Profile,
    Project,
    Purpose,
    Purposes,
    Put,
    Regex,
    Remove,
    RowPolicy,
    Runtime,
    Subscription,
    SubscriptionPolicy,
    UserMatches,
    ValueIn,
    Where,
    World,
)
from veil.model.change import apply
from veil.oracle import acknowledgement_hash

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


@pytest.mark.parametrize(
    "mask",
    [
        KAnonymity(5, frozenset({"region"})),
        Regex("[0-9]", "x"),
        Function("sec.encrypt"),
        Categories(frozenset({"a", "b"}), Decimal(50)),
    ],
)
@pytest.mark.parametrize("where", [None, "@columnReference('region') = 'eu'"])
def test_a_mask_that_leaves_values_as_they_are_can_show_them(mask: Mask, where: str | None):
    hashing = replace(EMAILS, where=where)
    (one,) = found(world(hashing), replace(hashing, mask=mask))
    # What a function gives, no row shows.
    verdict = Verdict.MAY_GAIN if isinstance(mask, Function) else Verdict.GAINS
    assert (one.verdict, tuple(one.users), one.reveals) == (verdict, ("bob",), {"email"})
    (back,) = found(world(replace(hashing, mask=mask)), hashing)
    assert back.verdict is Verdict.LOSES
    assert found(world(replace(EMAILS, mask=mask)), replace(EMAILS, mask=mask, description="told anew")) == []


def test_a_project_shows_what_a_mask_leaves_as_it_is_too():
    project = Project("cards", frozenset({"bob"}), frozenset({"raw.customers"}), frozenset())
    (one,) = found(world(project), replace(EMAILS, mask=Regex("[0-9]", "x")))
    assert (one.verdict, tuple(one.users)) == (Verdict.GAINS, ("bob",))


def test_a_mask_that_does_not_fit_a_column_shows_nothing_of_it_and_fits_the_next():
    number = Column("salary", ColumnType(Family.INTEGER), frozenset({"pii"}))
    before = apply(world(), Put(replace(CUSTOMERS, columns=(*CUSTOMERS.columns, number))))
    findings = found(before, replace(EMAILS, mask=Regex("[0-9]", "x")))
    assert [(each.verdict, each.column) for each in findings] == [
        (Verdict.GAINS, "email"),
        (Verdict.CHANGES, "salary"),
    ]


def test_a_requirement_and_a_denial_count_what_a_mask_leaves_as_it_is():
    after = world(replace(EMAILS, mask=KAnonymity(5, frozenset({"region"}))))
    tags = frozenset({"pii"})
    assert list(broken_after([Require("masked", tags, unless_group="hr")], world(), NOW)) == []
    (required,) = broken_after([Require("masked", tags, unless_group="hr")], after, NOW)
    (denied,) = broken_by_gains([Deny("stays", column_tags=tags)], compare(world(), after, now=NOW), after)
    assert required.users == denied.users == ("bob",)
    assert required.places == denied.places == ("governed.customers.email",)


def test_what_functions_were_is_no_change_of_a_policy():
    calling = replace(EMAILS, mask=Function("sec.encrypt"), definitions=frozenset({"sec.encrypt:0"}))
    wider = replace(calling, definitions=frozenset(), exceptions=Exceptions(groups=frozenset({"hr", "sales"})))
    (one,) = found(world(calling), wider)
    assert one.because.reasons == ('masking policy "emails" now excepts group sales',)
    as_it_was, covering = replace(calling, definitions=frozenset()), MaskingPolicy("all", PII, Null(), priority=5)
    for each in found(world(calling), as_it_was, covering):
        assert each.because.reasons == ('masking policy "all" is new',)


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


EVERYBODY = Impersonation("ann", all=True)
DAN = Profile("dan")


def test_whoever_may_act_as_everybody_gains_whom_a_plan_adds():
    (one,) = [each for each in found(world(EVERYBODY), DAN) if each.aspect == "identity"]
    assert told([one]) == [("gains", None, ("ann",), "cannot act as dan", "acts as dan")]
    assert one.because.reasons == ('user profile "dan" is new',)


def test_whoever_may_act_as_somebody_without_a_profile_gains_them_with_it():
    (one,) = [each for each in found(world(Impersonation("ann", frozenset({"dan"}))), DAN) if each.aspect == "identity"]
    assert told([one]) == [("gains", None, ("ann",), "cannot act as dan", "acts as dan")]


def test_who_may_act_as_somebody_without_a_profile_gains():
    (one,) = found(world(), Impersonation("ann", frozenset({"dan"})))
    assert told([one]) == [("gains", None, ("ann",), "acts as nobody else", "acts as dan")]


def test_whoever_may_act_as_everybody_gains_nobody_by_what_changes_of_those_who_are_there():
    findings = found(world(EVERYBODY), replace(BOB, groups=frozenset({"sales", "hr"})))
    assert [each.aspect for each in findings] == ["column"]


def test_who_may_act_as_others_by_what_was_somebody_elses_gains_and_that_one_loses():
    before = world(Impersonation("ann", frozenset({"cid"})))
    after = apply(before, Remove(Kind.IMPERSONATION, "ann"), Put(Impersonation("bob", frozenset({"cid"}))))
    findings = compare(before, after, now=NOW, renames={(Kind.IMPERSONATION, "bob"): "ann"}).findings
    assert told(list(findings)) == [
        ("gains", None, ("bob",), "acts as nobody else", "acts as cid"),
        ("loses", None, ("ann",), "acts as cid", "acts as nobody else"),
    ]


def test_who_may_act_as_more_people_gains():
    (one,) = found(world(), Impersonation("bob", frozenset({"ann"})))
    assert (one.verdict, one.aspect, one.after) == (Verdict.GAINS, "identity", "acts as ann")


ORDERS = replace(CUSTOMERS, table="orders", view_name="orders", columns=(Column("total", TEXT, frozenset({"money"})),))


def test_whom_a_policy_masks_gains_where_another_takes_its_name():
    money = MaskingPolicy("money", AppliesTo(column_tags=frozenset({"money"})), Hash())
    before = world(ORDERS, money)
    after = apply(before, Remove(Kind.MASKING_POLICY, "money"), Put(replace(EMAILS, name="money")))
    after = apply(after, Remove(Kind.MASKING_POLICY, "emails"))
    findings = list(compare(before, after, now=NOW, renames={(Kind.MASKING_POLICY, "money"): "emails"}).findings)
    assert told(findings) == [("gains", "total", ("ann", "bob", "cid"), "hash", "clear")]
    assert findings[0].because.reasons == (
        'masking policy "money" goes',
        'masking policy "money" was called "emails"',
    )


def test_a_view_that_another_data_source_takes_the_place_of_is_lost_too():
    before = world(ORDERS)
    after = apply(before, Remove(Kind.DATA_SOURCE, "raw.customers"))
    found = compare(before, after, now=NOW, renames={(Kind.DATA_SOURCE, "raw.orders"): "raw.customers"}).findings
    assert Verdict.LOSES in {each.verdict for each in found if each.data_source == "raw.customers"}


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


AHEAD, PAST = NOW + timedelta(days=1), NOW - timedelta(days=1)


def ann_until(end: datetime | None) -> Profile:
    return replace(ANN, expires=Expires({"hr": end} if end is not None else {}))


def test_whose_right_has_ended_loses_and_whose_right_is_prolonged_gains():
    (lost,) = found(world(), ann_until(PAST))
    assert (lost.verdict, lost.column, list(lost.users)) == (Verdict.LOSES, "email", ["ann"])
    assert lost.because.reasons == ('user profile "ann" stays in hr until 2026-05-16 12:30 UTC',)
    (gained,) = found(world(ann_until(PAST)), ann_until(None))
    assert gained.verdict is Verdict.GAINS
    assert gained.because.reasons == ('user profile "ann" stays in hr without end',)
    assert found(world(ann_until(PAST)), replace(ANN, groups=frozenset())) == []


def test_who_joins_until_a_time_gains_and_the_reason_says_until_when():
    until = replace(BOB, groups=frozenset({"sales", "hr"}), expires=Expires({"hr": AHEAD}))
    (gained,) = found(world(), until)
    assert gained.because.reasons == ('user profile "bob" joins hr until 2026-05-18 12:30 UTC',)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (None, AHEAD, "group hr ends at 2026-05-18 12:30 UTC instead of never: what that changes shows only then"),
        (AHEAD, None, "group hr ends never instead of at 2026-05-18 12:30 UTC: what that changes shows only then"),
        (PAST, AHEAD, None),
        (AHEAD, AHEAD, None),
    ],
)
def test_what_ends_at_another_time_ahead_is_not_passed_over(before, after, told: str | None):
    governed = world(ann_until(before))
    comparison = compare(governed, apply(governed, Put(ann_until(after))), now=NOW)
    assert [(each.subject, each.reason) for each in comparison.gaps] == ([("ann", told)] if told else [])


def test_a_value_that_ends_at_another_time_ahead_is_not_passed_over():
    eu = replace(BOB, expires=Expires(attributes={"region": {"eu": AHEAD}}))
    (gap,) = compare(world(), apply(world(), Put(eu)), now=NOW).gaps
    assert (gap.subject, gap.reason.partition(":")[0]) == ("bob", "region = eu ends at 2026-05-18 12")


def test_a_refusal_takes_what_was_approved_and_a_subscription_of_the_same_end_changes_nothing():
    asked = replace(OPEN, access="approval")
    approved = replace(world(asked), approvals={("bob", CUSTOMERS.key): Subscription("bob", CUSTOMERS.key)})
    losing = found(approved, AccessRefusal("bob", CUSTOMERS.key))
    assert {(each.verdict, tuple(each.users)) for each in losing} == {(Verdict.LOSES, ("bob",))}
    assert found(approved, Subscription("bob", CUSTOMERS.key)) == []


def test_who_loses_by_what_a_member_of_an_equalized_project_loses_is_told_of_that_member():
    members = frozenset({"ann", "cid"})
    team = Project("team", members, frozenset({"raw.customers"}), frozenset({"t"}), equalized=True)
    seen = RowPolicy("team", AppliesTo(all_data_sources=True), Where("@isInGroups('hr') AND @isUsingPurpose('t')"))
    (one,) = found(world(team, seen, Purpose("t", "I agree.")), replace(CID, groups=frozenset()))
    assert (one.verdict, tuple(one.users)) == (Verdict.LOSES, ("ann", "cid"))
    assert one.because.reasons == ('user profile "cid" leaves hr and sales',)


@pytest.mark.parametrize("changed", ["fraud", "fraud.cards"])
def test_who_loses_by_another_text_of_a_purpose_is_told_of_it(changed: str):
    project = Project("cards", frozenset({"bob"}), frozenset({"raw.customers"}), frozenset({"fraud.cards"}))
    texts = {"fraud": "I agree.", "fraud.cards": "I agree." if changed == "fraud.cards" else ""}
    agreed = Runtime("bob", None, {"fraud.cards": acknowledgement_hash("I agree.")})
    seen = RowPolicy("fraud", AppliesTo(all_data_sources=True), Purposes(frozenset({"fraud"})))
    purposes = (Purpose(name, text) for name, text in texts.items())
    before = replace(world(project, seen, *purposes), runtimes={"bob": agreed})
    (one,) = found(before, Purpose(changed, "I agree anew."))
    assert (one.verdict, tuple(one.users)) == (Verdict.LOSES, ("bob",))
    assert one.because.reasons == (f'purpose "{changed}" changes its acknowledgement',)

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.oracle.builders import EVERYWHERE, KEY, NOW, OPEN, alice, customers, seen, world
from veil.model import AppliesTo, Profile, Project, Purpose, Runtime, Subscription, SubscriptionPolicy, World
from veil.oracle import effective
from veil.oracle.facts import acknowledgement_hash, facts_of

ROWS = [{"id": 1}]
INDIVIDUAL = replace(OPEN, access="individual")
SUBSCRIBED = Subscription("alice", KEY)


def admitted(*things: object, **settings: object) -> bool:
    return seen(world(*things, **settings), ROWS).admitted


def test_nobody_is_admitted_by_default() -> None:
    sight = seen(replace(world(), subscription_policies={}), ROWS)
    assert not sight.admitted
    assert not sight.rows
    assert sight.reasons == ("no subscription policy grants access, and nobody subscribed it",)


def test_a_grant_admits_where_it_applies() -> None:
    assert admitted(OPEN)
    assert not admitted(replace(OPEN, staged=True))
    assert not admitted(replace(OPEN, applies_to=AppliesTo(data_source_tags=frozenset({"hr"}))))
    assert not admitted(replace(OPEN, applies_to=AppliesTo()))


@pytest.mark.parametrize("access", ["individual", "approval"])
def test_approval_and_individual_admit_only_subscribers(access: str) -> None:
    policy = replace(OPEN, access=access)  # type: ignore[arg-type]
    assert not admitted(policy)
    assert admitted(policy, SUBSCRIBED)
    assert not admitted(policy, Subscription("bob", KEY))
    assert not admitted(policy, Subscription("alice", "raw.other"))


def test_a_subscription_admits_until_it_expires() -> None:
    assert admitted(INDIVIDUAL, replace(SUBSCRIBED, expires_at=NOW + timedelta(seconds=1)))
    assert not admitted(INDIVIDUAL, replace(SUBSCRIBED, expires_at=NOW))


def test_every_guardrail_must_hold_for_subscribers_too() -> None:
    guardrail = SubscriptionPolicy("only", EVERYWHERE, "individual", mode="guardrail")
    assert not admitted(guardrail)
    assert admitted(guardrail, SUBSCRIBED)
    assert not admitted(replace(guardrail, access="conditions", expression="@isInGroups('hr')"), SUBSCRIBED)
    assert admitted(replace(guardrail, access="conditions", expression="@isInGroups('analysts')"))


def test_a_guardrail_alone_admits_nobody() -> None:
    assert not admitted(replace(OPEN, mode="guardrail"))


def test_an_expression_that_cannot_be_read_neither_grants_nor_passes() -> None:
    assert not admitted(replace(OPEN, access="conditions", expression="@isInGroups("))
    assert not admitted(OPEN, SubscriptionPolicy("g", EVERYWHERE, "conditions", "guardrail", expression="1 = "))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("@isInGroups('analysts') AND NOT @hasAttribute('employment', 'contractor')", True),
        ("@isInGroups('analysts', 'hr')", False),
        ("@hasAttribute('territory', 'US')", True),
        ("@hasAttribute('territory', 'U*')", False),
        ("@hasAttribute('access', '@hostname.@database.*')", True),
        ("@hasAttribute('access', '@database.*')", False),
        ("@hasAttribute('access', '*.@schema.@table')", True),
        ("@hasAttribute('access', '@schema.@table')", False),
        ("@hasTagAsAttribute('domain', 'dataSource')", True),
        ("@hasTagAsAttribute('domain', 'column')", False),
        ("@hasTagAsAttribute('sensitive', 'column')", True),
        ("@hasTagAsAttribute('none', 'column')", False),
        ("@hasTagAsGroup('dataSource')", False),
        ("@schema = 'raw' AND @table LIKE 'cust%'", True),
        ("@iam = 'redshift' AND @username = 'alice'", True),
        ("@isUsingPurpose('fraud')", False),
    ],
)
def test_conditions_ask_about_the_user_and_the_place(expression: str, expected: bool) -> None:
    user = alice(
        territory="US CA",
        access="h*.analytics.raw.customers host.analytics.raw.customers",
        domain="Domain",
        sensitive="PII",
    )
    policy = replace(OPEN, access="conditions", expression=expression)
    assert admitted(user, policy, hostname="host") is expected


def in_project(*things: object, agreed: str = "I agree.") -> World:
    project = Project("p", frozenset({"alice"}), frozenset({KEY}), frozenset({"fraud"}))
    governed = world(project, Purpose("fraud", "I agree."), *things)
    runtime = Runtime("alice", "p", {"fraud": acknowledgement_hash(agreed)})
    return replace(governed, runtimes={"alice": runtime})


def purposes(governed: World) -> frozenset[str]:
    found = facts_of(governed, "alice", NOW)
    assert found is not None
    return found.purposes.certain


def test_purposes_count_for_members_who_acknowledged_the_current_text() -> None:
    assert purposes(in_project()) == {"fraud"}
    assert purposes(in_project(agreed="I agreed.")) == frozenset()
    assert purposes(in_project(Project("p", frozenset(), frozenset(), frozenset({"fraud"})))) == frozenset()
    assert purposes(in_project(Project("p", frozenset({"alice"}), frozenset(), frozenset({"other"})))) == frozenset()


def test_who_acts_under_a_sub_purpose_acts_under_those_above_it_and_not_the_other_way_round() -> None:
    cards = Project("p", frozenset({"alice"}), frozenset({KEY}), frozenset({"fraud.cards.stolen"}))
    governed = in_project(cards, Purpose("fraud.cards.stolen", "I agree."))
    runtime = Runtime("alice", "p", {"fraud.cards.stolen": acknowledgement_hash("I agree.")})
    governed = replace(governed, runtimes={"alice": runtime})
    assert purposes(governed) == {"fraud", "fraud.cards", "fraud.cards.stolen"}
    assert "fraud.cards" not in purposes(in_project())


def test_a_sub_purpose_has_the_nearest_text_above_it_and_is_agreed_to_by_itself() -> None:
    cards = Project("p", frozenset({"alice"}), frozenset({KEY}), frozenset({"fraud.cards"}))
    agreed = Runtime("alice", "p", {"fraud.cards": acknowledgement_hash("I agree.")})
    inherited = replace(in_project(cards, Purpose("fraud.cards")), runtimes={"alice": agreed})
    assert purposes(inherited) == {"fraud", "fraud.cards"}
    assert purposes(in_project(cards, Purpose("fraud.cards"))) == frozenset()
    assert (
        purposes(replace(in_project(cards, Purpose("fraud.cards", "Mine.")), runtimes={"alice": agreed})) == frozenset()
    )


def test_a_purpose_without_any_text_never_counts() -> None:
    agreed = Runtime("alice", "p", {"fraud": acknowledgement_hash("")})
    assert purposes(replace(in_project(Purpose("fraud")), runtimes={"alice": agreed})) == frozenset()


def test_who_acts_in_a_project_is_admitted_only_to_its_data_sources() -> None:
    assert seen(in_project(), ROWS).admitted
    assert not seen(in_project(Project("p", frozenset({"alice"}))), ROWS).admitted


def test_who_acts_in_a_project_that_is_gone_or_not_theirs_is_admitted_nowhere() -> None:
    assert not seen(replace(in_project(), projects={}), ROWS).admitted
    assert not seen(in_project(Project("p", frozenset(), frozenset({KEY}))), ROWS).admitted


def test_an_equalized_project_admits_nobody_while_a_member_has_no_profile() -> None:
    both = Project("p", frozenset({"alice", "bob"}), frozenset({KEY}), equalized=True)
    sight = seen(in_project(both), ROWS)
    assert (sight.admitted, sight.reasons) == (False, ('members of the equalized project "p" have no profile: bob',))
    assert seen(in_project(both, Profile("bob")), ROWS).admitted
    assert seen(in_project(replace(both, equalized=False)), ROWS).admitted
    assert not effective(in_project(both), "alice", KEY, now=NOW, project="p").admitted


def test_groups_tags_and_sources_of_the_wrong_case_do_not_match() -> None:
    policy = replace(OPEN, access="conditions", expression="@isInGroups('Analysts')")
    assert not admitted(policy)
    assert admitted(customers(tags=frozenset({"Analysts"})), replace(policy, expression="@hasTagAsGroup('dataSource')"))


def test_what_was_approved_admits_as_a_subscription_does() -> None:
    policy = replace(OPEN, access="approval")
    approved = replace(world(policy), approvals={("alice", KEY): SUBSCRIBED})
    assert seen(approved, ROWS).admitted
    assert not seen(replace(approved, approvals={("bob", KEY): Subscription("bob", KEY)}), ROWS).admitted
    for ends, admits in ((NOW + timedelta(hours=1), True), (NOW, False)):
        known = {("alice", KEY): replace(SUBSCRIBED, expires_at=ends)}
        assert seen(replace(approved, approvals=known), ROWS).admitted is admits


def test_guardrails_hold_for_what_was_approved() -> None:
    guardrail = SubscriptionPolicy("hr", EVERYWHERE, "conditions", mode="guardrail", expression="@isInGroups('hr')")
    approved = {("alice", KEY): SUBSCRIBED}
    assert not seen(replace(world(replace(OPEN, access="approval"), guardrail), approvals=approved), ROWS).admitted


def test_what_was_approved_does_not_count_in_an_equalized_project() -> None:
    project = Project("p", frozenset({"alice"}), frozenset({KEY}), equalized=True)
    here = replace(world(replace(OPEN, access="approval"), project), approvals={("alice", KEY): SUBSCRIBED})
    assert seen(here, ROWS).admitted
    acting = replace(here, runtimes={"alice": Runtime("alice", "p")})
    assert not seen(acting, ROWS).admitted
    alone = replace(acting, projects={"p": replace(project, equalized=False)})
    assert seen(alone, ROWS).admitted

"""Names that policies ask for and nobody has, while Terraform plans in whatever order it likes."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from itertools import count, permutations
from typing import Any

import pytest

from tests.policy.building import groups, on, source, world
from veil.governance import planned as planning
from veil.governance.planned import PlannedWorld
from veil.model import (
    AppliesTo,
    Attribute,
    Exceptions,
    Hash,
    Kind,
    MaskingPolicy,
    Match,
    Profile,
    Project,
    Purposes,
    RowPolicy,
    RowRule,
    SubscriptionPolicy,
    UserMatches,
    Where,
    World,
)
from veil.policy import Finding

ANN = Profile("ann", frozenset({"analysts"}), {"state": frozenset({"WA"})})
FRAUD = Project("cards", frozenset({"ann"}), purposes=frozenset({"fraud.cards"}))
SETTLED = replace(world(source()), profiles={"ann": ANN}, projects={"cards": FRAUD})
EMAILS = MaskingPolicy("emails", on("pii"), Hash(), exceptions=groups("analists"))


@pytest.fixture(autouse=True)
def a_short_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "_QUIET_SECONDS", 0.01)


_numbers = count()


def asked(planned: PlannedWorld) -> list[Finding]:
    """What is told of names after something else was planned."""
    return planned.names_so_far(next(_numbers))


def told(planned: PlannedWorld, *things: Any) -> list[str]:
    """The titles of what is told of names after these are planned, one after the other."""
    found = []
    for thing in things:
        planned.put(thing)
        found += asked(planned)
    return [each.summary for each in found]


def row(rule: RowRule) -> RowPolicy:
    return RowPolicy("rows", on(sources=["sales"]), rule)


def test_a_misspelt_group_is_told_with_the_nearest_that_somebody_holds():
    planned = PlannedWorld(SETTLED)
    planned.put(EMAILS)
    (found,) = asked(planned)
    assert (found.severity, found.code, found.kind, found.key) == (
        "warning",
        "name-not-held",
        Kind.MASKING_POLICY,
        "emails",
    )
    assert found.summary == 'No profile holds the group "analists"'
    assert '  - group "analists": masking policy "emails". Did you mean "analysts"?' in found.detail
    assert "deployed or have been planned so far" in found.detail
    assert 'unknown_names = "ignore"' in found.detail


ASKED = {
    'group "Analysts"': groups("Analysts"),
    'attribute "stat"': Exceptions(attributes=frozenset({Attribute("stat", "WA")})),
    'attribute "state" with the value "Wa"': Exceptions(attributes=frozenset({Attribute("state", "Wa")})),
    'purpose "froud"': Exceptions(purposes=frozenset({"froud"})),
    'group "b"': Exceptions(expression="@isInGroups('analysts', 'b')"),
    'group "c"': Exceptions(expression="NOT @isInGroups('c')"),
    'attribute "state" with the value "OR"': Exceptions(expression="@hasAttribute('state', 'OR')"),
    'purpose "cards"': Exceptions(expression="@isUsingPurpose('cards')"),
}


@pytest.mark.parametrize(("name", "exceptions"), ASKED.items(), ids=ASKED)
def test_exceptions_ask_for_what_they_name(name: str, exceptions: Exceptions):
    (title,) = told(PlannedWorld(SETTLED), replace(EMAILS, exceptions=exceptions))
    assert title.endswith(f"the {name}")


RULES: dict[str, RowRule] = {
    'attribute "land"': UserMatches((Match("geo", "land"),)),
    'purpose "audit"': Purposes(frozenset({"audit"})),
    'attribute "county"': Where("@attributeValuesContains('county', @columnTagged('geo'))"),
    'group "d"': Where("@isInGroups('d') AND total > 3"),
}


@pytest.mark.parametrize(("name", "rule"), RULES.items(), ids=RULES)
def test_row_policies_ask_for_what_their_rules_name(name: str, rule: RowRule):
    (title,) = told(PlannedWorld(SETTLED), row(rule))
    assert title.endswith(f"the {name}")


def test_subscription_policies_ask_for_what_their_expressions_name():
    asking = "@hasTagAsAttribute('area', 'dataSource')"
    (title,) = told(
        PlannedWorld(SETTLED),
        SubscriptionPolicy("own", AppliesTo(all_data_sources=True), "conditions", expression=asking),
    )
    assert title == 'No profile holds the attribute "area"'


HELD = [
    replace(EMAILS, exceptions=groups("analysts")),
    replace(EMAILS, exceptions=Exceptions(expression="@isInGroups('analysts ') OR @hasAttribute('state', 'WA')")),
    # Who acts under a sub-purpose acts under those above it.
    replace(EMAILS, exceptions=Exceptions(purposes=frozenset({"fraud", "fraud.cards"}))),
    row(UserMatches((Match("geo", "state"), Match("dept")))),
    row(Where("@attributeValuesContains('state', @columnTagged('geo')) AND @groupsContains(department)")),
    # The value is known once it is known of which data source.
    SubscriptionPolicy(
        "own", AppliesTo(all_data_sources=True), "conditions", expression="@hasAttribute('state', '@schema.*')"
    ),
    # It has an error of its own.
    replace(EMAILS, exceptions=Exceptions(expression="@isInGroups('x'")),
]


@pytest.mark.parametrize("policy", HELD, ids=range(len(HELD)))
def test_what_somebody_has_is_not_told(policy: Any):
    assert told(PlannedWorld(SETTLED), policy) == []


def test_what_is_planned_after_the_policy_counts_in_whatever_order():
    ben = Profile("ben", frozenset({"analists"}))
    for deployed in (None, SETTLED):
        for order in permutations([EMAILS, ben, ANN]):
            planned = PlannedWorld(deployed)
            for thing in order:
                planned.put(thing)
            assert asked(planned) == [], order
    bulk = PlannedWorld(None)
    bulk.put(EMAILS)
    bulk.expect_profiles({"ben": ben})
    assert asked(bulk) == []


def test_what_the_last_holder_loses_is_missing():
    holder = replace(SETTLED, profiles={"ann": ANN, "ben": Profile("ben", frozenset({"analists"}))})

    def planned() -> PlannedWorld:
        made = PlannedWorld(holder)
        made.put(EMAILS, EMAILS.name)
        assert asked(made) == []
        return made

    lost, gone, many = planned(), planned(), planned()
    lost.put(Profile("ben"), "ben")
    gone.remove(Kind.PROFILE, "ben")
    many.expect_profiles({}, {"ben"})
    for each in (lost, gone, many):
        assert [found.summary for found in asked(each)] == ['No profile holds the group "analists"']
    several = planned()
    several.put(replace(ANN, groups=frozenset({"analists"})), "ann")
    several.remove(Kind.PROFILE, "ben")
    assert asked(several) == []


def test_each_name_is_told_once_and_with_everything_that_asks_for_it():
    planned = PlannedWorld(SETTLED)
    other = replace(row(Where("@isInGroups('analists') OR @isInGroups('z')")), name="zebras")
    planned.put(EMAILS)
    planned.put(other)
    (found,) = asked(planned)
    assert found.summary == 'No profile holds the group "analists", and 1 more such name'
    assert '  - group "analists": masking policy "emails", row policy "zebras". Did you mean' in found.detail
    assert '  - group "z": row policy "zebras".\n' in found.detail
    assert told(planned, replace(EMAILS, name="again"), other) == []


def test_what_a_policy_no_longer_asks_for_is_not_told():
    renamed, gone = PlannedWorld(SETTLED), PlannedWorld(SETTLED)
    for planned in (renamed, gone):
        planned.put(EMAILS, EMAILS.name)
    renamed.put(replace(EMAILS, exceptions=groups("analysts"), name="new"), "emails")
    gone.remove(Kind.MASKING_POLICY, "emails")
    assert asked(renamed) == asked(gone) == []


@pytest.mark.parametrize(
    ("kind", "left"), [(Kind.PROFILE, ["purpose"]), (Kind.PROJECT, ["group"]), (Kind.PURPOSE, ["group", "purpose"])]
)
def test_what_somebody_of_whom_not_all_is_known_may_have_is_not_told(kind: Kind, left: Sequence[str]):
    planned = PlannedWorld(SETTLED)
    planned.leave_open(kind)
    planned.put(replace(EMAILS, exceptions=Exceptions(groups=frozenset({"x"}), purposes=frozenset({"y"}))))
    found = "".join(each.detail for each in asked(planned))
    assert [what for what in ("group", "purpose") if f'- {what} "' in found] == left


def test_only_the_last_who_asks_waits_and_tells_all(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(planning, "_QUIET_SECONDS", 0.5)
    planned = PlannedWorld(SETTLED)
    answers: dict[int, list[Any]] = {}

    def plan(number: int) -> None:
        planned.put(replace(EMAILS, name=f"p{number}", exceptions=groups(f"g{number}")))
        answers[number] = asked(planned)

    threads = [threading.Thread(target=plan, args=[number]) for number in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    (found,) = [each for answer in answers.values() for each in answer]
    assert found.summary == 'No profile holds the group "g0", and 7 more such names'


def test_what_is_planned_once_more_to_be_replaced_leaves_it_to_others_to_tell():
    """Terraform passes over the warnings of the second of these plans."""
    planned = PlannedWorld(SETTLED)
    planned.put(ANN, "ann")
    assert planned.names_so_far("ann") == []
    planned.put(EMAILS)
    assert planned.names_so_far("ann") == []
    assert [each.code for each in planned.names_so_far("emails")] == ["name-not-held"]


def test_names_are_not_waited_for_in_vain_for_ever(monkeypatch: pytest.MonkeyPatch):
    planned, waits = PlannedWorld(SETTLED), []
    wait_for = planned._arrived.wait_for
    monkeypatch.setattr(
        planned._arrived, "wait_for", lambda *given: (waits.append(given), wait_for(*given))[1], raising=False
    )
    many = [replace(EMAILS, name=f"p{number}", exceptions=groups(f"g{number}")) for number in range(20)]
    assert len(told(planned, *many)) == 20
    assert len(waits) == planning._MOST_SILENCES


USERS = frozenset({"ann", "ben", "IAM:cleo", "rdsdb"})


def test_a_new_profile_of_a_user_whom_the_warehouse_lacks_is_told_with_the_nearest():
    planned = PlannedWorld(SETTLED)
    planned.know_users(USERS)
    for user in ("Ben", "nobody"):
        planned.put(Profile(user))
    planned.expect_profiles({"cleo": Profile("cleo"), "ben": Profile("ben")})
    (found,) = asked(planned)
    assert (found.severity, found.code) == ("warning", "user-not-there")
    assert found.summary == 'The warehouse has no user "Ben", nor 2 more with a new profile'
    for line in ('- "Ben". Did you mean "ben"?', '- "cleo". Did you mean "IAM:cleo"?', '- "nobody".\n'):
        assert line in found.detail
    assert told(planned, Profile("Ben")) == []


@pytest.mark.parametrize("users", [USERS - {"ann"}, None], ids=["a profile that is deployed", "users nobody knows"])
def test_of_other_profiles_it_is_not_told_that_the_user_is_missing(users: frozenset[str] | None):
    planned = PlannedWorld(SETTLED)
    if users is not None:
        planned.know_users(users)
    assert told(planned, ANN) == []
    assert planned.makes_profiles(["ann"]) is False and planned.makes_profiles(["ann", "eve"]) is True


def test_many_missing_users_are_counted_and_few_compared():
    planned = PlannedWorld(World(SETTLED.integration))
    planned.know_users(frozenset(f"user_{number}" for number in range(6_000)))
    planned.expect_profiles({f"USER_{number}": Profile(f"USER_{number}") for number in range(200)})
    (found,) = asked(planned)
    assert found.summary.endswith("nor 199 more with a new profile")
    assert '- "USER_0". Did you mean "user_0"?' in found.detail and "  - and 190 more\n" in found.detail

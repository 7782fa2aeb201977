"""Who gains by a change that is planned, judged by what has been planned so far."""

from dataclasses import replace
from typing import Any

import pytest

from tests.diff.test_comparing import CUSTOMERS, EMAILS, OPEN, world
from veil.governance import opening
from veil.governance.opening import Opening
from veil.model import (
    AppliesTo,
    Exceptions,
    Impersonation,
    Kind,
    Null,
    Project,
    Purpose,
    Put,
    Remove,
    Subscription,
    World,
    key_of,
    kind_of,
)
from veil.model.change import Change, apply

WIDER = replace(EMAILS, exceptions=Exceptions(groups=frozenset({"hr", "sales"})))
HERE = frozenset({CUSTOMERS.key})
ONE = "Opens 1 column of 1 data source to 1 user: veil diff shows which"


def told(
    deployed: World, *changes: Change, of: Any = None, replaces: Any = None, staying: frozenset[str] = HERE
) -> str | None:
    """What is said of the last of these changes, or of another one."""
    last = of or changes[-1]
    place = (last.kind, last.key) if isinstance(last, Remove) else (kind_of(last.thing), key_of(last.thing))
    return Opening(deployed).by_change(apply(deployed, *changes), *place, replaces, staying)


def test_a_policy_that_excepts_more_opens_columns():
    assert told(world(), Put(WIDER)) == ONE


def test_it_is_judged_in_whatever_order_it_was_planned():
    covering = replace(EMAILS, name="cover", mask=Null(), exceptions=Exceptions(), priority=5)
    assert told(world(), Put(covering), Put(WIDER)) is None
    assert told(world(), Put(WIDER), Put(covering), of=Put(WIDER)) is None


def test_a_policy_that_is_renamed_opens_nothing_and_one_that_is_renamed_and_widened_does():
    for renamed, said in ((replace(EMAILS, name="mail"), None), (replace(WIDER, name="mail"), ONE)):
        assert told(world(), Put(renamed, "emails"), replaces="emails") == said


def test_a_description_opens_nothing_and_is_not_looked_at():
    judging = Opening(world())
    after = apply(world(), Put(replace(EMAILS, description="told anew")))
    assert judging.by_change(after, Kind.MASKING_POLICY, "emails", "emails", HERE) is None
    assert not judging._looked_at


def test_a_policy_that_goes_opens_what_stays_and_nothing_else():
    gone = Remove(Kind.MASKING_POLICY, "emails")
    assert told(world(), gone, replaces="emails") == ONE
    assert told(world(), gone, replaces="emails", staying=frozenset()) is None


def test_a_data_source_that_is_planned_to_stay_tells_of_the_policies_that_went_before():
    after = apply(world(), Remove(Kind.MASKING_POLICY, "emails"))
    said = Opening(world()).by_removals(after, [(Kind.MASKING_POLICY, "emails")], CUSTOMERS.key)
    assert said == f'Removing masking policy "emails" o{ONE[1:]}'
    elsewhere = Opening(world()).by_removals(after, [(Kind.MASKING_POLICY, "emails")], "raw.orders")
    assert elsewhere is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (Put(replace(CUSTOMERS, columns=tuple(replace(each, tags=frozenset()) for each in CUSTOMERS.columns))), ONE),
        (Put(Impersonation("bob", frozenset({"ann"}))), "Lets 1 user act as others whom they could not act as"),
        (Put(Project("cards", frozenset({"bob"}), frozenset({CUSTOMERS.key}), frozenset({"fraud"}))), ONE),
        (Put(replace(OPEN, staged=True)), None),
    ],
)
def test_whatever_object_opens_something_is_told_of(change: Put, said: str | None):
    excepted = replace(EMAILS, exceptions=Exceptions(groups=frozenset({"hr"}), purposes=frozenset({"fraud"})))
    found = told(world(Purpose("fraud", "I agree."), excepted), change)
    assert found == (said if said in (None, ONE) else f"{said}: veil diff shows which")


def test_a_subscription_counts_for_those_who_share_it_in_an_equalized_project_too():
    shut = apply(world(), Remove(Kind.SUBSCRIPTION_POLICY, "open"))
    equal = Project("equal", frozenset({"bob", "cid"}), HERE, equalized=True)
    before = apply(shut, Put(equal), Put(Subscription("cid", CUSTOMERS.key)))
    assert told(before, Put(Subscription("bob", CUSTOMERS.key))) == (
        "Opens 2 columns of 1 data source to 1 user: veil diff shows which"
    )
    both = apply(shut, Put(equal))
    assert "1 user" in (told(both, Put(Subscription("bob", CUSTOMERS.key))) or "")


def test_what_is_said_is_said_once():
    judging, after = Opening(world()), apply(world(), Put(WIDER))
    said = [judging.by_change(after, Kind.MASKING_POLICY, "emails", "emails", HERE) for _ in range(2)]
    assert said == [ONE, None]


def test_a_plan_of_very_many_changes_says_once_that_it_looks_at_no_more(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(opening, "MOST_LOOKED_AT", 1)
    judging = Opening(world())
    assert not judging.is_exhausted
    judging.by_change(apply(world(), Put(WIDER)), Kind.MASKING_POLICY, "emails", "emails", HERE)
    assert judging.is_exhausted
    assert [judging.no_more(), judging.no_more()] == [
        "More changes are planned than a plan looks at: veil diff shows who gains",
        None,
    ]


def test_a_baseline_that_hides_less_opens_columns():
    hidden = replace(world().integration, baseline=replace(world().integration.baseline, null_tags=frozenset({"geo"})))
    deployed = apply(world(), Put(hidden))
    assert told(deployed, Put(world().integration), replaces="main") == (
        "Opens 1 column of 1 data source to 3 users: veil diff shows which"
    )
    assert AppliesTo(all_columns=True).names_columns

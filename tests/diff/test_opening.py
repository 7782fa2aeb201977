"""What one change of a plan opens, in a few words."""

from dataclasses import replace

from tests.diff.test_comparing import ANN, BOB, CUSTOMERS, EMAILS, NOW, OPEN, world
from veil.diff import Opened, opened
from veil.model import Exceptions, Impersonation, Kind, Put, Remove, Subscription, World
from veil.model.change import Change, apply

WIDER = replace(EMAILS, exceptions=Exceptions(groups=frozenset({"hr", "sales"})))
SHUT = apply(world(), Remove(Kind.SUBSCRIPTION_POLICY, OPEN.name))


def words(before: World, *changes: Change, deployed: World | None = None) -> str | None:
    found = opened(deployed or before, before, apply(before, *changes), now=NOW)
    return found.words if found is not None else None


def test_a_mask_that_excepts_more_opens_its_columns():
    assert words(world(), Put(WIDER)) == "opens 1 column of 1 data source to 1 user"


def test_a_new_subscription_opens_the_columns_that_show_in_the_clear():
    assert words(SHUT, Put(Subscription("bob", "raw.customers"))) == "opens 2 columns of 1 data source to 1 user"


def test_rows_without_a_clear_value_are_told_as_rows():
    only_email = replace(CUSTOMERS, columns=CUSTOMERS.columns[1:2])
    masked = apply(SHUT, Put(only_email))
    assert words(masked, Put(Subscription("bob", "raw.customers"))) == "opens rows of 1 data source to 1 user"


def test_who_may_act_as_more_people_is_told_without_a_data_source():
    given = Put(Impersonation("bob", frozenset({"ann"})))
    assert words(world(), given) == "lets 1 user act as others whom they could not act as"


def test_what_takes_opens_nothing():
    assert words(world(WIDER), Put(EMAILS)) is None


def test_what_another_change_of_the_plan_takes_is_given_back_and_no_gain():
    narrower = apply(world(), Put(replace(EMAILS, exceptions=Exceptions())))
    assert words(narrower, Put(EMAILS)) == "opens 1 column of 1 data source to 2 users"
    assert words(narrower, Put(EMAILS), deployed=world()) is None
    assert words(narrower, Put(WIDER), deployed=world()) == "opens 1 column of 1 data source to 1 user"


def test_rows_that_come_by_two_changes_are_told_of_each():
    asked = replace(OPEN, access="conditions", expression="@isInGroups('hr')")
    deployed = apply(SHUT, Put(asked))
    subscribed = apply(deployed, Put(Subscription("bob", "raw.customers")))
    # By then bob is subscribed: what the grant opens is to nobody else.
    assert words(subscribed, Put(OPEN), deployed=deployed) is None
    assert words(deployed, Put(OPEN)) == "opens 2 columns of 1 data source to 1 user"
    assert {ANN.user, BOB.user} < deployed.profiles.keys()


def test_many_are_counted_with_commas():
    many = Opened(frozenset(map(str, range(1_200))), frozenset({"a", "b"}), frozenset({"s", "t", "u"}))
    assert many.words == "opens 2 columns of 3 data sources to 1,200 users"

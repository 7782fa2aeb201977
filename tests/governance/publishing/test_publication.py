"""Which views a change makes, replaces and drops."""

from dataclasses import replace

import pytest

from tests.policy.building import column, source, varchar
from veil.compiler import CompileError
from veil.governance.publishing.publication import publication
from veil.model import (
    AppliesTo,
    Integration,
    Kind,
    MaskingPolicy,
    Never,
    Null,
    Profile,
    Purpose,
    Put,
    Remove,
    RowPolicy,
    World,
)
from veil.model.change import apply
from veil.policy.untrusted import closed_while_broken

SSN = column("ssn", varchar(11), "id.ssn")
CUSTOMERS, ORDERS = source(SSN, table="customers"), source(column("total", varchar(9)), table="orders")
WORLD = apply(World(Integration("main", "analytics", "governed")), Put(CUSTOMERS), Put(ORDERS))
MASK = MaskingPolicy("ssn", AppliesTo(column_tags=frozenset({"id"})), Null())


def made(before: World, *changes, forced=(), tables=None):
    """The names of the views that are dropped, and those that are made."""
    found = publication(before, apply(before, *changes), changes, forced, tables or {})
    return [name for _, name in found.drops], [each.source.view_name for each in found.views]


def test_a_policy_makes_the_views_that_it_is_about_and_no_others():
    assert made(WORLD, Put(MASK)) == ([], ["customers"])
    assert made(apply(WORLD, Put(MASK)), Remove(Kind.MASKING_POLICY, "ssn")) == ([], ["customers"])


def test_people_and_purposes_touch_no_view():
    assert made(WORLD, Put(Profile("alice", frozenset({"hr"}))), Put(Purpose("fraud"))) == ([], [])


def test_a_forced_source_is_made_though_nothing_changed():
    assert made(WORLD, forced=[ORDERS.key]) == ([], ["orders"])


def test_a_source_that_goes_or_is_disabled_takes_its_view_along():
    assert made(WORLD, Remove(Kind.DATA_SOURCE, ORDERS.key)) == (["orders"], [])
    assert made(WORLD, Put(replace(ORDERS, enabled=False))) == (["orders"], [])


def test_a_view_under_another_name_is_dropped_under_the_old_one_and_made_under_the_new():
    assert made(WORLD, Put(replace(ORDERS, view_name="purchases"))) == (["orders"], ["purchases"])


def test_the_new_text_is_that_of_the_world_after_all_changes():
    changes = [Put(MASK), Put(RowPolicy("none", AppliesTo(all_data_sources=True), Never()))]
    together = publication(WORLD, after := apply(WORLD, *changes), changes, (), {})
    step = apply(WORLD, changes[0])
    last = publication(step, after, changes[1:], (), {})
    assert {view.source.key: view.text for view in together.views} == {
        view.source.key: view.text for view in last.views
    }


def test_a_table_of_other_columns_than_the_source_knows_is_made_over_what_is_there():
    wide = replace(CUSTOMERS, columns=(*CUSTOMERS.columns, column("name", varchar(9))), new_columns="null")
    there = {("raw", "customers"): (("name", varchar(9)), ("dna", varchar(5)))}
    (view,) = publication(WORLD, apply(WORLD, Put(wide)), (), [CUSTOMERS.key], there).views
    assert '"ssn"' not in view.text
    assert 't."name"' in view.text and 't."dna"' not in view.text and '"dna"' in view.text


def test_a_view_that_cannot_be_made_is_named():
    unaccepted = replace(CUSTOMERS, columns=(replace(SSN, accepted=False),))
    with pytest.raises(CompileError, match=r"raw\.customers has no accepted column"):
        made(WORLD, Put(unaccepted), Put(ORDERS))


def test_while_a_deciding_row_cannot_be_trusted_no_view_shows_rows():
    closed = closed_while_broken(WORLD, [(Kind.ROW_POLICY, "own")])
    assert all("\0unreadable" in each.policies for each in closed.data_sources.values())
    (before,) = publication(WORLD, WORLD, (), [ORDERS.key], {}).views
    (after,) = publication(closed, closed, (), [ORDERS.key], {}).views
    assert before.text != after.text and "FALSE" in after.text


def test_a_broken_row_of_a_person_closes_nothing():
    assert closed_while_broken(WORLD, [(Kind.PROFILE, "alice"), (Kind.PURPOSE, "fraud")]) is WORLD

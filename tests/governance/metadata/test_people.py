"""The rows that users have in the warehouse, and who of them is looked at closely."""

from dataclasses import replace

import pytest

from veil.governance.metadata.deployed import DeployedState, deployed_from
from veil.governance.metadata.people import rows_of, rows_of_all
from veil.model import Profile, Project, Subscription, World
from veil.model.change import Put, Remove, apply
from veil.model.integration import Integration
from veil.model.kinds import Kind
from veil.model.names import dotted
from veil.warehouse import EntryRow, Layout, Snapshot

INTEGRATION = Integration("main", "analytics", "governed")
PROFILES = [Profile(user, frozenset({"analysts"}), {"territory": frozenset({"US"})}) for user in ("alice", "bob")]
WORLD = apply(
    World(INTEGRATION),
    *map(Put, PROFILES),
    Put(Subscription("alice", dotted("raw", "orders"))),
    Put(Project("team", frozenset({"alice"}), frozenset({dotted("raw", "customers")}))),
)


def test_valid_tables_are_those_that_a_user_is_subscribed_to_by_name():
    found = rows_of_all(WORLD, ("alice", "bob"))
    assert {user: row.valid_tables for user, (row, _) in found.items()} == {"alice": {"raw.orders"}, "bob": set()}
    without = apply(WORLD, Remove(Kind.SUBSCRIPTION, ("alice", "raw.orders")))
    assert rows_of(without, "alice")[0].valid_tables == frozenset()


@pytest.fixture
def deployed() -> DeployedState:
    """A warehouse that holds what WORLD means."""
    rows = rows_of_all(WORLD, WORLD.profiles).values()
    snapshot = Snapshot(
        1,
        "",
        1,
        "",
        "veil",
        profiles=tuple(row for row, _ in rows),
        entries=tuple(entry for _, entries in rows for entry in entries),
    )
    return replace(deployed_from(Layout("immuta", "governed"), snapshot), world=WORLD)


def test_nobody_is_disturbed_where_the_warehouse_holds_what_it_is_to_hold(deployed: DeployedState):
    assert deployed.disturbed == {}


GROUP = EntryRow("bob", "group", "", "analysts")
MORE = EntryRow("bob", "group", "", "hr")


@pytest.mark.parametrize(
    "change",
    [
        lambda held: (*held, MORE),
        lambda held: tuple(each for each in held if each != GROUP),
        lambda held: (*held, GROUP),
        lambda held: (*(each for each in held if each != EntryRow("bob", "attribute", "territory", "US")), GROUP),
    ],
    ids=["one more", "one less", "one twice", "one in place of another"],
)
def test_an_entry_that_was_altered_disturbs_its_user(deployed: DeployedState, change):
    snapshot = replace(deployed.snapshot, entries=change(deployed.snapshot.entries))
    assert set(replace(deployed, snapshot=snapshot).disturbed) == {"bob"}


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: tuple(row for row in rows if row.user != "bob"),
        lambda rows: (*rows, next(row for row in rows if row.user == "bob")),
        lambda rows: tuple(replace(row, intact=row.user != "bob") for row in rows),
        lambda rows: tuple(
            replace(row, valid_tables=frozenset({"t"}) if row.user == "bob" else row.valid_tables) for row in rows
        ),
    ],
    ids=["gone", "twice", "not intact", "altered"],
)
def test_a_profile_row_that_was_altered_disturbs_its_user(deployed: DeployedState, change):
    snapshot = replace(deployed.snapshot, profiles=change(deployed.snapshot.profiles))
    assert set(replace(deployed, snapshot=snapshot).disturbed) == {"bob"}

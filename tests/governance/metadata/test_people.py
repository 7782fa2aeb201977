"""The rows that users have in the warehouse, and who of them is looked at closely."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from veil.governance.metadata import equalizing
from veil.governance.metadata.deployed import DeployedState, deployed_from
from veil.governance.metadata.people import rows_of, rows_of_all
from veil.model import Expires, Profile, Project, Subscription, World
from veil.model.change import Put, apply
from veil.model.integration import Integration
from veil.model.names import dotted
from veil.warehouse import EntryRow, Layout, Snapshot, tables_digest

INTEGRATION = Integration("main", "analytics", "governed")
PROFILES = [Profile(user, frozenset({"analysts"}), {"territory": frozenset({"US"})}) for user in ("alice", "bob")]
WORLD = apply(
    World(INTEGRATION),
    *map(Put, PROFILES),
    Put(Subscription("alice", dotted("raw", "orders"))),
    Put(Project("team", frozenset({"alice"}), frozenset({dotted("raw", "customers")}))),
)


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
            replace(row, valid_tables=tables_digest(["t"]) if row.user == "bob" else row.valid_tables) for row in rows
        ),
    ],
    ids=["gone", "twice", "not intact", "altered"],
)
def test_a_profile_row_that_was_altered_disturbs_its_user(deployed: DeployedState, change):
    snapshot = replace(deployed.snapshot, profiles=change(deployed.snapshot.profiles))
    assert set(replace(deployed, snapshot=snapshot).disturbed) == {"bob"}


LENT, LONGER = datetime(2030, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)


def member(user: str, end: datetime | None, *, holds: bool = True) -> Profile:
    """Somebody who is in hr until then, or not at all."""
    return Profile(user, frozenset({"hr"} if holds else ()), {}, Expires({"hr": end} if end is not None else {}))


def test_rights_that_end_are_entries_that_end():
    profile = Profile(
        "alice",
        frozenset({"hr", "analysts"}),
        {"clearance": frozenset({"high", "low"})},
        Expires({"hr": LENT}, {"clearance": {"high": LONGER}}),
    )
    row, entries = rows_of(apply(WORLD, Put(profile)), "alice")
    ends = {each.value: each.expires_at for each in entries if each.kind in ("group", "attribute")}
    assert ends == {"hr": LENT, "analysts": None, "high": LONGER, "low": None}
    assert row.groups == {"hr", "analysts"}


@pytest.mark.parametrize(
    ("members", "rows"),
    [
        ([member("a", None), member("b", None)], {(2, None)}),
        ([member("a", LENT), member("b", LENT)], {(2, LENT)}),
        ([member("a", LENT), member("b", LONGER)], {(2, LENT), (1, LONGER)}),
        ([member("a", LENT), member("b", None)], {(2, LENT), (1, None)}),
        ([member("a", LENT), member("b", None, holds=False)], {(1, LENT)}),
        ([member("a", LENT), member("b", LONGER), member("c", None, holds=False)], {(1, LONGER)}),
    ],
)
def test_all_members_share_a_right_until_the_first_end_and_some_of_them_until_the_last(
    members: list[Profile], rows: set[tuple[int, datetime | None]]
):
    project = Project("shared", frozenset(each.user for each in members), equalized=True)
    world = apply(World(INTEGRATION), *map(Put, (*members, project)))
    found = [each for each in equalizing.entries_of(world, project) if each.kind == "group"]
    assert {(each.strength, each.expires_at) for each in found} == rows
    assert len(found) == len(rows)

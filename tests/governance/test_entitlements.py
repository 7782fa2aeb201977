"""What is drift of users, subscriptions, projects and impersonations, by the facts alone."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from veil.diff import admitted
from veil.governance.drift import drift_of
from veil.governance.metadata import equalizing, impersonating
from veil.governance.metadata.deployed import DeployedState, StoredObject
from veil.governance.metadata.people import rows_of_all
from veil.model import (
    Expires,
    Governed,
    Impersonation,
    Integration,
    Profile,
    Project,
    Purpose,
    Put,
    Subscription,
    key_of,
    kind_of,
)
from veil.model.change import apply
from veil.model.kinds import World
from veil.warehouse import (
    SCHEMA_VERSION,
    EntryRow,
    ImpersonationRow,
    Layout,
    ProfileRow,
    ProjectProfileRow,
    Snapshot,
    UnsealedRow,
    tables_digest,
)

ANN = Profile("ann", frozenset({"hr"}), {"level": frozenset({"2"})})
BOB = Profile("bob")
UNTIL = datetime(2030, 1, 1, tzinfo=UTC)
CLEO = Profile(
    "cleo",
    frozenset({"hr", "lent"}),
    {"level": frozenset({"1", "2"})},
    Expires({"lent": UNTIL}, {"level": {"2": UNTIL}}),
)
ANNS = Subscription("ann", "raw.customers", UNTIL)
FRAUD = Purpose("fraud", "I agree")
TEAM = Project(
    "team",
    members=frozenset({"ann", "bob"}),
    data_sources=frozenset({"raw.customers"}),
    purposes=frozenset({"fraud"}),
    masked_joins=True,
    equalized=True,
)
ACTS = Impersonation("ann", frozenset({"bob"}))
ALL = (ANN, BOB, CLEO, ANNS, FRAUD, TEAM, ACTS)
WORLD = apply(World(Integration("main", "analytics", "governed")), *map(Put, ALL))
NOW = datetime.now(UTC)
FOUND = admitted(WORLD, NOW)
LISTS = {user: tables_digest(keys) for keys, users in FOUND.lists() for user in users}
HELD = {
    user: (replace(row, valid_tables=LISTS[user], updated_at=NOW), entries)
    for user, (row, entries) in rows_of_all(WORLD, WORLD.profiles).items()
}
ANNS_ROW, ANNS_ENTRIES = HELD["ann"]
SHARED = ProjectProfileRow("team", projects=frozenset({"team"}))
"""What ann and bob both hold: he holds nothing."""
WELL = Snapshot(
    0,
    "",
    SCHEMA_VERSION,
    "0",
    "veil",
    profiles=tuple(row for row, _ in HELD.values()),
    entries=tuple(entry for _, entries in HELD.values() for entry in sorted(entries, key=str)),
    project_entries=tuple(equalizing.entries_of(WORLD, TEAM)),
    project_profiles=(SHARED,),
    impersonations=impersonating.rows_of(WORLD, Snapshot(0, "", SCHEMA_VERSION, "0", "veil")),
    impersonators=frozenset({"ann"}),
    salt_names=frozenset({TEAM.salt_key}),
)


def lines(thing: Governed, **facts: Any) -> frozenset[str]:
    """The drift of one object where all is well but these facts."""
    stored = {
        (kind_of(each), key_of(each)): StoredObject(kind_of(each), key_of(each), f"id {each}", each) for each in ALL
    }
    layout = Layout("immuta", "governed", owner="veil", impersonation_group="actors")
    one = DeployedState(layout, replace(WELL, **facts), stored, WORLD)
    return drift_of(one, stored[kind_of(thing), key_of(thing)], thing)


def without(*kinds: str) -> tuple[EntryRow, ...]:
    """All entries but ann's of these kinds."""
    return tuple(each for each in WELL.entries if each.user != "ann" or each.kind not in kinds)


def with_end(name: str, end: datetime | None) -> tuple[EntryRow, ...]:
    """All entries, that of cleo's right of this name with another end."""
    return tuple(
        each._replace(expires_at=end) if each.user == "cleo" and each.value == name else each for each in WELL.entries
    )


def profiles(row: ProfileRow | None) -> tuple[ProfileRow, ...]:
    """All rows of users, with this one in the place of ann's."""
    return tuple(each for each in WELL.profiles if each.user != "ann") + ((row,) if row is not None else ())


@pytest.mark.parametrize("thing", ALL, ids=lambda each: type(each).__name__)
def test_what_is_as_it_was_written_does_not_drift(thing: Governed):
    assert lines(thing) == frozenset()


@pytest.mark.parametrize(
    ("thing", "facts", "line"),
    [
        (ANN, {"profiles": profiles(None)}, "its profile row is missing"),
        (
            ANN,
            {"profiles": profiles(replace(ANNS_ROW, intact=False))},
            "its profile row was altered, or is there twice",
        ),
        (
            ANN,
            {"profiles": profiles(replace(ANNS_ROW, groups=frozenset({"hr", "boss"})))},
            "the groups or attributes of its profile row were altered",
        ),
        (
            ANN,
            {"profiles": profiles(replace(ANNS_ROW, valid_tables=tables_digest(["raw.secrets"])))},
            "the projects or tables of its profile row were altered",
        ),
        (ANN, {"entries": without("group")}, "the group 'hr' was removed"),
        (ANN, {"entries": (*WELL.entries, EntryRow("ann", "group", "", "boss"))}, "the group 'boss' was added"),
        (
            ANN,
            {"entries": (*WELL.entries, EntryRow("ann", "attribute", "level", "9"))},
            "the attribute 'level' = '9' was added",
        ),
        (
            ANN,
            {"entries": (*WELL.entries, EntryRow("ann", "group", "", "hr"))},
            "the group 'hr' was altered, or is there twice",
        ),
        (
            ANN,
            {"entries": (*without("group"), EntryRow("ann", "group", "", "hr", UNTIL))},
            "the group 'hr' was altered, or is there twice",
        ),
        (CLEO, {"entries": with_end("lent", None)}, "the group 'lent' was altered, or is there twice"),
        (
            CLEO,
            {"entries": with_end("lent", UNTIL.replace(year=2031))},
            "the group 'lent' was altered, or is there twice",
        ),
        (CLEO, {"entries": with_end("hr", UNTIL)}, "the group 'hr' was altered, or is there twice"),
        (CLEO, {"entries": with_end("2", None)}, "the attribute 'level' = '2' was altered, or is there twice"),
        (
            CLEO,
            {"entries": tuple(each for each in WELL.entries if each.value != "lent")},
            "the group 'lent' was removed",
        ),
        (
            ANN,
            {"entries": (*WELL.entries, EntryRow("ann", "subscription", "", "raw.secrets"))},
            "the subscription 'raw.secrets' was added",
        ),
        (
            ANNS,
            {"entries": without("subscription")},
            "its entry in the user's profile is missing or was altered",
        ),
        (
            ANNS,
            {"entries": (*without("subscription"), EntryRow("ann", "subscription", "", "raw.customers"))},
            "its entry in the user's profile is missing or was altered",
        ),
        (TEAM, {"entries": without("project_source")}, "entries of member ann are missing or were altered"),
        (TEAM, {"entries": without("acknowledgement")}, "entries of member ann are missing or were altered"),
        (TEAM, {"project_entries": WELL.project_entries[1:]}, "what its members share was altered"),
        (
            TEAM,
            {"project_entries": (*WELL.project_entries, WELL.project_entries[0])},
            "what its members share was altered",
        ),
        (TEAM, {"project_profiles": ()}, "what user_profile shows its members while they act in it was altered"),
        (
            TEAM,
            {"project_profiles": (replace(SHARED, groups=frozenset({"hr"})),)},
            "what user_profile shows its members while they act in it was altered",
        ),
        (
            TEAM,
            {"project_profiles": (replace(SHARED, valid_tables=tables_digest(["raw.customers"])),)},
            "what user_profile shows its members while they act in it was altered",
        ),
        (TEAM, {"salt_names": frozenset()}, "its salt was removed: hashed columns will not join as before"),
        (
            TEAM,
            {"salt_names": frozenset(), "unsealed": frozenset({UnsealedRow("salt", TEAM.salt_key, "")})},
            "its salt was altered: hashed columns will not join as before",
        ),
        (ACTS, {"impersonations": frozenset()}, "ann may no longer act as bob"),
        (ACTS, {"impersonators": frozenset({"carol"})}, "ann was taken out of the group actors"),
    ],
)
def test_each_alteration_is_one_line(thing: Governed, facts: dict[str, Any], line: str):
    assert lines(thing, **facts) == {line}


def test_what_the_account_cannot_read_of_a_group_is_no_drift():
    assert lines(ACTS, impersonators=None) == frozenset()


def test_a_row_that_lets_somebody_else_act_is_none_of_this_object_s():
    planted = frozenset({*WELL.impersonations, ImpersonationRow("mallory", "ann")})
    assert lines(ACTS, impersonations=planted) == frozenset()


def test_a_subscription_of_a_user_without_a_profile_has_no_entry_that_could_drift():
    nobody = Subscription("nobody", "raw.customers")
    world = apply(WORLD, Put(nobody))
    stored = StoredObject(kind_of(nobody), key_of(nobody), "1", nobody)
    one = DeployedState(Layout("immuta", "governed", owner="veil"), WELL, {(stored.kind, stored.key): stored}, world)
    assert drift_of(one, stored, nobody) == frozenset()

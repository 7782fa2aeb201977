"""What is written is what is read, to the letter."""

from datetime import UTC, datetime

import pytest

from tests.warehouse.conftest import run
from veil.warehouse import (
    SEAL,
    ClosedRow,
    EntryRow,
    Layout,
    ObjectRow,
    ProfileRow,
    PublishedRow,
    Session,
    add_closed,
    create_salts,
    delete_closed,
    delete_objects,
    delete_profiles,
    forget_published,
    read,
    record_published,
    upsert_objects,
    upsert_profiles,
)

HOSTILE = [
    "it's",
    'say "hi"',
    "back\\slash",
    "\\",
    "\\'",
    "'; DROP SCHEMA public CASCADE; --",
    "$$ $1 %s {system} :name",
    "tab\tand\nnewline\r\x01",
    "ü 漢字 😀 e\u0301 \u202e \u2028",
    " leading, trailing ",
    "null",
    "",
    '{"a": [1, "x\\u0041", null]}',
    "a" * 200_000,
    '"' * 50_000,
    "😀" * 20_000,
]


@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
def test_bodies_come_back_intact(admin: Session, installed: Layout, body: str) -> None:
    row = ObjectRow("masking_policy", "p", "0a1b", body)
    run(admin, upsert_objects(installed, [row]))
    assert read(admin, installed).objects == (row,)


def test_names_come_back_and_are_told_apart(admin: Session, installed: Layout) -> None:
    names = ["a", "A", "a ", "a|b", "it's", "back\\slash", 'raw."Odd.Name"', '["alice", "raw.t"]', "ü😀", "$$"]
    rows = [ObjectRow("k", name, f"db/{number}", "{}") for number, name in enumerate(names)]
    run(admin, upsert_objects(installed, rows))
    assert set(read(admin, installed).objects) == set(rows)


def test_putting_an_object_again_replaces_all_its_parts(admin: Session, installed: Layout) -> None:
    run(admin, upsert_objects(installed, [ObjectRow("k", "n", "1", "x" * 150_000), ObjectRow("k", "m", "2", "kept")]))
    run(admin, upsert_objects(installed, [ObjectRow("k", "n", "1", "short")]))
    assert set(read(admin, installed).objects) == {ObjectRow("k", "n", "1", "short"), ObjectRow("k", "m", "2", "kept")}


def test_an_object_is_deleted_only_with_its_own_id(admin: Session, installed: Layout) -> None:
    row = ObjectRow("k", "n", "mine", "{}")
    run(admin, upsert_objects(installed, [row]))
    run(admin, delete_objects(installed, [ObjectRow("k", "n", "other", "")]))
    assert read(admin, installed).objects == (row,)
    run(admin, delete_objects(installed, [row]))
    assert read(admin, installed).objects == ()


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE {t} SET body = '{{}} '",
        "UPDATE {t} SET name = 'other'",
        "UPDATE {t} SET kind = 'other'",
        "UPDATE {t} SET id = 'other'",
        "UPDATE {t} SET parts = 1, part = 0 WHERE part = 1",
        "DELETE FROM {t} WHERE part = 1",
        "DELETE FROM {t} WHERE part = 0",
        "INSERT INTO {t} SELECT * FROM {t} WHERE part = 0",
    ],
)
def test_a_row_that_somebody_altered_is_not_intact(admin: Session, installed: Layout, tampering: str) -> None:
    run(admin, upsert_objects(installed, [ObjectRow("k", "n", "i", "x" * 70_000)]))
    admin.execute(tampering.format(t=f'"{installed.system}".object'))
    assert not any(row.intact for row in read(admin, installed).objects)


def test_profiles_and_entries_come_back(admin: Session, installed: Layout) -> None:
    alice = ProfileRow(
        'al"i\\ce',
        groups=frozenset({"analysts", "it's", "ü"}),
        attributes={"territory": frozenset({"US", "C\\A"}), "none": frozenset()},
        projects=frozenset({"fraud"}),
    )
    entries = {
        EntryRow(alice.user, "group", "", "it's"),
        EntryRow(alice.user, "attribute", "territory", "C\\A"),
        EntryRow(alice.user, "subscription", "", 'raw."Odd.Name"', datetime(2030, 1, 2, 3, 4, 5, 6, tzinfo=UTC)),
    }
    run(admin, upsert_profiles(installed, [alice, ProfileRow("bob")], entries))
    snapshot = read(admin, installed)
    assert snapshot.profiles == (alice, ProfileRow("bob"))
    assert set(snapshot.entries) == entries
    assert len(snapshot.entries) == 3


def test_a_profile_put_again_replaces_its_entries_and_nobody_elses(admin: Session, installed: Layout) -> None:
    profiles = [ProfileRow("alice"), ProfileRow("bob")]
    run(admin, upsert_profiles(installed, profiles, [EntryRow(row.user, "group", "", "g") for row in profiles]))
    run(admin, upsert_profiles(installed, [ProfileRow("alice")], [EntryRow("alice", "group", "", "h")]))
    snapshot = read(admin, installed)
    assert set(snapshot.entries) == {EntryRow("alice", "group", "", "h"), EntryRow("bob", "group", "", "g")}
    run(admin, delete_profiles(installed, ["alice"]))
    snapshot = read(admin, installed)
    assert snapshot.entries == (EntryRow("bob", "group", "", "g"),)
    assert snapshot.profiles == (ProfileRow("bob"),)


def test_a_double_or_misshapen_profile_is_not_intact(admin: Session, installed: Layout) -> None:
    run(admin, upsert_profiles(installed, [ProfileRow("alice"), ProfileRow("bob")], []))
    table = f'"{installed.system}".profile'
    admin.execute(f"INSERT INTO {table} SELECT * FROM {table} WHERE immuta__userid = 'alice'")
    admin.execute(f"UPDATE {table} SET groups = JSON_PARSE('{{}}') WHERE immuta__userid = 'bob'")
    assert [row.intact for row in read(admin, installed).profiles] == [False, False]


def test_thousands_of_users_are_written_in_few_calls(admin: Session, installed: Layout) -> None:
    profiles = [ProfileRow(f"user{number}", frozenset({"analysts"})) for number in range(3000)]
    calls = upsert_profiles(installed, profiles, [EntryRow(row.user, "group", "", "analysts") for row in profiles])
    assert len(calls) < 15
    run(admin, calls)
    snapshot = read(admin, installed)
    assert len(snapshot.profiles) == len(snapshot.entries) == 3000


def test_published_views_come_back_and_are_forgotten(admin: Session, installed: Layout) -> None:
    row = PublishedRow('gov"erned', "customers", "a" * 64, "b" * 64, 3)
    run(admin, record_published(installed, {"raw.customers": row, "raw.t": row}))
    run(admin, record_published(installed, {"raw.t": row}))
    assert read(admin, installed).published == {"raw.customers": row, "raw.t": row}
    run(admin, forget_published(installed, ["raw.customers"]))
    assert read(admin, installed).published == {"raw.t": row}


def test_what_closes_data_sources_comes_back_and_is_taken_back_row_by_row(admin: Session, installed: Layout) -> None:
    first = ClosedRow("raw.customers", "masking_policy", "it's \\ 'm' 漢字", "a1")
    second, other = (
        ClosedRow('raw."Odd.Name"', "row_policy", "r", "a1"),
        ClosedRow("raw.customers", "row_policy", "r", "b2"),
    )
    run(admin, add_closed(installed, [first, second, other, other]))
    assert read(admin, installed).closed == {first, second, other}
    run(admin, delete_closed(installed, [other, ClosedRow("raw.customers", "", "", "c3")]))
    assert read(admin, installed).closed == {first, second}


def test_salts_are_made_once_and_are_not_their_seeds(admin: Session, installed: Layout) -> None:
    calls = create_salts(installed, ["raw.t", 'raw."Odd.Name"'])
    run(admin, calls)
    first = dict(admin.query(f'SELECT name, salt FROM "{installed.system}".salt'))
    assert first.keys() == {"raw.t", 'raw."Odd.Name"', SEAL}
    assert len(set(first.values())) == 3
    assert all(len(salt) == 64 and salt not in calls[0] for salt in first.values())
    run(admin, create_salts(installed, ["raw.t", "raw.new"]))
    second = dict(admin.query(f'SELECT name, salt FROM "{installed.system}".salt'))
    assert second.items() > first.items()
    assert read(admin, installed).salt_names == {"raw.t", "raw.new", 'raw."Odd.Name"'}


@pytest.mark.parametrize(("user", "value"), [("u" * 300, "g"), ("u", "g" * 1100)], ids=["user", "value"])
def test_a_value_too_long_for_its_column_is_an_error_and_never_cut(
    admin: Session, installed: Layout, user: str, value: str
) -> None:
    from veil.warehouse import WarehouseError

    with pytest.raises((WarehouseError, ValueError)):
        run(admin, upsert_profiles(installed, [ProfileRow(user)], [EntryRow(user, "group", "", value)]))
    assert read(admin, installed).entries == ()

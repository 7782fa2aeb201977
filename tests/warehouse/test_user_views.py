"""What user_profile and user_entry show to whom, and what users may choose."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from tests.warehouse.conftest import Login, run
from veil.warehouse import (
    EntryRow,
    Layout,
    ProfileRow,
    ProjectEntryRow,
    ProjectProfileRow,
    RuntimeRow,
    Session,
    WarehouseError,
    acknowledgement_hash,
    expected_views,
    put_project_entries,
    put_valid_tables,
    read,
    tables_digest,
    upsert_profiles,
)

NOW = datetime.now(UTC)


def let_users_look(admin: Session, layout: Layout) -> None:
    """Governed views read these two with their owner's rights; in these tests users look at them
    themselves.
    """
    for view in ("user_entry", "possible_entry"):
        admin.execute(f'GRANT SELECT ON "{layout.system}".{view} TO PUBLIC')


@pytest.fixture(autouse=True)
def readable(admin: Session, installed: Layout) -> None:
    let_users_look(admin, installed)


def profile(session: Session, layout: Layout) -> list[tuple[object, ...]]:
    return session.query(f'SELECT immuta__userid, current_project FROM "{layout.system}".user_profile')


def entries(session: Session, layout: Layout) -> set[tuple[object, ...]]:
    held = "kind NOT IN ('caller', 'current_project')"
    rows = session.query(f'SELECT kind, name, value FROM "{layout.system}".user_entry WHERE {held}')
    assert len(rows) == len(set(rows))
    check_possible(session, layout)
    return set(rows)


def check_possible(session: Session, layout: Layout) -> None:
    """That what the session could be told of whoever it may be has, for whom it is, just what holds
    for them.
    """
    columns = "kind, name, value, strength, whom, decided_at - decided_at"
    found = set(session.query(f'SELECT {columns} FROM "{layout.system}".user_entry'))
    whom = {row[4] for row in found}
    assert len(whom) <= 1
    possible = session.query(f'SELECT {columns} FROM "{layout.system}".possible_entry')
    assert {row for row in possible if row[4] in whom} == found
    assert len(set(possible)) == len(possible) or not found


def give(admin: Session, layout: Layout, user: str, *facts: tuple[str, str, str]) -> None:
    run(admin, upsert_profiles(layout, [ProfileRow(user)], [EntryRow(user, *fact) for fact in facts]))


def member(purposes: dict[str, str]) -> list[tuple[str, str, str]]:
    """The facts of a member of the project p, by purpose and text."""
    facts = [("project", "", "p"), ("project_source", "p", "raw.t"), ("project_source", "q", "raw.other")]
    facts += [("project_purpose", "p", purpose) for purpose in purposes]
    return facts + [("acknowledgement", purpose, acknowledgement_hash(text)) for purpose, text in purposes.items()]


def test_a_user_sees_their_own_row_and_entries_only(admin: Session, installed: Layout, login: Login) -> None:
    give(admin, installed, "alice", ("group", "", "analysts"), ("attribute", "territory", "US"))
    give(admin, installed, "bob", ("group", "", "hr"))
    assert profile(login("alice"), installed) == [("alice", None)]
    assert entries(login("alice"), installed) == {("group", "", "analysts"), ("attribute", "territory", "US")}
    assert entries(login("bob"), installed) == {("group", "", "hr")}


def test_a_user_without_a_profile_sees_nothing(admin: Session, installed: Layout, login: Login) -> None:
    give(admin, installed, "alice", ("group", "", "analysts"))
    assert profile(login("bob"), installed) == []
    assert entries(login("bob"), installed) == set()


def test_a_user_with_two_profile_rows_sees_nothing(admin: Session, installed: Layout, login: Login) -> None:
    give(admin, installed, "alice", ("group", "", "analysts"))
    table = f'"{installed.system}".profile'
    admin.execute(f"INSERT INTO {table} SELECT * FROM {table}")
    assert profile(login("alice"), installed) == []
    assert entries(login("alice"), installed) == set()


@pytest.mark.parametrize("other", ["Alice", "alice ", "ALICE", "alic_"])
def test_a_name_that_only_resembles_is_another_user(
    admin: Session, installed: Layout, login: Login, other: str
) -> None:
    give(admin, installed, "alice", ("group", "", "analysts"))
    assert profile(login(other), installed) == []
    assert entries(login(other), installed) == set()


def test_a_subscription_counts_until_it_expires(admin: Session, installed: Layout, login: Login) -> None:
    facts = [
        EntryRow("alice", "subscription", "", "raw.forever"),
        EntryRow("alice", "subscription", "", "raw.later", NOW + timedelta(hours=1)),
        EntryRow("alice", "subscription", "", "raw.gone", NOW - timedelta(minutes=1)),
    ]
    run(admin, upsert_profiles(installed, [ProfileRow("alice")], facts))
    assert entries(login("alice"), installed) == {
        ("subscription", "", "raw.forever"),
        ("subscription", "", "raw.later"),
    }


@pytest.mark.parametrize(
    "zone", ["America/New_York", "Asia/Tokyo", "<x>100", "UTC+8", "utc+167", "<UTC>+2", "Etc/UTC+8"]
)
def test_a_callers_time_zone_does_not_prolong_a_subscription(
    admin: Session, installed: Layout, login: Login, zone: str
) -> None:
    facts = [
        EntryRow("alice", "subscription", "", "raw.later", NOW + timedelta(hours=1)),
        EntryRow("alice", "subscription", "", "raw.gone", NOW - timedelta(minutes=1)),
    ]
    run(admin, upsert_profiles(installed, [ProfileRow("alice")], facts))
    alice = login("alice")
    alice.execute(f"SET TimeZone TO '{zone}'")
    assert entries(alice, installed) == {("subscription", "", "raw.later")}


@pytest.mark.parametrize(
    ("zone", "clock", "is_certain"),
    [
        ("America/New_York", "2026-11-01 01:30:00", False),
        ("America/New_York", "2026-11-01 03:30:00", True),
        ("America/New_York", "2026-10-31 23:30:00", True),
        ("America/New_York", "2026-03-08 03:30:00", True),
        ("Europe/Dublin", "2026-10-25 01:30:00", False),
        ("Australia/Lord_Howe", "2026-04-05 01:45:00", False),
        ("Australia/Lord_Howe", "2026-04-05 12:00:00", True),
        ("Asia/Tokyo", "2026-11-01 01:30:00", True),
        ("UTC", "2026-11-01 01:30:00", True),
    ],
)
def test_a_clock_that_may_mean_two_moments_shows_nothing(
    admin: Session, installed: Layout, login: Login, zone: str, clock: str, is_certain: bool
) -> None:
    give(admin, installed, "alice", ("group", "", "analysts"))
    text = expected_views(installed)[installed.system, "user_entry"]
    admin.execute(text.replace("pg_catalog.GETDATE()", f"TIMESTAMP '{clock}'"))
    alice = login("alice")
    alice.execute(f"SET TimeZone TO '{zone}'")
    assert entries(alice, installed) == ({("group", "", "analysts")} if is_certain else set())


def test_what_may_be_over_is_unknown_to_a_clock_that_may_mean_two_moments(
    admin: Session, installed: Layout, login: Login
) -> None:
    """Were it left out, who must not hold it would be taken for somebody who does not."""
    entries_of_alice = [
        EntryRow("alice", "subscription", "", "raw.gone", NOW - timedelta(days=3_000)),
        EntryRow("alice", "subscription", "", "raw.later", NOW + timedelta(days=3_000)),
        EntryRow("alice", "subscription", "", "raw.forever"),
    ]
    run(admin, upsert_profiles(installed, [ProfileRow("alice")], entries_of_alice))
    text = expected_views(installed)[installed.system, "possible_entry"]
    admin.execute(text.replace("pg_catalog.GETDATE()", "TIMESTAMP '2026-11-01 01:30:00'"))
    alice = login("alice")

    def found() -> set[tuple[object, ...]]:
        query = f"SELECT value, strength FROM \"{installed.system}\".possible_entry WHERE kind = 'subscription'"
        return set(alice.query(query))

    alice.execute("SET TimeZone TO 'America/New_York'")
    assert found() == {("raw.gone", 1), ("raw.later", 1), ("raw.forever", 2)}
    alice.execute("SET TimeZone TO 'UTC'")
    assert found() == {("raw.later", 2), ("raw.forever", 2)}


def test_a_project_counts_only_while_it_is_the_current_one(admin: Session, installed: Layout, login: Login) -> None:
    give(admin, installed, "alice", *member({}))
    alice = login("alice")
    assert entries(alice, installed) == set()
    alice.execute(f"CALL \"{installed.procedures}\".switch_project('p')")
    assert profile(alice, installed) == [("alice", "p")]
    assert entries(alice, installed) == {("project_source", "", "raw.t")}
    alice.execute(f'CALL "{installed.procedures}".switch_project(NULL)')
    assert profile(alice, installed) == [("alice", None)]
    assert entries(alice, installed) == set()


def test_a_purpose_counts_once_its_text_is_acknowledged(admin: Session, installed: Layout, login: Login) -> None:
    give(admin, installed, "alice", *member({"fraud": "I agree.", "audit": "It's \\ fine."}))
    alice, procedures = login("alice"), f'"{installed.procedures}"'
    alice.execute(f"CALL {procedures}.switch_project('p')")
    assert entries(alice, installed) == {("project_source", "", "raw.t")}
    alice.execute(f"CALL {procedures}.acknowledge_purpose('audit', 'It''s \\\\ fine.')")
    assert entries(alice, installed) == {("project_source", "", "raw.t"), ("purpose", "", "audit")}
    alice.execute(f"CALL {procedures}.acknowledge_purpose('fraud', 'I agree.')")
    assert entries(alice, installed) == {
        ("project_source", "", "raw.t"),
        ("purpose", "", "fraud"),
        ("purpose", "", "audit"),
    }
    alice.execute(f"CALL {procedures}.switch_project(NULL)")
    assert entries(alice, installed) == set()


def test_an_acknowledged_sub_purpose_brings_those_above_it_once(
    admin: Session, installed: Layout, login: Login
) -> None:
    facts = member({"fraud.cards": "I agree.", "fraud.loans": "I agree."})
    facts += [("covering_purpose", "fraud.cards", "fraud"), ("covering_purpose", "fraud.loans", "fraud")]
    give(admin, installed, "alice", *facts)
    alice, procedures = login("alice"), f'"{installed.procedures}"'
    alice.execute(f"CALL {procedures}.switch_project('p')")
    assert entries(alice, installed) == {("project_source", "", "raw.t")}
    alice.execute(f"CALL {procedures}.acknowledge_purpose('fraud.cards', 'I agree.')")
    alice.execute(f"CALL {procedures}.acknowledge_purpose('fraud.loans', 'I agree.')")
    found = {value for kind, _, value in entries(alice, installed) if kind == "purpose"}
    assert found == {"fraud", "fraud.cards", "fraud.loans"}


def test_the_salt_of_a_project_is_named_only_while_acting_in_it(
    admin: Session, installed: Layout, login: Login
) -> None:
    give(admin, installed, "alice", *member({}), ("project_salt", "p", "project:p"), ("project_salt", "q", "project:q"))
    alice = login("alice")
    assert entries(alice, installed) == set()
    alice.execute(f"CALL \"{installed.procedures}\".switch_project('p')")
    assert entries(alice, installed) == {("project_source", "", "raw.t"), ("project_salt", "", "project:p")}


def test_another_users_acknowledgement_counts_for_them_alone(admin: Session, installed: Layout, login: Login) -> None:
    for user in ("alice", "bob"):
        give(admin, installed, user, *member({"fraud": "I agree."}))
        login(user).execute(f"CALL \"{installed.procedures}\".switch_project('p')")
    login("bob").execute(f"CALL \"{installed.procedures}\".acknowledge_purpose('fraud', 'I agree.')")
    assert ("purpose", "", "fraud") not in entries(login("alice"), installed)
    assert ("purpose", "", "fraud") in entries(login("bob"), installed)


def test_purposes_no_longer_count_once_their_text_changes(admin: Session, installed: Layout, login: Login) -> None:
    give(admin, installed, "alice", *member({"fraud": "I agree."}))
    alice, procedures = login("alice"), f'"{installed.procedures}"'
    alice.execute(f"CALL {procedures}.switch_project('p')")
    alice.execute(f"CALL {procedures}.acknowledge_purpose('fraud', 'I agree.')")
    assert ("purpose", "", "fraud") in entries(alice, installed)
    give(admin, installed, "alice", *member({"fraud": "I agree to more."}))
    assert ("purpose", "", "fraud") not in entries(alice, installed)


def test_a_purpose_without_a_text_to_agree_to_never_counts(admin: Session, installed: Layout, login: Login) -> None:
    give(admin, installed, "alice", ("project", "", "p"), ("project_purpose", "p", "fraud"))
    login("alice").execute(f"CALL \"{installed.procedures}\".switch_project('p')")
    assert entries(login("alice"), installed) == set()


def test_other_words_are_refused_with_the_right_ones(admin: Session, installed: Layout, login: Login) -> None:
    from veil.warehouse import ObjectRow, upsert_objects

    body = '{"$":"Purpose","acknowledgement":"I agree.","name":"fraud"}'
    run(admin, upsert_objects(installed, [ObjectRow("purpose", "fraud", "1", body)]))
    cards = '{"$":"Purpose","acknowledgement":"","name":"fraud.cards"}'
    run(admin, upsert_objects(installed, [ObjectRow("purpose", "fraud.cards", "2", cards)]))
    give(admin, installed, "alice", *member({"fraud": "I agree.", "fraud.cards": "I agree."}))
    with pytest.raises(WarehouseError, match=r"the words to agree to are: I agree\."):
        login("alice").execute(f"CALL \"{installed.procedures}\".acknowledge_purpose('fraud.cards', 'No.')")
    for words in ("'I agree'", "''", "NULL"):
        with pytest.raises(WarehouseError, match=r"the words to agree to are: I agree\."):
            login("alice").execute(f"CALL \"{installed.procedures}\".acknowledge_purpose('fraud', {words})")


def test_a_name_with_a_blank_at_its_end_chooses_nothing_for_the_other(
    admin: Session, installed: Layout, login: Login
) -> None:
    give(admin, installed, "alice", *member({"fraud": "I agree."}))
    procedures = f'"{installed.procedures}"'
    with pytest.raises(WarehouseError, match="has no profile"):
        login("alice ").execute(f"CALL {procedures}.switch_project('p')")
    with pytest.raises(WarehouseError, match="not a member of a project with a purpose named fraud"):
        login("alice ").execute(f"CALL {procedures}.acknowledge_purpose('fraud', 'I agree.')")
    with pytest.raises(WarehouseError, match="not a member of a project named p "):
        login("alice").execute(f"CALL {procedures}.switch_project('p ')")
    with pytest.raises(WarehouseError, match="not a member of a project with a purpose named fraud "):
        login("alice").execute(f"CALL {procedures}.acknowledge_purpose('fraud ', 'I agree.')")
    assert read(admin, installed).runtimes == ()


def test_an_object_that_is_no_json_keeps_nobody_from_the_words(admin: Session, installed: Layout, login: Login) -> None:
    from veil.warehouse import ObjectRow, upsert_objects

    body = '{"$":"Purpose","acknowledgement":"I agree.","name":"fraud"}'
    run(admin, upsert_objects(installed, [ObjectRow("purpose", "fraud", "1", body)]))
    # A body in parts is no JSON in any of them, and Redshift promises no order in which conditions
    # are tested.
    admin.execute(
        f'INSERT INTO "{installed.system}".object (kind, name, part, parts, id, body, hash, updated_at) '
        """VALUES ('purpose', 'fraud', 0, 1, '2', '{"acknowl', '', GETDATE())"""
    )
    give(admin, installed, "alice", *member({"fraud": "I agree."}))
    with pytest.raises(WarehouseError, match=r"the words to agree to are: I agree\."):
        login("alice").execute(f"CALL \"{installed.procedures}\".acknowledge_purpose('fraud', 'No.')")


def test_users_choose_only_what_is_theirs(admin: Session, installed: Layout, login: Login) -> None:
    give(admin, installed, "alice", *member({"fraud": "I agree."}))
    give(admin, installed, "bob", ("group", "", "hr"))
    procedures = f'"{installed.procedures}"'
    with pytest.raises(WarehouseError, match="not a member of a project named p"):
        login("bob").execute(f"CALL {procedures}.switch_project('p')")
    with pytest.raises(WarehouseError, match="not a member of a project with a purpose named fraud"):
        login("bob").execute(f"CALL {procedures}.acknowledge_purpose('fraud', 'I agree.')")
    with pytest.raises(WarehouseError, match="has no profile"):
        login("carol").execute(f"CALL {procedures}.switch_project(NULL)")


SHARED = ProjectEntryRow("p", "group", "", "analysts", 2)
EQUALIZED = ProjectEntryRow("p", "equalized", "", "", 2)


def members(*users: str, strength: int = 2) -> list[ProjectEntryRow]:
    return [ProjectEntryRow("p", "member", "", user, strength) for user in users]


def equalize(admin: Session, layout: Layout, login: Login, *rows: ProjectEntryRow) -> Session:
    """Alice's session, in which she acts in the equalized project p; bob has a profile too."""
    give(admin, layout, "alice", *member({}), ("project_salt", "p", "project:p"), ("group", "", "hr"))
    give(admin, layout, "bob", *member({}))
    run(admin, put_project_entries(layout, ["p"], [SHARED, EQUALIZED, *rows]))
    alice = login("alice")
    alice.execute(f"CALL \"{layout.procedures}\".switch_project('p')")
    return alice


def test_members_of_an_equalized_project_see_its_data_sources(admin: Session, installed: Layout, login: Login) -> None:
    alice = equalize(admin, installed, login, *members("alice", "bob"))
    shared = {("group", "", "analysts"), ("project_source", "", "raw.t"), ("project_salt", "", "project:p")}
    assert entries(alice, installed) == shared


@pytest.mark.parametrize(
    ("rows", "statements"),
    [
        (members("alice", "bob") + members("carol", strength=1), []),
        (members("alice", "bob", "carol"), []),
        (members("alice", "bob"), ["DELETE FROM {}.profile WHERE immuta__userid = 'bob'"]),
        (members("alice", "bob"), ["INSERT INTO {0}.profile SELECT * FROM {0}.profile WHERE immuta__userid = 'bob'"]),
        (members("alice", "bob"), ["INSERT INTO {0}.project_entry SELECT * FROM {0}.project_entry"]),
        (members("alice", "bob"), ["DELETE FROM {}.project_entry WHERE value = 'alice'"]),
        (members("bob"), []),
        ([], []),
    ],
    ids=[
        "a member has no profile",
        "the profile that a member should have is not there",
        "a profile is deleted by hand",
        "a member sees nothing for having two profiles",
        "every row is there twice",
        "the caller is taken out by hand",
        "the caller is not among those whose sight is equal",
        "nobody is",
    ],
)
def test_an_equalized_project_shows_nobody_what_one_of_its_members_cannot_see(
    admin: Session, installed: Layout, login: Login, rows: list[ProjectEntryRow], statements: list[str]
) -> None:
    alice = equalize(admin, installed, login, *rows)
    for statement in statements:
        admin.execute(statement.format(f'"{installed.system}"'))
    assert {kind for kind, _, _ in entries(alice, installed)} <= {"group"}
    alice.execute(f'CALL "{installed.procedures}".switch_project(NULL)')
    assert ("group", "", "hr") in entries(alice, installed)


ALICE = ProfileRow(
    "alice",
    frozenset({"analysts", 'the "hr" \\ team'}),
    {"territory": frozenset({"US", "CA"})},
    frozenset({"p", "q"}),
)
BOTH = ProjectProfileRow(
    "p", frozenset({"analysts"}), {"territory": frozenset({"CA"})}, frozenset({"p"}), tables_digest(["raw.t"])
)
SHARED_TABLES = ["raw.t"]


def held(session: Session, layout: Layout) -> list[tuple[object, ...]]:
    """What user_profile shows of the caller: a text and four documents."""
    rows = session.query(
        f'SELECT immuta__userid, groups, attributes, projects, valid_tables FROM "{layout.system}".user_profile'
    )
    return [(row[0], *(None if each is None else json.loads(each) for each in row[1:])) for row in rows]


def documents(row: ProfileRow | ProjectProfileRow, *tables: str) -> tuple[object, ...]:
    """The same of a row that was written, and of the list of tables."""
    attributes = {name: sorted(values) for name, values in row.attributes.items()}
    return sorted(row.groups), attributes, sorted(row.projects), sorted(tables)


def in_project(user: str) -> Iterable[EntryRow]:
    return (EntryRow(user, *fact) for fact in member({}))


def test_user_profile_shows_everybody_their_own_row_of_profile(admin: Session, installed: Layout, login: Login) -> None:
    bob = ProfileRow("bob", frozenset({"secret"}))
    run(admin, upsert_profiles(installed, [ALICE, bob], []))
    run(admin, put_valid_tables(installed, [(["raw.t"], ["alice"])], NOW))
    assert held(login("alice"), installed) == [("alice", *documents(ALICE, "raw.t"))]
    assert held(login("bob"), installed) == [("bob", *documents(bob))]
    assert held(login("carol"), installed) == []
    assert [bool(row[0]) for row in login("alice").query(f'SELECT updated_at FROM "{installed.system}".user_profile')]


def test_user_profile_shows_in_an_equalized_project_what_all_members_hold(
    admin: Session, installed: Layout, login: Login
) -> None:
    run(admin, upsert_profiles(installed, [ALICE, ProfileRow("bob")], [*in_project("alice"), *in_project("bob")]))
    run(admin, put_project_entries(installed, ["p"], [EQUALIZED, *members("alice", "bob")], [(BOTH, SHARED_TABLES)]))
    alice, bob, procedures = login("alice"), login("bob"), f'"{installed.procedures}"'
    for user in (alice, bob):
        user.execute(f"CALL {procedures}.switch_project('p')")
    assert held(alice, installed) == [("alice", *documents(BOTH, *SHARED_TABLES))]
    assert held(bob, installed) == [("bob", *documents(BOTH, *SHARED_TABLES))]
    run(admin, put_project_entries(installed, ["p"], [EQUALIZED, *members("alice", "bob")]))
    assert held(alice, installed) == [("alice", None, None, None, None)], "nobody wrote what they share"
    run(admin, upsert_profiles(installed, [ALICE], []))
    run(admin, put_project_entries(installed, ["p"], [EQUALIZED, *members("bob")], [(BOTH, SHARED_TABLES)]))
    assert held(alice, installed) == [("alice", None, None, None, None)], "who left it shares nothing with them"
    alice.execute(f"CALL {procedures}.switch_project(NULL)")
    assert held(alice, installed) == [("alice", *documents(ALICE))]


def test_lists_of_tables_are_read_by_their_digests_as_of_when_they_were_written(
    admin: Session, installed: Layout
) -> None:
    users = [f"user{number}" for number in range(9_000)]
    run(admin, upsert_profiles(installed, [ProfileRow(user) for user in users], []))
    odd = ['raw."odd, \\\\ ""name"""', "raw.t", "raw.é", "raw.[{", '", "']
    long = [f"raw.table{number}" for number in range(5_000)]
    run(admin, put_valid_tables(installed, [(odd, users[:8_000]), (long, users[8_000:8_001])], NOW))
    found = {row.user: row for row in read(admin, installed).profiles}
    assert {found[user].valid_tables for user in users[:8_000]} == {tables_digest(odd)}
    assert found["user0"].updated_at == NOW
    assert found["user8000"].valid_tables == tables_digest(long) == "", "what is too long is left out"
    assert {found[user].valid_tables for user in users[8_001:]} == {tables_digest([])}
    with pytest.raises(ValueError, match="given twice"):
        put_valid_tables(installed, [(odd, ["a"]), ([], ["a"])], NOW)


def test_a_list_that_somebody_made_too_long_to_be_read_is_told_from_ours(admin: Session, installed: Layout) -> None:
    run(admin, upsert_profiles(installed, [ProfileRow("alice")], []))
    admin.execute(
        f"UPDATE \"{installed.system}\".profile SET valid_tables = JSON_PARSE('[\"' || REPEAT('x', 60000) || '\"]')"
    )
    admin.execute(f'UPDATE "{installed.system}".profile SET valid_tables = ARRAY_CONCAT(valid_tables, valid_tables)')
    assert [row.valid_tables for row in read(admin, installed).profiles] == ["?"]


def test_what_members_share_goes_with_their_entries(admin: Session, installed: Layout) -> None:
    run(admin, put_project_entries(installed, ["p"], [EQUALIZED], [(BOTH, SHARED_TABLES)]))
    assert read(admin, installed).project_profiles == (BOTH,)
    run(admin, put_project_entries(installed, ["p"], []))
    assert read(admin, installed).project_profiles == ()
    with pytest.raises(ValueError, match="other projects"):
        put_project_entries(installed, ["q"], [], [(BOTH, SHARED_TABLES)])


@pytest.mark.parametrize("column", ["groups", "attributes", "projects", "valid_tables"])
def test_a_predicate_of_the_caller_never_meets_what_another_user_holds(
    admin: Session, installed: Layout, login: Login, column: str
) -> None:
    secret = ProfileRow("bob", frozenset({"secret"}), {"s": frozenset({"secret"})}, frozenset({"secret"}))
    run(admin, upsert_profiles(installed, [ProfileRow("alice"), secret], []))
    run(admin, put_valid_tables(installed, [(["raw.secret"], ["bob"])], NOW))
    failing = f"1 / (CASE WHEN STRPOS(JSON_SERIALIZE({column}), 'secret') > 0 THEN 0 ELSE 1 END) = 1"
    assert login("alice").query(f'SELECT 1 FROM "{installed.system}".user_profile WHERE {failing}') == [(1,)]


def test_who_left_a_project_sees_none_of_it(admin: Session, installed: Layout, login: Login) -> None:
    give(admin, installed, "alice", *member({"fraud": "I agree."}))
    alice, procedures = login("alice"), f'"{installed.procedures}"'
    alice.execute(f"CALL {procedures}.switch_project('p')")
    alice.execute(f"CALL {procedures}.acknowledge_purpose('fraud', 'I agree.')")
    give(admin, installed, "alice", ("group", "", "analysts"))
    assert profile(alice, installed) == [("alice", "p")]
    assert entries(alice, installed) == {("group", "", "analysts")}


def test_what_users_chose_is_read_back(admin: Session, installed: Layout, login: Login) -> None:
    give(admin, installed, "alice", *member({"fraud": "I agree."}))
    login("alice").execute(f"CALL \"{installed.procedures}\".switch_project('p')")
    login("alice").execute(f"CALL \"{installed.procedures}\".acknowledge_purpose('fraud', 'I agree.')")
    assert read(admin, installed).runtimes == (RuntimeRow("alice", "p", {"fraud": acknowledgement_hash("I agree.")}),)


def test_an_idle_analyst_keeps_no_writer_waiting(admin: Session, installed: Layout, login: Login) -> None:
    give(admin, installed, "alice", *member({}))
    alice = login("alice")
    with alice.transaction():
        assert profile(alice, installed) == [("alice", None)]
        alice.execute(f"CALL \"{installed.procedures}\".switch_project('p')")
        give(admin, installed, "alice", *member({}), ("group", "", "new"))
    assert ("group", "", "new") in entries(alice, installed)


@pytest.mark.parametrize(
    "where", ["immuta__userid <> 'alice'", "1 / (CASE WHEN immuta__userid = 'bob' THEN 0 ELSE 1 END) = 1"]
)
def test_a_predicate_of_the_caller_never_meets_another_users_row(
    admin: Session, installed: Layout, login: Login, where: str
) -> None:
    give(admin, installed, "alice", ("group", "", "analysts"))
    give(admin, installed, "bob", ("group", "", "secret"))
    alice = login("alice")
    assert len(alice.query(f'SELECT 1 FROM "{installed.system}".user_profile WHERE {where}')) <= 1
    assert alice.query(
        f"SELECT value FROM \"{installed.system}\".user_entry WHERE kind = 'group' AND 1 / (CASE WHEN value = 'secret' THEN 0 ELSE 1 END) = 1"
    ) == [("analysts",)]


def test_a_look_alike_in_the_callers_search_path_changes_nothing(
    admin: Session, installed: Layout, login: Login
) -> None:
    give(admin, installed, "alice", ("group", "", "analysts"))
    give(admin, installed, "bob", ("group", "", "hr"))
    bob = login("bob")
    admin.execute("CREATE SCHEMA bobs")
    admin.execute("GRANT ALL ON SCHEMA bobs TO bob")
    try:
        bob.execute("CREATE FUNCTION bobs.count(VARCHAR) RETURNS BIGINT STABLE AS $$ SELECT 1::BIGINT $$ LANGUAGE sql")
        bob.execute("CREATE FUNCTION bobs.max(VARCHAR) RETURNS VARCHAR STABLE AS $$ SELECT 'alice' $$ LANGUAGE sql")
        bob.execute("SET search_path TO bobs, pg_catalog")
        assert profile(bob, installed) == [("bob", None)]
        assert entries(bob, installed) == {("group", "", "hr")}
    finally:
        bob.execute("RESET search_path")
        admin.execute("DROP SCHEMA bobs CASCADE")

"""Acting as another user: only with a live grant, in the group, and never as both."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.warehouse.conftest import Login, run
from tests.warehouse.removal import clearing
from tests.warehouse.test_user_views import (
    ALICE,
    check_possible,
    documents,
    entries,
    give,
    held,
    let_users_look,
    member,
    profile,
)
from veil.warehouse import (
    ImpersonationRow,
    Layout,
    Session,
    WarehouseError,
    expected_views,
    find_layouts,
    grant_impersonation,
    install_statements,
    read,
    read_group_members,
    revoke_impersonation,
    upsert_profiles,
)

GROUP = 'Immuta "Impersonators" it\'s'


@pytest.fixture
def impersonating(admin: Session, layout: Layout, login: Login) -> Iterator[Layout]:
    """An integration with impersonation: support is in the group and may act as alice; bob has
    secrets.
    """
    layout = replace(layout, impersonation_group=GROUP.lower())
    login("support")
    quoted = '"' + GROUP.lower().replace('"', '""') + '"'
    admin.execute(f"CREATE GROUP {quoted}")
    admin.execute(f"ALTER GROUP {quoted} ADD USER support")
    run(admin, install_statements(layout))
    let_users_look(admin, layout)
    give(admin, layout, "alice", ("group", "", "analysts"))
    give(admin, layout, "bob", ("group", "", "secret"))
    give(admin, layout, "support", ("group", "", "support"))
    run(admin, grant_impersonation(layout, [ImpersonationRow("support", "alice")]))
    yield layout
    run(admin, clearing(layout))
    admin.execute(f"ALTER GROUP {quoted} DROP USER support")
    admin.execute(f"DROP GROUP {quoted}")


def ask(session: Session, user: str) -> None:
    """The session's request, made directly: nothing keeps a user from this."""
    session.execute(f"SET app.immuta_impersonate TO '{user}'")


def test_a_granted_user_sees_what_the_other_sees_and_not_their_own(impersonating: Layout, login: Login) -> None:
    support = login("support")
    assert entries(support, impersonating) == {("group", "", "support")}
    support.execute(f"CALL \"{impersonating.procedures}\".impersonate_user('alice')")
    assert profile(support, impersonating) == [("alice", None)]
    assert entries(support, impersonating) == {("group", "", "analysts")}
    support.execute(f'CALL "{impersonating.procedures}".impersonate_user(NULL)')
    assert profile(support, impersonating) == [("support", None)]


def test_what_holds_for_those_whom_somebody_may_be_is_the_same_whoever_they_are(
    admin: Session, impersonating: Layout, login: Login
) -> None:
    """Views ask there what somebody does not hold: it must not change while a query runs."""
    run(admin, grant_impersonation(impersonating, [ImpersonationRow("support", "carol")]))
    give(admin, impersonating, "carol", ("attribute", "barred", "east"))
    support = login("support")
    query = f'SELECT kind, name, value, strength, whom FROM "{impersonating.system}".possible_entry'
    found = set(support.query(query))
    assert {row[2] for row in found if row[0] != "caller"} == {"support", "analysts", "east"}
    for target in ("alice", "carol", "bob", "nobody", ""):
        ask(support, target)
        assert set(support.query(query)) == found
        check_possible(support, impersonating)
    assert {row[2] for row in login("bob").query(query) if row[0] != "caller"} == {"secret"}


@pytest.mark.parametrize("target", ["bob", "nobody", "ALICE", "alice ", "support", "%"])
def test_a_request_that_is_not_granted_shows_nothing(impersonating: Layout, login: Login, target: str) -> None:
    ask(login("support"), target)
    assert profile(login("support"), impersonating) == []
    assert entries(login("support"), impersonating) == set()


def test_without_the_group_a_grant_is_worth_nothing(admin: Session, impersonating: Layout, login: Login) -> None:
    mallory = login("mallory")
    run(admin, grant_impersonation(impersonating, [ImpersonationRow("mallory", "alice")]))
    ask(mallory, "alice")
    assert profile(mallory, impersonating) == []
    with pytest.raises(WarehouseError) as error:
        mallory.execute(f"CALL \"{impersonating.procedures}\".impersonate_user('alice')")
    assert error.value.sqlstate == "42501"


def test_once_the_group_is_dropped_nobody_acts_as_another_and_nobody_else_notices(
    admin: Session, impersonating: Layout, login: Login
) -> None:
    support, alice = login("support"), login("alice")
    ask(support, "alice")
    assert profile(support, impersonating) == [("alice", None)]
    quoted = '"' + GROUP.lower().replace('"', '""') + '"'
    admin.execute(f"ALTER GROUP {quoted} DROP USER support")
    admin.execute(f'REVOKE ALL ON ALL PROCEDURES IN SCHEMA "{impersonating.procedures}" FROM GROUP {quoted}')
    admin.execute(f"DROP GROUP {quoted}")
    try:
        with pytest.raises(WarehouseError, match="does not exist"):
            profile(support, impersonating)
        ask(support, "")
        assert profile(support, impersonating) == [("support", None)]
        assert entries(alice, impersonating) == {("group", "", "analysts")}
    finally:
        admin.execute(f"CREATE GROUP {quoted}")
        admin.execute(f"ALTER GROUP {quoted} ADD USER support")


def test_user_profile_shows_the_row_of_the_impersonated_user(
    admin: Session, impersonating: Layout, login: Login
) -> None:
    run(admin, upsert_profiles(impersonating, [ALICE], []))
    support = login("support")
    ask(support, "alice")
    assert held(support, impersonating) == [("alice", *documents(ALICE))]
    ask(support, "bob")
    assert held(support, impersonating) == []


def test_a_revoked_grant_ends_at_once(admin: Session, impersonating: Layout, login: Login) -> None:
    ask(login("support"), "alice")
    assert profile(login("support"), impersonating) == [("alice", None)]
    run(admin, revoke_impersonation(impersonating, [ImpersonationRow("support", "alice")]))
    assert profile(login("support"), impersonating) == []


def test_there_are_no_chains(admin: Session, impersonating: Layout, login: Login) -> None:
    run(admin, grant_impersonation(impersonating, [ImpersonationRow("alice", "bob")]))
    ask(login("support"), "bob")
    assert profile(login("support"), impersonating) == []


def test_a_user_who_may_act_as_nobody_is_told(impersonating: Layout, login: Login) -> None:
    with pytest.raises(WarehouseError, match="support may not impersonate bob"):
        login("support").execute(f"CALL \"{impersonating.procedures}\".impersonate_user('bob')")


def test_nothing_is_chosen_or_agreed_to_while_impersonating(
    admin: Session, impersonating: Layout, login: Login
) -> None:
    give(admin, impersonating, "support", *member({"fraud": "I agree."}))
    support, procedures = login("support"), f'"{impersonating.procedures}"'
    ask(support, "alice")
    for call in ("switch_project('p')", "acknowledge_purpose('fraud', 'I agree.')"):
        with pytest.raises(WarehouseError, match="not while impersonating"):
            support.execute(f"CALL {procedures}.{call}")


def test_without_impersonation_the_request_means_nothing(admin: Session, installed: Layout, login: Login) -> None:
    give(admin, installed, "alice", ("group", "", "analysts"))
    give(admin, installed, "support", ("group", "", "support"))
    run(admin, grant_impersonation(installed, [ImpersonationRow("support", "alice")]))
    ask(login("support"), "alice")
    assert profile(login("support"), installed) == [("support", None)]


def test_grants_are_read_back_and_the_layout_remembers_the_group(admin: Session, impersonating: Layout) -> None:
    run(admin, grant_impersonation(impersonating, [ImpersonationRow("support", "alice")] * 2))
    snapshot = read(admin, impersonating)
    assert snapshot.impersonations == {ImpersonationRow("support", "alice")}
    assert admin.settings.username in snapshot.superusers
    assert impersonating in find_layouts(admin)
    assert {place: state.text for place, state in snapshot.views.items()} == expected_views(impersonating)


def test_members_of_a_group_are_known_and_a_missing_group_too(admin: Session, impersonating: Layout) -> None:
    assert read_group_members(admin, GROUP.lower()) == {"support"}
    assert read_group_members(admin, "no such group") is None

"""Asking for access, approving, withdrawing: by whom, for what, and what it is worth."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.warehouse.conftest import Login, run
from tests.warehouse.test_user_views import entries, give, let_users_look
from veil.warehouse import (
    AccessRequestRow,
    ApproverRow,
    EntryRow,
    Layout,
    ProfileRow,
    RequestEndRow,
    Session,
    Settings,
    UnsealedRow,
    WarehouseError,
    connect,
    end_requests,
    install_pieces,
    put_approvers,
    read,
    upsert_profiles,
)

SOURCE, VIEW = "raw.customers", "governed.customers"
ADMITTED = ("subscription", "", SOURCE)
NINETY_DAYS = 90 * 86_400


@pytest.fixture
def asking(admin: Session, installed: Layout, login: Login) -> Layout:
    """alice may ask, sam is a steward, sue may approve by name, eve is neither; all of them have
    profiles.
    """
    let_users_look(admin, installed)
    for user in ("alice", "eve", "sue"):
        give(admin, installed, user)
    give(admin, installed, "sam", ("group", "", "stewards"))
    approvers(admin, installed, *by_policy("by stewards", groups=("stewards",), users=("sue",)))
    return installed


def let_some_act_as_others(admin: Session, layout: Layout) -> None:
    """Make the procedures of an integration with an impersonation group: without one nobody acts as
    somebody else.
    """
    pieces = install_pieces(replace(layout, impersonation_group="actors"))
    run(admin, [each for (kind, _), made in pieces.items() if kind == "procedure" for each in made])


def by_policy(
    policy: str, groups: tuple[str, ...] = (), users: tuple[str, ...] = (), seconds: int | None = NINETY_DAYS,
    access: str = "approval",
) -> Iterator[ApproverRow]:  # fmt: skip
    yield ApproverRow(SOURCE, VIEW, policy, "policy", access, seconds)
    yield from (ApproverRow(SOURCE, VIEW, policy, "group", each) for each in groups)
    yield from (ApproverRow(SOURCE, VIEW, policy, "user", each) for each in users)


def approvers(admin: Session, layout: Layout, *rows: ApproverRow) -> None:
    run(admin, put_approvers(layout, {SOURCE}, rows))


def request(session: Session, layout: Layout, reason: str = "Churn report", wanted: str = VIEW) -> None:
    session.execute(f"CALL \"{layout.procedures}\".request_access('{wanted}', '{reason}')")


def approve(session: Session, layout: Layout, user: str = "alice", wanted: str = VIEW) -> None:
    session.execute(f"CALL \"{layout.procedures}\".approve_request('{wanted}', '{user}')")


def withdraw(session: Session, layout: Layout, wanted: str = VIEW) -> None:
    session.execute(f"CALL \"{layout.procedures}\".withdraw_request('{wanted}')")


def asked(admin: Session, layout: Layout) -> list[tuple[str, str, str]]:
    return [(each.user, each.source, each.reason) for each in read(admin, layout).requests]


def test_a_request_is_kept_with_its_reason_and_admits_nobody(admin: Session, asking: Layout, login: Login) -> None:
    request(login("alice"), asking, "Churn \\\\ report: it''s due")
    assert asked(admin, asking) == [("alice", SOURCE, "Churn \\ report: it's due")]
    assert entries(login("alice"), asking) == set()
    assert read(admin, asking).unsealed == frozenset()


def test_a_data_source_is_asked_for_by_its_view_or_its_table(admin: Session, asking: Layout, login: Login) -> None:
    request(login("alice"), asking, wanted=SOURCE)
    withdraw(login("alice"), asking, wanted=VIEW)
    assert asked(admin, asking) == []


def test_nothing_else_is_asked_for(asking: Layout, login: Login) -> None:
    for wanted in ("governed.nothing", "", "governed.customers ", "GOVERNED.CUSTOMERS", "governed.%"):
        with pytest.raises(WarehouseError, match="there is nothing named"):
            request(login("alice"), asking, wanted=wanted)


def test_what_individuals_are_named_for_is_not_asked_for(admin: Session, asking: Layout, login: Login) -> None:
    approvers(admin, asking, *by_policy("named", access="individual"))
    with pytest.raises(WarehouseError, match="there is nothing named"):
        request(login("alice"), asking)


def test_a_reason_is_short_and_without_control_characters(asking: Layout, login: Login) -> None:
    for reason in ("", "   ", "x" * 1001, "é" * 501, "a\nb", "a\tb", "a\x1b[31mred", "a\x7fb"):
        with pytest.raises(WarehouseError, match="a request needs a reason"):
            request(login("alice"), asking, reason)
    with pytest.raises(WarehouseError, match="a request needs a reason"):
        login("alice").execute(f"CALL \"{asking.procedures}\".request_access('{VIEW}', NULL)")


def test_a_reason_may_be_a_thousand_bytes(admin: Session, asking: Layout, login: Login) -> None:
    request(login("alice"), asking, "é" * 500)
    assert asked(admin, asking) == [("alice", SOURCE, "é" * 500)]


def test_one_request_is_open_for_each_user_and_source(asking: Layout, login: Login) -> None:
    request(login("alice"), asking)
    with pytest.raises(WarehouseError, match=r"alice has asked for raw.customers already"):
        request(login("alice"), asking, "Again")
    request(login("eve"), asking)


def test_two_sessions_of_a_user_leave_one_request(
    admin: Session, settings: Settings, asking: Layout, login: Login
) -> None:
    first = login("alice")
    # The last of them has as long as the one that waits in vain.
    with connect(replace(settings, username="alice", password="Abcdefg1", statement_timeout=3)) as second:
        with first.transaction():
            request(first, asking)
            with pytest.raises(WarehouseError):
                request(second, asking, "Also me")
        with pytest.raises(WarehouseError, match="already"):
            request(second, asking, "Also me")
    assert asked(admin, asking) == [("alice", SOURCE, "Churn report")]


def test_an_analyst_who_idles_after_asking_holds_up_no_writer(admin: Session, asking: Layout, login: Login) -> None:
    with login("alice").transaction():
        request(login("alice"), asking)
        approvers(admin, asking, *by_policy("by stewards", groups=("stewards",)))
        give(admin, asking, "alice", ("group", "", "analysts"))
        run(admin, end_requests(asking, [RequestEndRow("alice", SOURCE, False)]))


def test_who_has_no_profile_may_not_ask(asking: Layout, login: Login) -> None:
    with pytest.raises(WarehouseError, match="nobody has no profile"):
        request(login("nobody"), asking)


def test_who_is_subscribed_may_not_ask_until_that_has_expired(admin: Session, asking: Layout, login: Login) -> None:
    now = datetime.now(UTC)
    for ends in (None, now + timedelta(hours=1)):
        entry = EntryRow("alice", "subscription", "", SOURCE, ends)
        run(admin, upsert_profiles(asking, [ProfileRow("alice")], [entry]))
        with pytest.raises(WarehouseError, match=r"alice has access to raw.customers already"):
            request(login("alice"), asking)
    entry = EntryRow("alice", "subscription", "", SOURCE, now - timedelta(hours=1))
    run(admin, upsert_profiles(asking, [ProfileRow("alice")], [entry]))
    request(login("alice"), asking)


def test_nobody_asks_withdraws_or_approves_while_impersonating(admin: Session, asking: Layout, login: Login) -> None:
    let_some_act_as_others(admin, asking)
    request(login("alice"), asking)
    login("sam").execute("SET app.immuta_impersonate TO 'eve'")
    for call in (request, withdraw, approve):
        with pytest.raises(WarehouseError, match="not while impersonating"):
            call(login("sam"), asking)


def test_an_approver_by_name_admits(asking: Layout, login: Login) -> None:
    request(login("alice"), asking)
    approve(login("sue"), asking)
    assert entries(login("alice"), asking) == {ADMITTED}


def test_an_approver_by_group_admits_as_a_subscription_does(admin: Session, asking: Layout, login: Login) -> None:
    request(login("alice"), asking)
    approve(login("sam"), asking)
    assert entries(login("alice"), asking) == {ADMITTED}
    assert entries(login("eve"), asking) == set()
    (found,) = read(admin, asking).approvals
    assert (found.user, found.source, found.approver) == ("alice", SOURCE, "sam")
    assert found.approved_at is not None and found.expires_at == found.approved_at + timedelta(days=90)
    assert abs(found.approved_at - datetime.now(UTC)) < timedelta(minutes=5)
    assert asked(admin, asking) == []
    assert read(admin, asking).unsealed == frozenset()
    with pytest.raises(WarehouseError, match=r"alice has access to raw.customers already"):
        request(login("alice"), asking)


def test_an_approval_without_a_longest_has_no_end(admin: Session, asking: Layout, login: Login) -> None:
    approvers(admin, asking, *by_policy("by stewards", groups=("stewards",), seconds=None))
    request(login("alice"), asking)
    approve(login("sam"), asking)
    assert entries(login("alice"), asking) == {ADMITTED}
    assert [each.expires_at for each in read(admin, asking).approvals] == [None]


def test_an_approval_ends_when_it_expires(admin: Session, asking: Layout, login: Login) -> None:
    approvers(admin, asking, *by_policy("by stewards", groups=("stewards",), seconds=1))
    request(login("alice"), asking)
    approve(login("sam"), asking)
    ended = read(admin, asking).approvals[0].expires_at
    assert ended is not None
    while datetime.now(UTC) < ended + timedelta(seconds=1):
        admin.query("SELECT 1")
    assert entries(login("alice"), asking) == set()
    request(login("alice"), asking, "Once more")


def test_an_approver_cannot_move_the_end_by_a_time_zone(admin: Session, asking: Layout, login: Login) -> None:
    request(login("alice"), asking)
    login("sam").execute("SET timezone TO 'Pacific/Kiritimati'")
    approve(login("sam"), asking)
    (found,) = read(admin, asking).approvals
    assert found.approved_at is not None and abs(found.approved_at - datetime.now(UTC)) < timedelta(minutes=5)


def test_nobody_approves_their_own_request(asking: Layout, login: Login) -> None:
    request(login("sam"), asking)
    for name in ("sam", "sam "):
        with pytest.raises(WarehouseError, match=r"nobody approves their own request|has no open request"):
            approve(login("sam"), asking, name)


def test_who_is_no_approver_approves_nothing(admin: Session, asking: Layout, login: Login) -> None:
    request(login("alice"), asking)
    with pytest.raises(WarehouseError, match=r"eve may not approve requests for raw.customers"):
        approve(login("eve"), asking)
    assert read(admin, asking).approvals == ()


def test_an_approver_is_judged_when_they_approve(admin: Session, asking: Layout, login: Login) -> None:
    request(login("alice"), asking)
    for group in (("group", "", "former stewards"), ("attribute", "group", "stewards"), ("project", "", "stewards")):
        give(admin, asking, "sam", group)
        with pytest.raises(WarehouseError, match="sam may not approve"):
            approve(login("sam"), asking)
    ended = EntryRow("sam", "group", "", "stewards", datetime.now(UTC) - timedelta(hours=1))
    run(admin, upsert_profiles(asking, [ProfileRow("sam")], [ended]))
    with pytest.raises(WarehouseError, match="sam may not approve"):
        approve(login("sam"), asking)


def test_every_policy_has_to_name_the_approver_and_the_shortest_time_counts(
    admin: Session, asking: Layout, login: Login
) -> None:
    both = [*by_policy("by stewards", groups=("stewards",)), *by_policy("privacy", users=("sue",), seconds=3600)]
    approvers(admin, asking, *both)
    request(login("alice"), asking)
    for user in ("sam", "sue"):
        with pytest.raises(WarehouseError, match="may not approve"):
            approve(login(user), asking)
    give(admin, asking, "sue", ("group", "", "stewards"))
    approve(login("sue"), asking)
    (found,) = read(admin, asking).approvals
    assert found.approved_at is not None and found.expires_at == found.approved_at + timedelta(hours=1)


def test_a_policy_that_names_individuals_leaves_nothing_to_approvers(
    admin: Session, asking: Layout, login: Login
) -> None:
    request(login("alice"), asking)
    approvers(admin, asking, *by_policy("by stewards", groups=("stewards",)), *by_policy("named", access="individual"))
    with pytest.raises(WarehouseError, match="sam may not approve"):
        approve(login("sam"), asking)


def test_only_what_was_asked_for_is_approved(asking: Layout, login: Login) -> None:
    for user in ("alice", "nobody at all", ""):
        with pytest.raises(WarehouseError, match="has no open request"):
            approve(login("sam"), asking, user)
    request(login("alice"), asking)
    withdraw(login("alice"), asking)
    with pytest.raises(WarehouseError, match="has no open request"):
        approve(login("sam"), asking)
    with pytest.raises(WarehouseError, match="has no open request"):
        withdraw(login("alice"), asking)


def test_a_request_that_somebody_wrote_for_another_user_is_worth_nothing(
    admin: Session, asking: Layout, login: Login
) -> None:
    admin.execute(
        f"INSERT INTO \"{asking.system}\".access_request VALUES ('alice', '{SOURCE}', 'please', GETDATE(), 'x')"
    )
    with pytest.raises(WarehouseError, match="has no open request"):
        approve(login("sam"), asking)
    assert read(admin, asking).unsealed == {UnsealedRow("request", "alice", SOURCE)}


def test_an_approval_that_was_altered_admits_nobody(admin: Session, asking: Layout, login: Login) -> None:
    request(login("alice"), asking)
    approve(login("sam"), asking)
    table, kept = f'"{asking.system}".approval', f'"{asking.procedures}".kept'
    admin.execute(f"CREATE TABLE {kept} AS SELECT * FROM {table}")
    for change in ("seal = NULL", "expires_at = NULL", "immuta__userid = 'eve'", "approver = 'sue'"):
        admin.execute(f"UPDATE {table} SET {change}")
        assert entries(login("alice"), asking) == entries(login("eve"), asking) == set()
        user = "eve" if "eve" in change else "alice"
        assert read(admin, asking).unsealed == {UnsealedRow("approval", user, SOURCE)}
        run(admin, [f"DELETE FROM {table}", f"INSERT INTO {table} SELECT * FROM {kept}"])
    assert entries(login("alice"), asking) == {ADMITTED}
    admin.execute(f"DROP TABLE {kept}")


def test_what_an_apply_ended_counts_no_more_and_may_be_asked_for_again(
    admin: Session, asking: Layout, login: Login
) -> None:
    request(login("alice"), asking)
    approve(login("sam"), asking)
    request(login("eve"), asking)
    run(admin, end_requests(asking, [RequestEndRow(user, SOURCE, False) for user in ("alice", "eve")]))
    assert entries(login("alice"), asking) == set()
    with pytest.raises(WarehouseError, match="eve has no open request"):
        approve(login("sam"), asking, "eve")
    admin.execute(f"UPDATE \"{asking.system}\".request_end SET ended_at = ended_at - INTERVAL '1 hour'")
    withdraw(login("eve"), asking)
    request(login("eve"), asking)


def test_what_is_asked_for_in_the_second_of_its_end_is_refused_and_not_lost(
    admin: Session, asking: Layout, login: Login
) -> None:
    run(admin, end_requests(asking, [RequestEndRow("alice", SOURCE, False)]))
    admin.execute(f"UPDATE \"{asking.system}\".request_end SET ended_at = GETDATE() + INTERVAL '1 hour'")
    with pytest.raises(WarehouseError, match=r"access of alice to raw.customers was ended this very second: ask again"):
        request(login("alice"), asking)
    assert asked(admin, asking) == []
    admin.execute(f"UPDATE \"{asking.system}\".request_end SET ended_at = GETDATE() - INTERVAL '1 second'")
    request(login("alice"), asking)
    withdraw(login("alice"), asking)


def test_what_is_refused_is_neither_asked_for_nor_approved(admin: Session, asking: Layout, login: Login) -> None:
    refusal = [RequestEndRow("alice", SOURCE, True)]
    run(admin, end_requests(asking, refusal))
    with pytest.raises(WarehouseError, match=r"access of alice to raw.customers was refused"):
        request(login("alice"), asking)
    run(admin, end_requests(asking, [replace(refusal[0], refused=False)]))
    admin.execute(f"UPDATE \"{asking.system}\".request_end SET ended_at = ended_at - INTERVAL '1 hour'")
    request(login("alice"), asking)
    admin.execute(f'UPDATE "{asking.system}".request_end SET refused = 1')
    admin.execute(f"UPDATE \"{asking.system}\".request_end SET refused_until = GETDATE() + INTERVAL '1 hour'")
    with pytest.raises(WarehouseError, match="was refused"):
        approve(login("sam"), asking)


def test_look_alikes_in_the_callers_schemas_decide_nothing(admin: Session, asking: Layout, login: Login) -> None:
    request(login("alice"), asking)
    user = login("eve")
    admin.execute('CREATE SCHEMA "mine" AUTHORIZATION eve')
    try:
        user.execute("SET search_path TO mine, pg_catalog")
        user.execute("CREATE TABLE mine.approver AS SELECT 'raw.customers' AS source")
        user.execute(
            "CREATE FUNCTION mine.sha2(VARCHAR, INTEGER) RETURNS VARCHAR STABLE AS $$ SELECT 'x' $$ LANGUAGE sql"
        )
        user.execute("CREATE FUNCTION mine.count(VARCHAR) RETURNS BIGINT STABLE AS $$ SELECT 1 $$ LANGUAGE sql")
        with pytest.raises(WarehouseError, match="eve may not approve"):
            approve(user, asking)
    finally:
        admin.execute('DROP SCHEMA "mine" CASCADE')


def test_nobody_reads_or_writes_the_tables_themselves(asking: Layout, login: Login) -> None:
    for table in ("access_request", "approval", "approver", "request_end", "requester"):
        for statement in (f'SELECT * FROM "{asking.system}".{table}', f'DELETE FROM "{asking.system}".{table}'):
            with pytest.raises(WarehouseError, match="permission denied"):
                login("alice").execute(statement)


def test_requests_are_read_as_they_stand(admin: Session, asking: Layout, login: Login) -> None:
    request(login("alice"), asking)
    (found,) = read(admin, asking).requests
    assert found == AccessRequestRow("alice", SOURCE, "Churn report", found.requested_at)
    assert found.requested_at is not None and abs(found.requested_at - datetime.now(UTC)) < timedelta(minutes=5)

"""What groups of changes write of who may approve, and what they leave of what was asked for and
approved at run time.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import redshift_connector

from tests.engine import connect
from veil.governance.drift import drift_of
from veil.governance.metadata.access_requests import altered_approvers, open_requests
from veil.governance.requests import Create, DeclaredColumn, Delete, SourceDraft, Update
from veil.governance.service import Governance
from veil.local import Engine
from veil.model import AccessRefusal, AppliesTo, Approval, Duration, Kind, Profile, Subscription, SubscriptionPolicy
from veil.warehouse import ApproverRow

ALICE, SAM, PASSWORD = f"asks_{os.getpid()}", f"approves_{os.getpid()}", "Analyst1pass"
POLICY = SubscriptionPolicy(
    "on request",
    AppliesTo(data_source_tags=frozenset({"sales"})),
    "approval",
    approval=Approval(frozenset({"stewards"}), frozenset({"sue"}), Duration(90, "days")),
)
PAIR = (ALICE, "raw.people")


class Place:
    """Two data sources, of which one may be asked for, and what people do there."""

    def __init__(self, governance: Governance, engine: Engine) -> None:
        self.governance, self.engine = governance, engine
        drafts = (POLICY, Profile(ALICE), Profile(SAM, frozenset({"stewards"})))
        sources = [SourceDraft("raw", "people", tags=frozenset({"sales"}), columns={"secret": DeclaredColumn()})]
        for each in (*drafts, *sources, SourceDraft("raw", "orders", columns={"secret": DeclaredColumn()})):
            governance.submit(Create(each))

    def run(self, statement: str, user: str | None = None) -> list[tuple[Any, ...]]:
        password = PASSWORD if user else None
        with (
            connect(self.engine.address(), user, password, self.governance.database) as there,
            there.cursor() as cursor,
        ):
            cursor.execute(statement)
            return [tuple(row) for row in cursor.fetchall()] if cursor.description else []

    def ask(self, source: str = "governed.people") -> None:
        # What is no younger than its end is over, and both are told in seconds: the one of the last
        # end has to be over.
        while self.run("SELECT 1 FROM immuta_system.request_end WHERE ended_at >= GETDATE() LIMIT 1"):
            pass
        self.run(f"CALL immuta_procedures.request_access('{source}', 'Churn')", ALICE)
        self.governance.reload()

    def approve(self) -> None:
        self.run(f"CALL immuta_procedures.approve_request('governed.people', '{ALICE}')", SAM)
        self.governance.reload()

    def sees(self) -> list[Any]:
        return [row[0] for row in self.run("SELECT secret FROM governed.people", ALICE)]

    def open(self) -> list[tuple[str, str]]:
        return [(each.user, each.source) for each in open_requests(self.governance.require(), datetime.now(UTC))]

    def token(self, kind: Kind, key: Any) -> str:
        return self.governance.require().stored[kind, key].id

    def update(self, thing: Any, key: Any, kind: Kind) -> None:
        self.governance.submit(Update(self.token(kind, key), thing))

    def delete(self, kind: Kind, key: Any) -> None:
        self.governance.submit(Delete(kind, key, self.token(kind, key)))


@pytest.fixture(scope="module")
def place(engine: Engine, new_governance: Callable[..., Governance]) -> Iterator[Place]:
    with connect(engine.address()) as admin, admin.cursor() as cursor:
        for user in (ALICE, SAM):
            cursor.execute(f"CREATE USER {user} PASSWORD '{PASSWORD}'")
    yield Place(new_governance(), engine)


def approvers(place: Place) -> set[ApproverRow]:
    place.governance.reload()
    return set(place.governance.require().snapshot.approvers)


def test_the_warehouse_is_told_who_may_approve_and_for_how_long(place: Place) -> None:
    row = ApproverRow("raw.people", "governed.people", "on request", "policy", "approval", 90 * 86_400)
    bare = row._replace(seconds=None)
    by_name = {bare._replace(kind="group", name="stewards"), bare._replace(kind="user", name="sue")}
    assert approvers(place) == {row, *by_name}
    place.update(replace(POLICY, approval=None), "on request", Kind.SUBSCRIPTION_POLICY)
    assert approvers(place) == {bare}
    place.update(replace(POLICY, staged=True), "on request", Kind.SUBSCRIPTION_POLICY)
    assert approvers(place) == set()
    place.update(POLICY, "on request", Kind.SUBSCRIPTION_POLICY)
    assert approvers(place) == {row, *by_name}


def test_what_may_be_asked_for_follows_its_data_source(place: Place) -> None:
    draft = SourceDraft("raw", "visits", tags=frozenset({"sales"}), columns={"secret": DeclaredColumn()})
    place.governance.submit(Create(draft))
    assert {each.shown for each in approvers(place)} == {"governed.people", "governed.visits"}
    place.update(replace(draft, view_name="seen"), "raw.visits", Kind.DATA_SOURCE)
    assert {each.shown for each in approvers(place)} == {"governed.people", "governed.seen"}
    place.delete(Kind.DATA_SOURCE, "raw.visits")
    assert {each.shown for each in approvers(place)} == {"governed.people"}


def test_a_row_that_names_another_approver_is_drift_of_the_integration(place: Place) -> None:
    place.run(
        "INSERT INTO immuta_system.approver (source, shown, policy, kind, name)"
        " VALUES ('raw.people', 'governed.people', 'on request', 'user', 'mallory')"
    )
    place.governance.reload()
    deployed = place.governance.require()
    assert altered_approvers(deployed) == ["raw.people"]
    main = deployed.integration
    assert main is not None and main.thing is not None
    line = "who may approve requests for raw.people was altered outside veil"
    assert line in drift_of(deployed, main, main.thing)
    place.governance.submit(Update(main.id, main.thing))
    assert "mallory" not in {each.name for each in approvers(place)}


def test_nobody_approves_while_a_policy_cannot_be_read(place: Place) -> None:
    place.ask()
    place.run("UPDATE immuta_system.object SET body = body || ' ' WHERE name = 'on request'")
    place.governance.reload()
    assert altered_approvers(place.governance.require()) == ["raw.people"]
    place.update(SourceDraft("raw", "orders", columns={"secret": DeclaredColumn()}), "raw.orders", Kind.DATA_SOURCE)
    place.update(POLICY, "on request", Kind.SUBSCRIPTION_POLICY)
    assert altered_approvers(place.governance.require()) == []
    place.run("CALL immuta_procedures.withdraw_request('governed.people')", ALICE)


def test_a_request_that_is_approved_admits_outlives_applies_and_is_no_drift(place: Place) -> None:
    assert place.sees() == []
    place.ask()
    assert (place.open(), place.sees()) == ([PAIR], [])
    place.approve()
    assert (place.open(), place.sees()) == ([], ["people secret"])
    place.update(Profile(ALICE, frozenset({"analysts"})), ALICE, Kind.PROFILE)
    place.governance.reload()
    deployed = place.governance.require()
    assert place.sees() == ["people secret"]
    assert not [
        line for each in deployed.stored.values() if each.thing for line in drift_of(deployed, each, each.thing)
    ]
    assert PAIR in deployed.world.approvals


def test_a_subscription_takes_the_place_of_what_was_approved(place: Place) -> None:
    ends = place.governance.require().world.approvals[PAIR].expires_at
    assert ends is not None and abs(ends - datetime.now(UTC) - timedelta(days=90)) < timedelta(minutes=10)
    place.governance.submit(Create(Subscription(*PAIR, ends)))
    assert place.governance.require().world.approvals == {}
    place.governance.reload()
    assert place.governance.require().world.approvals == {}
    assert place.sees() == ["people secret"]
    place.delete(Kind.SUBSCRIPTION, PAIR)
    assert place.sees() == []


def test_a_subscription_closes_a_request(place: Place) -> None:
    place.ask()
    place.governance.submit(Create(Subscription(*PAIR)))
    assert place.open() == []
    place.delete(Kind.SUBSCRIPTION, PAIR)
    place.governance.reload()
    assert place.open() == [], "what was closed stays closed"
    with pytest.raises(redshift_connector.Error, match="has no open request"):
        place.approve()


def test_what_was_approved_ends_with_the_profile_and_is_not_there_for_the_next_of_that_name(place: Place) -> None:
    place.ask()
    place.approve()
    assert place.sees() == ["people secret"]
    place.delete(Kind.PROFILE, ALICE)
    place.governance.submit(Create(Profile(ALICE)))
    assert place.sees() == []
    place.governance.reload()
    assert place.governance.require().world.approvals == {}


def test_what_was_approved_ends_with_the_data_source(place: Place) -> None:
    place.ask()
    place.approve()
    place.delete(Kind.DATA_SOURCE, "raw.people")
    draft = SourceDraft("raw", "people", tags=frozenset({"sales"}), columns={"secret": DeclaredColumn()})
    place.governance.submit(Create(draft))
    assert place.sees() == []


def test_a_refusal_ends_what_is_asked_for_and_what_was_approved(place: Place) -> None:
    place.ask()
    refusal = AccessRefusal(*PAIR, reason="No need.")
    place.governance.submit(Create(refusal))
    assert place.open() == []
    with pytest.raises(redshift_connector.Error, match="was refused"):
        place.ask()
    place.delete(Kind.ACCESS_REFUSAL, PAIR)
    with pytest.raises(redshift_connector.Error, match="has no open request"):
        place.approve()
    place.ask()
    place.approve()
    assert place.sees() == ["people secret"]
    place.governance.submit(Create(refusal))
    assert place.sees() == []
    assert place.governance.require().world.approvals == {}


def test_what_an_apply_ended_is_gone_and_stays_over_without_the_row_that_says_so(place: Place) -> None:
    place.delete(Kind.ACCESS_REFUSAL, PAIR)
    place.ask()
    place.approve()
    assert place.sees() == ["people secret"]
    place.governance.submit(Create(AccessRefusal(*PAIR)))
    place.delete(Kind.ACCESS_REFUSAL, PAIR)
    place.run("DELETE FROM immuta_system.request_end")
    place.governance.reload()
    assert place.sees() == []
    assert place.governance.require().world.approvals == {}
    assert place.run("SELECT COUNT(*) FROM immuta_system.approval") == [(0,)]


def test_an_open_transaction_of_who_asks_holds_up_no_apply_and_the_next_one_removes_what_is_over(place: Place) -> None:
    place.ask()
    with connect(place.engine.address(), SAM, PASSWORD, place.governance.database) as there, there.cursor() as cursor:
        there.autocommit = False
        cursor.execute("BEGIN")
        cursor.execute("CALL immuta_procedures.request_access('governed.people', 'Churn')")
        place.governance.submit(Create(AccessRefusal(*PAIR)))
        assert place.open() == []
        assert place.run("SELECT immuta__userid FROM immuta_system.access_request") == [(ALICE,)]
        there.rollback()
    place.governance.reload()
    assert place.open() == []
    place.governance.submit(Create(Profile("somebody")))
    assert place.run("SELECT immuta__userid FROM immuta_system.access_request") == []


def test_a_refusal_ends_at_its_time_and_a_subscription_of_its_user_does_not_end_it(place: Place) -> None:
    place.governance.submit(Create(Subscription(*PAIR)))
    place.delete(Kind.SUBSCRIPTION, PAIR)
    with pytest.raises(redshift_connector.Error, match="was refused"):
        place.ask()
    past = AccessRefusal(*PAIR, until=datetime.now(UTC) - timedelta(hours=1))
    place.update(past, PAIR, Kind.ACCESS_REFUSAL)
    place.ask()
    assert place.open() == [PAIR]


def test_a_refusal_that_was_taken_out_of_its_table_is_drift_and_put_back(place: Place) -> None:
    place.run("DELETE FROM immuta_system.request_end")
    place.governance.reload()
    deployed = place.governance.require()
    stored = deployed.stored[Kind.ACCESS_REFUSAL, PAIR]
    assert stored.thing is not None
    expected = {"the row that keeps the user from asking is missing or was altered"}
    assert drift_of(deployed, stored, stored.thing) == expected
    place.update(stored.thing, PAIR, Kind.ACCESS_REFUSAL)
    place.governance.reload()
    deployed = place.governance.require()
    assert drift_of(deployed, deployed.stored[Kind.ACCESS_REFUSAL, PAIR], stored.thing) == frozenset()

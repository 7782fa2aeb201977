"""The data sources that users could query, as their profile rows list them."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.governance.conftest import TABLES
from veil.governance.drift import drift_of
from veil.governance.requests import Create, Delete, SourceDraft, Update
from veil.governance.service import Governance
from veil.model import AppliesTo, Hash, Kind, MaskingPolicy, Profile, Project, Subscription, SubscriptionPolicy

Rows = Mapping[str, tuple[list[str], Any]]


@pytest.fixture(scope="module")
def place(new_governance: Callable[..., Governance]) -> Governance:
    """Three data sources, and users whom policies tell apart."""
    return prepared(new_governance())


def prepared(governance: Governance) -> Governance:
    for table in TABLES:
        governance.submit(Create(SourceDraft("raw", table)))
    for user, group in (("ann", "hr"), ("bob", "sales"), ("carl", "sales")):
        governance.submit(Create(Profile(user, frozenset({group}))))
    return governance


def rows_of(place: Governance) -> Rows:
    """The list of each user, and as of when it is."""
    with place._state.lock:
        found = place._state.session().query(
            "SELECT immuta__userid, valid_tables, CAST(updated_at AS VARCHAR(64)) FROM immuta_system.profile"
        )
    return {user: (json.loads(tables), updated) for user, tables, updated in found}


def lists_of(place: Governance) -> Mapping[str, list[str]]:
    return {user: tables for user, (tables, _) in rows_of(place).items()}


def drift_of_all(place: Governance) -> Mapping[str, frozenset[str]]:
    """The drift of each profile, as another process finds it."""
    place.reload()
    deployed = place.require()
    profiles = [each for each in deployed.stored.values() if each.kind is Kind.PROFILE]
    return {each.key: drift_of(deployed, each, each.thing) for each in profiles}  # type: ignore[arg-type]


def by_group(name: str, group: str) -> SubscriptionPolicy:
    return SubscriptionPolicy(
        name, AppliesTo(data_sources=frozenset({"raw.people"})), "conditions", expression=f"@isInGroups('{group}')"
    )


def test_lists_follow_names_policies_and_projects_and_only_those_that_change_are_written(place: Governance) -> None:
    assert lists_of(place) == {"ann": [], "bob": [], "carl": []}
    place.submit(Create(Subscription("bob", "raw.orders")))
    before = rows_of(place)
    assert {user: tables for user, (tables, _) in before.items()} == {"ann": [], "bob": ["raw.orders"], "carl": []}
    policy = place.submit(Create(by_group("some", "sales")))
    after = rows_of(place)
    assert {user: tables for user, (tables, _) in after.items()} == {
        "ann": [],
        "bob": ["raw.orders", "raw.people"],
        "carl": ["raw.people"],
    }
    assert after["ann"] == before["ann"], "nothing changed for her"
    assert after["bob"][1] > before["bob"][1]
    place.submit(Create(MaskingPolicy("hashed", AppliesTo(all_columns=True), Hash())))
    assert rows_of(place) == after, "who may query what is as it was"
    assert policy is not None
    place.submit(Update(policy.id, by_group("some", "hr")))
    assert lists_of(place) == {"ann": ["raw.people"], "bob": ["raw.orders"], "carl": []}
    assert set(drift_of_all(place).values()) == {frozenset()}
    place.submit(Delete(Kind.SUBSCRIPTION_POLICY, "some", policy.id))
    assert lists_of(place) == {"ann": [], "bob": ["raw.orders"], "carl": []}


def test_a_list_that_somebody_altered_is_drift_and_is_written_anew(place: Governance) -> None:
    wanted = lists_of(place)
    for tables in ('["raw.secret"]', "[]", '["raw.order"]', '{"a": 1}'):
        with place._state.lock:
            place._state.session().execute(
                f"UPDATE immuta_system.profile SET valid_tables = JSON_PARSE('{tables}') WHERE immuta__userid = 'bob'"
            )
        found = drift_of_all(place)
        assert found["bob"] == {"the projects or tables of its profile row were altered"}, tables
        assert not found["ann"]
        place.submit(Update(place.require().stored[Kind.PROFILE, "bob"].id, Profile("bob", frozenset({"sales"}))))
        assert lists_of(place) == wanted
        assert not drift_of_all(place)["bob"]


def test_what_all_members_could_query_follows_too(place: Governance) -> None:
    team = Project("team", frozenset({"bob", "carl"}), frozenset({"raw.orders"}), equalized=True)
    place.submit(Create(team))
    assert shared(place) == []
    policy = place.submit(Create(by_group("some", "sales")))
    assert shared(place) == ["raw.people"]
    place.reload()
    deployed = place.require()
    assert not drift_of(deployed, deployed.stored[Kind.PROJECT, "team"], team)
    assert policy is not None
    place.submit(Delete(Kind.SUBSCRIPTION_POLICY, "some", policy.id))
    assert shared(place) == []


def shared(place: Governance) -> list[str]:
    with place._state.lock:
        ((tables,),) = place._state.session().query("SELECT valid_tables FROM immuta_system.project_profile")
    return list(json.loads(tables))

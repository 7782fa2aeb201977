"""Names that move between objects: in one group or one by one, in any order, with nothing weaker on
the way.
"""

from collections.abc import Callable
from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest

from tests.governance.publishing.test_isolation import submitted
from veil.governance.drift import drift_of
from veil.governance.errors import GovernanceError
from veil.governance.metadata.deployed import StoredObject
from veil.governance.requests import Batch, Create, DeclaredColumn, Delete, Request, SourceDraft, Update
from veil.governance.service import Governance
from veil.model import (
    AppliesTo,
    Constant,
    DataSource,
    Kind,
    MaskingPolicy,
    Never,
    Profile,
    Project,
    Purpose,
    RowPolicy,
    SubscriptionPolicy,
)
from veil.warehouse import acknowledgement_hash

NOWHERE = AppliesTo(column_tags=frozenset({"nowhere"}))
TABLES = ("people", "orders", "visits")
MAKERS: dict[str, Callable[[str, str], Any]] = {
    "masking policies": lambda content, name: MaskingPolicy(name, NOWHERE, Constant(content)),
    "row policies": lambda content, name: RowPolicy(name, NOWHERE, Never(), description=content),
    "subscription policies": lambda content, name: SubscriptionPolicy(name, NOWHERE, "everyone", description=content),
    "purposes": lambda content, name: Purpose(name, f"text of {content}"),
    "projects": lambda content, name: Project(name, frozenset({"alice"}), description=content),
    "views": lambda content, name: SourceDraft("raw", content, view_name=name),
}
"""By kind, what makes an object of some content and name."""


@pytest.fixture(scope="module")
def place(new_governance: Callable[[], Governance]) -> Governance:
    governance = new_governance()
    governance.submit(Create(Profile("alice")))
    return governance


@pytest.fixture(autouse=True)
def _swept(place: Governance):
    """Nothing but the profile is left for the next test."""
    yield
    place.reload()
    kept = (Kind.INTEGRATION, Kind.PROFILE)
    left = [each for each in place.require().stored.values() if each.kind not in kept]
    if left:
        place.submit(Batch(tuple(Delete(each.kind, each.key, each.id) for each in left)))


def names(governance: Governance, kind: Kind) -> dict[str, str]:
    """The name of each object by its token, as another process reads it."""
    governance.reload()
    found = [each for each in governance.require().stored.values() if each.kind is kind]
    return {each.id: each.thing.view_name if isinstance(each.thing, DataSource) else each.key for each in found}


def altered(governance: Governance, stored: StoredObject, draft: Any) -> frozenset[str]:
    deployed = governance.require()
    return drift_of(deployed, deployed.by_id[stored.kind, stored.id], draft)


def made(governance: Governance, *drafts: Any) -> list[StoredObject]:
    found = [governance.submit(Create(each)) for each in drafts]
    assert None not in found
    return found  # type: ignore[return-value]


RENAMES = {
    "a swap": {"one": "two", "two": "one"},
    "a chain": {"one": "two", "two": "three"},
    "a ring": {"one": "two", "two": "three", "three": "one"},
}


@pytest.mark.parametrize(
    ("kind", "renames"),
    [
        *((kind, RENAMES["a swap"]) for kind in MAKERS),
        ("projects", RENAMES["a chain"]),
        ("views", RENAMES["a ring"]),
    ],
)
def test_names_move_one_by_one_in_any_order_and_all_at_once(place: Governance, kind: str, renames: dict[str, str]):
    make, contents = MAKERS[kind], dict(zip(renames, TABLES, strict=False))
    stored = dict(zip(renames, made(place, *(make(contents[name], name) for name in renames)), strict=True))
    wanted = {name: make(contents[name], after) for name, after in renames.items()}
    current = {name: name for name in renames}
    for order in [*permutations(renames), None]:
        forth = current == {name: name for name in renames}
        drafts = wanted if forth else {name: make(contents[name], name) for name in renames}
        requests = {name: Update(stored[name].id, drafts[name]) for name in renames}
        if order is None:
            outcomes = submitted(place, list(requests.values()))
            assert [each for each in outcomes if not isinstance(each, StoredObject)] == []
        else:
            for name in order:
                place.submit(requests[name])
        current = {name: renames[name] if forth else name for name in renames}
        found = names(place, next(iter(stored.values())).kind)
        assert found == {stored[name].id: current[name] for name in renames}
        assert place.require().waiting == {}
        for name in renames:
            assert altered(place, stored[name], drafts[name]) == frozenset()


def mask(name: str, value: str = "x", tag: str = "nowhere", **more: Any) -> MaskingPolicy:
    return MaskingPolicy(name, AppliesTo(column_tags=frozenset({tag})), Constant(value), **more)


def test_all_else_of_a_change_is_there_while_its_name_waits(place: Governance):
    one, two = made(place, mask("one", "first"), mask("two", "second"))
    kept = place.submit(Update(one.id, mask("two", "changed")))
    assert kept is not None and kept.thing == mask("one", "changed")
    holder = place.waits_for(one.kind, one.id)
    assert holder is not None and holder.id == two.id
    assert altered(place, one, mask("two", "changed")) == {"name differs from what was applied"}


def test_another_process_takes_up_where_one_was_killed(place: Governance):
    one, two = made(place, mask("one"), mask("two"))
    place.submit(Update(one.id, mask("two")))
    place._state.waiting = {}  # Nobody knows any more what was to come.
    assert names(place, one.kind) == {one.id: "one", two.id: "two"}
    place.submit(Update(two.id, mask("one")))
    assert place.waits_for(two.kind, two.id) is not None
    place.submit(Update(one.id, mask("two")))
    assert names(place, one.kind) == {one.id: "two", two.id: "one"}


@pytest.mark.parametrize("kind", ["masking policies", "projects", "views"])
def test_a_name_is_free_once_its_object_is_deleted(place: Governance, kind: str):
    make = MAKERS[kind]
    one, two = made(place, make("people", "one"), make("orders", "two"))
    place.submit(Update(one.id, make("people", "two")))
    place.submit(Delete(two.kind, two.key, two.id))
    assert names(place, one.kind) == {one.id: "two"}
    assert altered(place, one, make("people", "two")) == frozenset()


def test_who_waits_is_deleted_and_renamed_like_others(place: Governance):
    one, two = made(place, mask("one"), mask("two"))
    place.submit(Update(one.id, mask("two")))
    place.submit(Update(one.id, mask("three")))
    assert place.require().waiting == {}
    assert names(place, one.kind) == {one.id: "three", two.id: "two"}
    place.submit(Update(one.id, mask("two")))
    place.submit(Delete(one.kind, "three", one.id))
    place.submit(Update(two.id, mask("four")))
    assert names(place, one.kind) == {two.id: "four"}


def test_a_name_that_nobody_gives_up_is_refused_the_second_time(place: Governance):
    one, two = made(place, mask("one"), mask("two", "of others"))
    place.submit(Update(one.id, mask("two")))
    with pytest.raises(GovernanceError) as caught:
        place.submit(Update(one.id, mask("two"), waited_for=two.id))
    assert caught.value.summary == "A masking policy of this name exists"
    assert 'import { to = <this resource> id = "two" }' in caught.value.detail
    both = [Update(one.id, mask("two"), waited_for=two.id), Update(two.id, mask("one", "of others"))]
    assert [each for each in submitted(place, both) if not isinstance(each, StoredObject)] == []
    assert names(place, one.kind) == {one.id: "two", two.id: "one"}


def test_a_masking_and_a_row_policy_change_names(place: Governance):
    first, second = made(place, mask("one"), RowPolicy("two", NOWHERE, Never()))
    place.submit(Update(first.id, mask("two")))
    place.submit(Update(second.id, RowPolicy("one", NOWHERE, Never())))
    assert names(place, first.kind) == {first.id: "two"} and names(place, second.kind) == {second.id: "one"}


@pytest.mark.parametrize(
    "rename",
    [
        lambda stored, draft: Update(stored.id, draft("three")),
        lambda stored, _: Delete(stored.kind, stored.key, stored.id),
    ],
    ids=["renamed", "deleted"],
)
@pytest.mark.parametrize("kind", ["masking policies", "purposes", "views"])
def test_a_new_object_gets_a_name_that_is_given_up_in_the_same_group(
    place: Governance, kind: str, rename: Callable[[StoredObject, Callable[[str], Any]], Request]
):
    make = MAKERS[kind]
    one, two = made(place, make("people", "one"), make("orders", "two"))
    requests = [
        Create(make("visits", "one")),
        Update(one.id, make("people", "two")),
        rename(two, lambda name: make("orders", name)),
    ]
    outcomes = submitted(place, requests)
    assert [each for each in outcomes if isinstance(each, BaseException)] == []
    found = names(place, one.kind)
    assert found == {outcomes[0].id: "one", one.id: "two"} | ({two.id: "three"} if outcomes[2] else {})


def test_a_new_object_alone_is_told_to_apply_again(place: Governance):
    made(place, mask("one", "other"))
    with pytest.raises(GovernanceError, match="gives it up in this apply, apply again: nothing is lost"):
        place.submit(Create(mask("one")))


def test_users_change_places_in_one_group(place: Governance):
    bob, carol = Profile("bob", frozenset({"hr"})), Profile("carol", frozenset({"it"}))
    one, two = made(place, bob, carol)
    requests = [
        Batch((Create(replace(carol, groups=frozenset({"new"})), "mine.carol"), Delete(Kind.PROFILE, "bob", one.id))),
        Batch((Create(replace(bob, groups=frozenset({"new"})), "theirs.bob"), Delete(Kind.PROFILE, "carol", two.id))),
    ]
    assert [each for each in submitted(place, requests) if isinstance(each, BaseException)] == []
    place.reload()
    found = place.require().world.profiles
    assert (found["bob"].groups, found["carol"].groups) == ({"new"}, {"new"})
    place.submit(Batch((Delete(Kind.PROFILE, "bob", "theirs.bob"), Delete(Kind.PROFILE, "carol", "mine.carol"))))


def test_views_that_change_names_show_their_own_tables_all_the_time(place: Governance):
    made(place, SubscriptionPolicy("all", AppliesTo(all_data_sources=True), "everyone"))
    made(place, mask("secret", "hidden", "secret"))
    people = SourceDraft("raw", "people", view_name="a", columns={"secret": DeclaredColumn(frozenset({"secret"}))})
    orders = SourceDraft("raw", "orders", view_name="b")
    one, two = made(place, people, orders)

    def shown() -> dict[str, str]:
        """What each view reads from, by the comment-free text that the catalog has."""
        rows = place.look(
            lambda session: session.query("SELECT viewname, definition FROM pg_views WHERE schemaname = 'governed'")
        )
        return {name: "people" if "people" in text else "orders" for name, text in rows}

    assert shown() == {"a": "people", "b": "orders"}
    place.submit(Update(one.id, replace(people, view_name="b")))
    assert shown() == {"a": "people", "b": "orders"}
    place.submit(Update(two.id, replace(orders, view_name="a")))
    assert shown() == {"a": "orders", "b": "people"}
    for stored, draft in ((one, replace(people, view_name="b")), (two, replace(orders, view_name="a"))):
        assert altered(place, stored, draft) == frozenset()
        source = place.require().by_id[stored.kind, stored.id].thing
        assert isinstance(source, DataSource)
        access = place.access("alice", source, None)
        assert access.enforced and access.effective.admitted
        assert access.masked("secret") is (source.table == "people")


def acknowledged(governance: Governance) -> set[tuple[str, str]]:
    """The purposes that alice may act under, once she agrees to this text."""
    found = governance.require().entries_of("alice", "acknowledgement")
    read = governance.look(
        lambda session: session.query(
            "SELECT name, value FROM immuta_system.profile_entry WHERE kind = 'acknowledgement'"
        )
    )
    assert {(each.name, each.value) for each in found} == {(name, value) for name, value in read}
    return {(name, value) for name, value in read}


@pytest.mark.parametrize("order", [("one", "two"), ("two", "one")])
def test_nobody_acts_under_a_purpose_whose_name_another_one_is_to_get(place: Governance, order: tuple[str, str]):
    first, second = Purpose("one", "text of the first"), Purpose("two", "text of the second")
    stored = dict(zip(("one", "two"), made(place, first, second), strict=True))
    made(place, Project("work", frozenset({"alice"}), purposes=frozenset({"one", "two"})))
    of_first, of_second = acknowledgement_hash(first.acknowledgement), acknowledgement_hash(second.acknowledgement)
    assert acknowledged(place) == {("one", of_first), ("two", of_second)}
    swapped = {"one": replace(first, name="two"), "two": replace(second, name="one")}
    place.submit(Update(stored[order[0]].id, swapped[order[0]]))
    # Who waits keeps its name; the one that it is to get counts for nobody.
    assert acknowledged(place) == {("one", of_first) if order[0] == "one" else ("two", of_second)}
    place.submit(Update(stored[order[1]].id, swapped[order[1]]))
    assert acknowledged(place) == {("one", of_second), ("two", of_first)}
    assert place.require().disturbed == {}


def test_a_purpose_counts_again_once_nobody_waits_for_its_name(place: Governance):
    one, two = made(place, Purpose("one", "a"), Purpose("two", "b"))
    made(place, Project("work", frozenset({"alice"}), purposes=frozenset({"two", "two.part"})))
    made(place, Purpose("two.part"))
    before = acknowledged(place)
    assert {name for name, _ in before} == {"two", "two.part"}
    place.submit(Update(one.id, Purpose("two", "a")))
    assert acknowledged(place) == set()
    place.submit(Update(two.id, Purpose("two", "b")))
    assert acknowledged(place) == set(), "an update that keeps the name frees nothing"
    place.submit(Update(one.id, Purpose("one", "a")))
    assert acknowledged(place) == before


def test_a_mask_does_not_wait_for_its_name_where_it_ends(place: Governance):
    one, two = made(place, mask("one"), mask("two"))
    with pytest.raises(GovernanceError, match="apply again: nothing is lost"):
        place.submit(Update(one.id, mask("two", staged=True)))
    assert place.require().by_id[one.kind, one.id].thing == mask("one")
    both = [Update(one.id, mask("two", staged=True)), Update(two.id, mask("one"))]
    assert [each for each in submitted(place, both) if not isinstance(each, StoredObject)] == []
    assert names(place, one.kind) == {one.id: "two", two.id: "one"}

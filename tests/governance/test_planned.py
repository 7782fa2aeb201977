"""The world as it will be, while Terraform plans in whatever order it likes."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import permutations
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.policy.building import EVERYONE, column, on, source, varchar, world
from tests.policy.drawing import things
from veil.governance import view_sizes
from veil.governance.planned import PlannedWorld
from veil.model import (
    AppliesTo,
    Hash,
    Kind,
    MaskingPolicy,
    Never,
    Null,
    Profile,
    Project,
    RowPolicy,
    SubscriptionPolicy,
    Where,
    World,
    key_of,
    kind_of,
)
from veil.model.change import Put, apply, lookup
from veil.policy import Finding, Resolved, lint_policy, lint_source

SOURCE = source(column("ssn", varchar(11), "pii.ssn"))
EVERYTHING = world(SOURCE, MaskingPolicy("pii", on("pii"), Hash()))


def test_a_plan_tells_once_both_the_end_of_the_policy_and_the_staying_of_the_source_are_known():
    first, second, whole = PlannedWorld(EVERYTHING), PlannedWorld(EVERYTHING), PlannedWorld(EVERYTHING)
    codes = [
        [each.code for each in found if each.code == "removal-uncovers"]
        for found in (
            first.remove(Kind.MASKING_POLICY, "pii"),
            first.put(SOURCE),
            first.put(SOURCE),
            second.put(SOURCE),
            second.remove(Kind.MASKING_POLICY, "pii"),
        )
    ]
    assert codes == [[], ["removal-uncovers"], [], [], ["removal-uncovers"]]
    assert whole.remove(Kind.MASKING_POLICY, "pii") == whole.remove(Kind.DATA_SOURCE, SOURCE.key) == []


def test_a_plan_finds_a_masking_and_a_row_policy_of_one_name_once_both_are_planned():
    row, mask = RowPolicy("pii", on(sources=["sales"]), Never()), MaskingPolicy("pii", on("pii"), Hash())
    for first, second, noun in ((row, mask, "Masking"), (mask, row, "Row")):
        planned = PlannedWorld(None)
        assert [each.code for each in planned.put(first) if each.severity == "error"] == []
        (found,) = [each for each in planned.put(second) if each.severity == "error"]
        assert (found.code, found.path) == ("name-shared", ("name",))
        assert found.detail.startswith(f'{noun} policy "pii" and ')


def test_a_name_that_a_going_policy_still_has_is_free_for_the_plan():
    planned = PlannedWorld(EVERYTHING)
    found = planned.put(RowPolicy("pii", on(sources=["sales"]), Never()))
    assert [each.code for each in found if each.severity == "error"] == []


EQUAL = Project("equal", frozenset({"alice", "bob"}), equalized=True)
HALF = replace(EVERYTHING, projects={"equal": EQUAL}, profiles={"alice": Profile("alice")})
BOTH = replace(HALF, profiles=HALF.profiles | {"bob": Profile("bob")})


def profiles(*users: str) -> dict[str, Profile]:
    return {user: Profile(user) for user in users}


def test_a_plan_warns_of_a_member_of_an_equalized_project_who_has_no_profile():
    for order in permutations([Profile("alice"), EQUAL]):
        planned = PlannedWorld(HALF)
        (found,) = [each for thing in order for each in planned.put(thing)]
        assert (found.severity, found.code, found.path) == ("warning", "member-without-profile", ("members",))
        assert found.detail == (
            'Project "equal" is equalized, and these of its members have no user profile: bob. They see no rows, and so '
            "no member does while acting in the project. Make a veil_user_profile for each of them, or take them out of members."
        )
        assert planned.put(EQUAL) == [], "each finding is told once"


def test_a_profile_that_is_planned_after_the_project_is_not_missed():
    for order in permutations([Profile("bob"), EQUAL]):
        planned = PlannedWorld(HALF)
        assert [each for thing in (*order, Profile("alice")) for each in planned.put(thing)] == []
    bulk = PlannedWorld(HALF)
    assert bulk.put(EQUAL) == bulk.expect_profiles(profiles("alice", "bob")) == []


def test_one_resource_of_many_profiles_tells_who_goes():
    planned = PlannedWorld(BOTH)
    assert planned.put(EQUAL) == []
    assert [each.code for each in planned.expect_profiles(profiles("alice"), {"bob"})] == ["member-without-profile"]


@pytest.mark.parametrize(
    ("deployed", "project"),
    [
        (BOTH, EQUAL),
        (HALF, replace(EQUAL, equalized=False)),
        (HALF, replace(EQUAL, members=frozenset({"alice", "carol"}))),
        (HALF, replace(EQUAL, name="new")),
        (None, EQUAL),
    ],
    ids=["all have one", "not equalized", "a new member", "a new project", "nothing deployed"],
)
def test_a_plan_does_not_warn_of_a_profile_that_is_there_or_may_yet_be_planned(deployed, project):
    assert PlannedWorld(deployed).put(project) == []


def test_a_profile_that_was_planned_before_is_no_longer_missing():
    alone, together = PlannedWorld(HALF), PlannedWorld(HALF)
    assert alone.put(Profile("bob")) + alone.put(EQUAL) == []
    together.expect_profiles(profiles("bob"))
    assert together.put(EQUAL) == []


def test_a_plan_tells_once_both_the_end_of_a_profile_and_the_staying_of_its_project_are_known():
    first, second, whole = PlannedWorld(BOTH), PlannedWorld(BOTH), PlannedWorld(BOTH)
    found = (first.remove(Kind.PROFILE, "bob"), first.put(EQUAL), second.put(EQUAL), second.remove(Kind.PROFILE, "bob"))
    assert [[each.code for each in one] for one in found] == [[], ["member-without-profile"]] * 2
    assert whole.remove(Kind.PROFILE, "bob") == whole.remove(Kind.PROJECT, "equal") == []


@pytest.mark.parametrize("deployed", [None, HALF, replace(HALF, projects={}, profiles={})])
def test_a_plan_tells_of_a_new_member_for_whom_no_profile_was_planned_so_far(deployed: World | None):
    new = Project("new", frozenset({"bob", "carol"}), equalized=True)
    planned = PlannedWorld(deployed)
    planned.put(Profile("carol"))
    (found,) = planned.members_so_far(new)
    assert (found.severity, found.path) == ("warning", ("members",))
    assert "have no user profile, and the plan has not come to one: bob. If it does, all is well." in found.detail
    assert planned.members_so_far(new) == planned.put(new) == [], "it is told once"
    planned.put(Profile("bob"))
    assert planned.members_so_far(replace(new, name="newer")) == []


def test_a_profile_that_is_planned_a_moment_later_is_waited_for():
    planned = PlannedWorld(None)
    later = [threading.Timer(0.1 * each, planned.put, [Profile(f"u{each}")]) for each in range(1, 5)]
    for each in later:
        each.start()
    project = Project("new", frozenset(f"u{each}" for each in range(1, 5)), equalized=True)
    assert planned.members_so_far(project) == []


LISTING = replace(SOURCE, policies=frozenset({"one"}))
ONE, TWO = MaskingPolicy("one", on("pii"), Hash(), priority=1), MaskingPolicy("two", on("pii"), Hash(), priority=2)
NAMED = world(LISTING, ONE, TWO)


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize(("third", "told"), [("one", []), ("three", ["listed-policy-missing"])], ids=["swap", "chain"])
def test_policies_that_change_names_are_all_seen_and_nothing_is_missing_on_the_way(first: int, third: str, told: list):
    planned = PlannedWorld(NAMED)
    planned.put(LISTING, LISTING.key)
    moves = [(replace(ONE, name="two"), "one"), (replace(TWO, name=third), "two")]
    found = [planned.put(*moves[first]), planned.put(*moves[1 - first])]
    codes = [each.code for each in (*found[0], *found[1]) if each.code == "listed-policy-missing"]
    assert codes == told
    assert {each.priority: name for name, each in planned._objects.world.masking_policies.items()} == {
        1: "two",
        2: third,
    }


def test_a_name_that_one_gives_up_and_another_takes_does_not_go():
    planned = PlannedWorld(NAMED)
    planned.put(replace(ONE, name="two"), "one")
    planned.remove(Kind.MASKING_POLICY, "two")
    assert {name: each.priority for name, each in planned._objects.world.masking_policies.items()} == {"two": 1}


PEOPLE = source(column("ssn", varchar(11), "pii.ssn"), column("land", varchar(2)), column("card", varchar(16), "pay"))
PII, PAY = MaskingPolicy("pii", on("pii"), Hash()), MaskingPolicy("pay", on("pay"), Hash())
ALL_COLUMNS = MaskingPolicy("all", AppliesTo(all_columns=True), Null())
LAND = RowPolicy("land", on(sources=["sales"]), Where("land = 'US'"))
GEO = RowPolicy("geo", on(sources=["sales"]), Where("@columnTagged('geo') = 'US'"))
NARROW = SubscriptionPolicy("narrow", on(sources=["hr"]), "everyone")

Change = Any
"""What is planned of one object: itself, (itself, the name that it had), or ("remove", itself)."""


def told(deployed: World | None, changes: Sequence[Change]) -> list[tuple[str, str]]:
    """Code and detail of all that is told while these are planned in this order."""
    planned, found = PlannedWorld(deployed), []
    for change in changes:
        if isinstance(change, tuple) and change[0] == "remove":
            key = change[1].key if hasattr(change[1], "key") else change[1].name
            found += planned.remove(kind_of(change[1]), key)
        else:
            found += planned.put(*change) if isinstance(change, tuple) else planned.put(change)
    return [(each.code, each.detail) for each in found]


def in_every_order(deployed: World, *changes: Change) -> list[tuple[str, str]]:
    """What is told, the same in whatever order Terraform plans, and each once."""
    first = sorted(told(deployed, changes))
    for order in permutations(changes):
        assert sorted(told(deployed, order)) == first, order
    return first


def retagged(*names: str, **tags: str) -> Any:
    columns = (
        column("ssn", varchar(11), tags.get("ssn", "pii.ssn")),
        column("land", varchar(2), *tags.get("land", "").split()),
    )
    return replace(source(*columns, column("card", varchar(16), "pay")), policies=frozenset(names))


MENDED = {
    "the policy named a column that is not there": (
        world(PEOPLE, replace(LAND, show=Where("lnd = 'US'"))),
        [PEOPLE, LAND, EVERYONE],
    ),
    "policy and column are renamed together": (
        world(source(column("country", varchar(2))), replace(LAND, show=Where("country = 'US'"))),
        [PEOPLE, LAND, EVERYONE],
    ),
    "a column gets the tag that the policy uses": (world(PEOPLE, GEO), [retagged(land="geo"), GEO, EVERYONE]),
    "the policy uses the tag that a column has": (
        world(retagged(land="geography"), GEO),
        [retagged(land="geography"), replace(GEO, show=Where("@columnTagged('geography') = 'US'")), EVERYONE],
    ),
    "one of two masks on a column is staged": (
        world(PEOPLE, PII, ALL_COLUMNS),
        [PEOPLE, PII, replace(ALL_COLUMNS, staged=True), EVERYONE],
    ),
    "one of two masks on a column goes": (
        world(PEOPLE, PII, PAY, ALL_COLUMNS),
        [PEOPLE, PII, replace(PAY, applies_to=AppliesTo(column_regex="land|card")), ("remove", ALL_COLUMNS)],
    ),
    "a policy comes to admit": (world(PEOPLE, NARROW), [PEOPLE, replace(NARROW, applies_to=on(sources=["sales"]))]),
    "a policy comes to apply": (
        world(PEOPLE, replace(PAY, applies_to=on("cards"))),
        [PEOPLE, PAY, EVERYONE],
    ),
    "a data source gets the tag of a policy": (
        world(PEOPLE, MaskingPolicy("geo", on("geo"), Hash())),
        [retagged(land="geo"), MaskingPolicy("geo", on("geo"), Hash()), EVERYONE],
    ),
    "a listed policy is no longer staged": (
        world(retagged("pii"), replace(PII, staged=True)),
        [retagged("pii"), PII, EVERYONE],
    ),
    "a listed policy comes to apply": (
        world(retagged("pii"), replace(PII, applies_to=on("other"))),
        [retagged("pii"), PII, EVERYONE],
    ),
    "a policy takes the name that is listed": (
        world(retagged("pii"), replace(PII, name="old")),
        [retagged("pii"), (PII, "old"), EVERYONE],
    ),
    "a row policy covers the closed data source": (
        world(PEOPLE, replace(LAND, applies_to=on(sources=["hr"])), closed_tags=["sales"]),
        [PEOPLE, LAND, EVERYONE],
    ),
    "what was wrong goes": (world(PEOPLE, replace(LAND, show=Where("lnd = 1"))), [PEOPLE, ("remove", LAND), EVERYONE]),
}


@pytest.mark.parametrize(("deployed", "changes"), MENDED.values(), ids=MENDED.keys())
def test_what_the_plan_mends_is_not_told(deployed: World, changes: Sequence[Change]):
    ignored = {"removal-uncovers", "mask-may-keep-value"}
    assert [each for each in in_every_order(deployed, *changes) if each[0] not in ignored] == []


SPOILT = {
    "the policy names a column that is not there": (
        "unknown-column",
        world(PEOPLE, LAND),
        [PEOPLE, replace(LAND, show=Where("lnd = 'US'")), EVERYONE],
    ),
    "the column goes": ("unknown-column", world(PEOPLE, LAND), [source(column("ssn", varchar(9))), LAND, EVERYONE]),
    "the tag goes": ("tag-missing", world(retagged(land="geo"), GEO), [PEOPLE, GEO, EVERYONE]),
    "a mask is no longer staged": (
        "masks-stacked",
        world(PEOPLE, PII, replace(ALL_COLUMNS, staged=True)),
        [PEOPLE, PII, ALL_COLUMNS, EVERYONE],
    ),
    "nobody is admitted any more": (
        "nobody-admitted",
        world(PEOPLE, EVERYONE),
        [PEOPLE, replace(EVERYONE, applies_to=on(sources=["hr"]))],
    ),
    "the policy that admits goes": ("nobody-admitted", world(PEOPLE, EVERYONE), [PEOPLE, ("remove", EVERYONE)]),
    "a policy matches nothing any more": (
        "policy-matches-nothing",
        world(retagged(land="geo"), MaskingPolicy("geo", on("geo"), Hash())),
        [PEOPLE, MaskingPolicy("geo", on("geo"), Hash()), EVERYONE],
    ),
    "a listed policy is staged": (
        "listed-policy-missing",
        world(retagged("pii"), PII),
        [retagged("pii"), replace(PII, staged=True), EVERYONE],
    ),
    "a listed policy goes": (
        "listed-policy-missing",
        world(retagged("pii"), PII),
        [retagged("pii"), ("remove", PII), EVERYONE],
    ),
    "a row policy no longer covers": (
        "closed-by-baseline",
        world(PEOPLE, LAND, closed_tags=["sales"]),
        [PEOPLE, replace(LAND, applies_to=on(sources=["hr"])), EVERYONE],
    ),
    "a removal is no longer covered": (
        "removal-uncovers",
        world(PEOPLE, PII, ALL_COLUMNS),
        [PEOPLE, ("remove", PII), replace(ALL_COLUMNS, staged=True), EVERYONE],
    ),
}


@pytest.mark.parametrize(("code", "deployed", "changes"), SPOILT.values(), ids=SPOILT.keys())
def test_what_the_plan_spoils_is_told_once(code: str, deployed: World, changes: Sequence[Change]):
    assert [each for each, _ in in_every_order(deployed, *changes)].count(code) == 1


def test_what_was_wrong_and_stays_so_is_told_once_in_whatever_order():
    stored = world(PEOPLE, replace(LAND, show=Where("lnd = 'US'")), PII, ALL_COLUMNS, NARROW)
    codes = [code for code, _ in in_every_order(stored, *_things(stored))]
    assert sorted(codes) == ["masks-stacked", "nobody-admitted", "policy-matches-nothing", "unknown-column"]


def _things(stored: World) -> Iterator[Change]:
    for each in (stored.data_sources, stored.row_policies, stored.masking_policies, stored.subscription_policies):
        yield from each.values()


def test_the_order_of_masks_is_that_of_the_plan():
    deployed = world(PEOPLE, PII, ALL_COLUMNS)
    ((_, before),) = in_every_order(deployed, PEOPLE, PII, ALL_COLUMNS, EVERYONE)
    ((_, after),) = in_every_order(deployed, PEOPLE, PII, replace(ALL_COLUMNS, priority=7), EVERYONE)
    assert '"pii", then "all" mask in this order' in before
    assert '"all", then "pii" mask in this order' in after


def test_what_another_configuration_holds_is_left_to_it():
    stored = world(PEOPLE, replace(LAND, show=Where("lnd = 'US'")))
    assert told(stored, [PEOPLE]) == told(stored, [LAND]) == []


def _of_all(planned: World) -> Iterator[Finding]:
    """What is wrong with all of a World, looked at at once."""
    for each in planned.data_sources.values():
        yield from lint_source(planned, each)
    for policies in (planned.masking_policies, planned.row_policies, planned.subscription_policies):
        for policy in policies.values():
            yield from lint_policy(planned, policy)


@settings(max_examples=60, deadline=None)
@given(st.lists(things, max_size=6), st.lists(things, max_size=6), st.randoms(use_true_random=False))
def test_a_plan_finds_step_by_step_whatever_is_wrong_in_the_end(there: list[Any], new: list[Any], chance: Random):
    deployed = world(*there)
    coming = apply(deployed, *map(Put, new))
    order = list(_things(coming))
    chance.shuffle(order)
    for begun in (deployed, None):
        found = {detail for _, detail in told(begun, order)}
        for each in _of_all(coming):
            if not each.absent or (begun is not None and lookup(begun, each.kind, each.key) is not None):
                assert each.detail in found, (each, order)


def test_a_plan_of_what_is_new_proves_nothing_absent():
    assert [code for code, _ in in_every_order(world(), PEOPLE, GEO, NARROW)] == ["tag-missing"]


def test_a_view_that_stays_what_it_is_is_not_written_to_learn_how_long_it_is(monkeypatch: pytest.MonkeyPatch):
    measured = []

    def compile_resolved(_: Any, resolved: Resolved) -> str:
        measured.append(resolved.source.key)
        return ""

    monkeypatch.setattr(view_sizes, "compile_resolved", compile_resolved)
    (mask,) = EVERYTHING.masking_policies.values()

    def measured_by(*planned: Any, written: frozenset[str] = frozenset({SOURCE.key}), gone: str = "") -> list[str]:
        measured.clear()
        plan = PlannedWorld(EVERYTHING, written=written)
        if gone:
            plan.remove(Kind.MASKING_POLICY, gone)
        for each in planned:
            plan.put(each, key_of(each))
        return list(measured)

    assert measured_by(EVERYTHING.integration, mask, SOURCE) == []
    assert measured_by(SOURCE, written=frozenset()) == [SOURCE.key], "an older compiler wrote it"
    assert measured_by(replace(SOURCE, enabled=False)) == [SOURCE.key]
    assert measured_by(replace(mask, mask=Null()), SOURCE)[-1:] == [SOURCE.key]
    assert measured_by(RowPolicy("more", on("pii"), Never()), SOURCE)[-1:] == [SOURCE.key]
    assert measured_by(SOURCE, gone="pii")[-1:] == [SOURCE.key]

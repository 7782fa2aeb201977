"""The world as it will be, while Terraform plans in whatever order it likes."""

from dataclasses import replace

import pytest

from tests.policy.building import column, on, source, varchar, world
from veil.governance.planned import PlannedWorld
from veil.model import Hash, Kind, MaskingPolicy, Never, Profile, Project, RowPolicy

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


def test_a_plan_warns_of_a_member_of_an_equalized_project_who_has_no_profile():
    planned = PlannedWorld(HALF)
    (found,) = planned.put(EQUAL)
    assert (found.severity, found.code, found.path) == ("warning", "member-without-profile", ("members",))
    assert found.detail == (
        'Project "equal" is equalized, and these of its members have no user profile: bob. They see no rows, and so '
        "no member does while acting in the project. Make a veil_user_profile for each of them, or take them out of members."
    )
    assert planned.put(EQUAL) == [], "each finding is told once"


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
    together.expect_profiles({"bob"})
    assert together.put(EQUAL) == []


def test_a_plan_tells_once_both_the_end_of_a_profile_and_the_staying_of_its_project_are_known():
    first, second, whole = PlannedWorld(BOTH), PlannedWorld(BOTH), PlannedWorld(BOTH)
    found = (first.remove(Kind.PROFILE, "bob"), first.put(EQUAL), second.put(EQUAL), second.remove(Kind.PROFILE, "bob"))
    assert [[each.code for each in one] for one in found] == [[], ["member-without-profile"]] * 2
    assert whole.remove(Kind.PROFILE, "bob") == whole.remove(Kind.PROJECT, "equal") == []


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
    assert {each.priority: name for name, each in planned._world.masking_policies.items()} == {1: "two", 2: third}


def test_a_name_that_one_gives_up_and_another_takes_does_not_go():
    planned = PlannedWorld(NAMED)
    planned.put(replace(ONE, name="two"), "one")
    planned.remove(Kind.MASKING_POLICY, "two")
    assert {name: each.priority for name, each in planned._world.masking_policies.items()} == {"two": 1}

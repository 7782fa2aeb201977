"""Draws worlds whose people act in an equalized project and each hold what some of the others do
not.

Drawn one by one, people seldom act in the same project, and their values seldom meet those of a row
and not those of another member: what is held in doubt would decide next to nothing.
"""

from dataclasses import replace

from tests.fuzz.drawing import Draw, chance, pick, several, some
from tests.fuzz.policies import exceptions
from tests.fuzz.pools import ATTRIBUTES, HELD, PROJECTS
from veil.language import to_text, tree
from veil.model import AppliesTo, Exceptions, Profile, Project, Put, RowPolicy, Where, World
from veil.model.change import apply

_COLUMNS = ("t", "t", "t", "id", "a1", "d")
"""Columns of every source whose cells read like what users hold."""


def equalized(draw: Draw, world: World) -> World:
    """The world with all its people in one equalized project, and rows that show by what its
    members hold.

    Without two people who have profiles it stays as it is.
    """
    members = several(draw, tuple(world.profiles), 2, 4)
    if len(members) < 2:
        return world
    attributes = several(draw, ATTRIBUTES, 1, 2)
    profiles = [_profile(draw, world.profiles[member], attributes) for member in members]
    project = Project(
        PROJECTS[0],
        frozenset(members),
        frozenset(world.data_sources),
        frozenset(world.purposes),
        masked_joins=chance(draw, 50),
        equalized=True,
    )
    kept = world.row_policies if chance(draw, 30) else {}
    world = replace(world, row_policies=kept)
    world = apply(world, *(Put(each) for each in (*profiles, project, _policy(draw, attributes))))
    acting = {each: replace(world.runtimes[each], current_project=project.name) for each in members}
    return replace(world, runtimes={**world.runtimes, **acting})


def _profile(draw: Draw, profile: Profile, attributes: list[str]) -> Profile:
    """The profile with several of the common values under each attribute, and as groups: most are
    not everybody's.
    """
    held = {name: some(draw, HELD, 2, 7) for name in attributes}
    return replace(profile, groups=some(draw, HELD, 2, 7), attributes={**profile.attributes, **held})


def _policy(draw: Draw, attributes: list[str]) -> RowPolicy:
    """Rows show where a list of the user's holds a column, or two of them: alone, or one or the
    other.
    """
    tests: tuple[tree.Expression, ...] = tuple(_test(draw, attributes) for _ in range(pick(draw, (1, 1, 2))))
    joined = tests[0] if len(tests) == 1 else tree.Or(tests) if chance(draw, 60) else tree.And(tests)
    excepted = exceptions(draw) if chance(draw, 20) else Exceptions()
    return RowPolicy("shared", AppliesTo(all_data_sources=True), Where(to_text(joined)), exceptions=excepted)


def _test(draw: Draw, attributes: list[str]) -> tree.Expression:
    value = tree.ColumnName(pick(draw, _COLUMNS))
    kind = pick(draw, ("attribute", "attribute", "group", "not"))
    if kind == "group":
        return tree.GroupsContains(value)
    test = tree.AttributeValuesContains(pick(draw, attributes), value)
    return tree.Not(test) if kind == "not" else test

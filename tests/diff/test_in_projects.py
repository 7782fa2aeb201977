"""Users who may act in projects, looked at by class: the same is found of them as of each alone."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.diff.test_comparing import CUSTOMERS, EMAILS, NOW, world
from tests.diff.worlds import change
from tests.fuzz.drawing import seeded
from veil.diff import compare
from veil.diff.access import NOTHING, Access, Rules
from veil.diff.comparing import _column
from veil.diff.conditions import covers
from veil.diff.in_projects import InProjects
from veil.diff.partitions import Cache
from veil.diff.people import People, policies_of, questions
from veil.model import Exceptions, Profile, Project, Purpose, Put, Runtime, World
from veil.model.change import apply
from veil.oracle import acknowledgement_hash

Told = tuple[str, str, str | None, str]
"""A data source, what it is about, a column and a user."""


def one_by_one(before: World, after: World, now: datetime) -> set[Told]:
    """What changes for each user, looked at alone."""
    users = sorted(before.profiles.keys() | after.profiles.keys())
    sources = sorted(before.data_sources.keys() | after.data_sources.keys())
    told: set[Told] = set()
    for key in sources:
        sides = [
            Rules(each, each.data_sources[key], now) if key in each.data_sources else None for each in (before, after)
        ]
        for user in users:
            had, gets = (each.access(user) if each is not None else NOTHING for each in sides)
            told |= {(key, aspect, column, user) for aspect, column in _of_one(had, gets, sides)}
    return told


def _of_one(had: Access, gets: Access, sides: list[Rules | None]) -> Iterator[tuple[str, str | None]]:
    if not (had.sees or gets.sees):
        return
    if not had.sees or not gets.sees:
        yield "access", None
        return
    if not covers(had.rows, gets.rows) or not covers(gets.rows, had.rows):
        yield "rows", None
    types = [{each.name: each.type for each in side.columns} if side is not None else {} for side in sides]
    for name in {*had.columns, *gets.columns}:
        one, other = had.columns.get(name), gets.columns.get(name)
        if _column(one, other, (types[0].get(name), types[1].get(name)), had.rows, gets.rows) is not None:
            yield "column", name


@pytest.mark.parametrize("seed", range(40))
def test_what_is_found_of_classes_is_what_is_found_of_each_user_alone(seed: int):
    now = datetime(2026, 5, 17, 12, 30, tzinfo=UTC)
    drawn = change(seeded(f"alone {seed}"), now)
    findings = compare(drawn.case.world, drawn.after, now=now, searching=False).findings
    told = {
        (each.data_source, each.aspect, each.column, user)
        for each in findings
        for user in each.users
        if each.aspect != "identity"
    }
    assert told == one_by_one(drawn.case.world, drawn.after, now)


def test_of_many_members_who_are_alike_one_is_looked_at():
    many = [Profile(f"user{at}", frozenset({f"group{at}", "sales"})) for at in range(500)]
    team = Project("team", frozenset(each.user for each in many), frozenset({CUSTOMERS.key}), frozenset())
    before = world(*many, team)
    people = People(before, before, questions(policies_of(before)), NOW)
    together = InProjects(Rules(before, CUSTOMERS, NOW), people.sides[0], people.everybody, Cache())
    cells = together.cells(together.stacks(next(each for each in CUSTOMERS.columns if each.name == "email")))
    assert sorted(bits.bit_count() for bits in cells.values()) == [1, 2, 500]
    wider = replace(EMAILS, exceptions=Exceptions(groups=frozenset({"hr", "sales"})))
    (one,) = compare(before, apply(before, Put(wider)), now=NOW).findings
    assert len(one.users) == 501 and one.who == "without group hr"


def test_members_who_acknowledged_a_purpose_are_told_from_those_who_did_not():
    team = Project("team", frozenset({"bob", "dan"}), frozenset({CUSTOMERS.key}), frozenset({"fraud"}))
    agreed = Runtime("dan", None, {"fraud": acknowledgement_hash("I agree.")})
    before = replace(
        world(team, Profile("dan", frozenset({"sales"})), Purpose("fraud", "I agree.")), runtimes={"dan": agreed}
    )
    excepted = replace(EMAILS, exceptions=Exceptions(purposes=frozenset({"fraud"})))
    findings = compare(before, apply(before, Put(excepted)), now=NOW).gains
    assert {(tuple(each.users), each.after) for each in findings} == {
        (("dan",), "clear"),
        (("bob",), "sometimes clear, else hash"),
    }

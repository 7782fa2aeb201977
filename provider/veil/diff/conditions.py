"""Under which conditions something shows: alternatives, each a set of tests that must all hold.

Two conditions are compared by what they are made of. `covers` may fail to see that one covers
another, and never says so wrongly: what is announced on the strength of it may be too much, and is
never too little.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce
from typing import Any, Literal

MOST_ALTERNATIVES = 64
"""So many alternatives are told apart. More of them count as one test, which only an equal one, or
one with more of them, covers.
"""


@dataclass(frozen=True, slots=True)
class Test:
    """Something that a row, or what a user has still to agree to, decides.

    Tests of one `key` differ in their `extent` alone; `widens` says whether a larger extent lets
    more pass, lets less pass, or tells nothing. `opposite` is the key of the test that cannot hold
    together with this one.
    """

    key: tuple[Any, ...]
    extent: Any = None
    widens: Literal[-1, 0, 1] = 0
    opposite: tuple[Any, ...] = ()
    words: str = field(default="", compare=False)

    def implies(self, other: "Test") -> bool:
        """Whether the other test holds wherever this one does, as far as that is known."""
        if self.key != other.key:
            return False
        if self.extent == other.extent:
            return True
        if self.widens == 1 and other.widens == 1:
            return bool(self.extent <= other.extent)
        return self.widens == -1 and other.widens == -1 and bool(self.extent >= other.extent)


Alternative = frozenset[Test]
Condition = frozenset[Alternative]

ALWAYS: Condition = frozenset({frozenset()})
NEVER: Condition = frozenset()


def only(test: Test) -> Condition:
    """The condition that this one test holds."""
    return frozenset({frozenset({test})})


def constant(*, holds: bool) -> Condition:
    return ALWAYS if holds else NEVER


def either(conditions: Iterable[Condition]) -> Condition:
    """That one of them holds."""
    return _simplest(alternative for each in conditions for alternative in each)


def both(conditions: Iterable[Condition]) -> Condition:
    """That all of them hold."""
    return reduce(_both, conditions, ALWAYS)


def covers(wide: Condition, narrow: Condition) -> bool:
    """Whether `wide` holds wherever `narrow` does, as far as that is known."""
    if wide == narrow or not narrow or frozenset() in wide:
        return True
    return all(any(_is_within(each, other) for other in wide) for each in narrow)


def keys(condition: Condition) -> frozenset[tuple[Any, ...]]:
    """The keys of its tests, and of their opposites. Conditions that have none in common decide
    about nothing of each other.
    """
    tests = (test for each in condition for test in each)
    return frozenset(key for test in tests for key in (test.key, test.opposite) if key)


def _both(one: Condition, other: Condition) -> Condition:
    if one == ALWAYS or not other:
        return other
    if other == ALWAYS or not one:
        return one
    if len(one) * len(other) > MOST_ALTERNATIVES:
        one, other = _as_one(one), _as_one(other)
    return _simplest(left | right for left in one for right in other if not _excludes(left, right))


def _as_one(condition: Condition) -> Condition:
    if len(condition) == 1:
        return condition
    return only(Test(("one of",), condition, 1, words="one of several conditions"))


def _excludes(left: Alternative, right: Alternative) -> bool:
    keys = {each.key for each in right}
    return any(each.opposite and each.opposite in keys for each in left)


def _simplest(alternatives: Iterable[Alternative]) -> Condition:
    """Without alternatives that others say already."""
    shortest_first = sorted(set(alternatives), key=len)
    kept: list[Alternative] = []
    for each in shortest_first:
        if not any(other <= each for other in kept):
            kept.append(each)
    return frozenset(kept)


def _is_within(narrow: Alternative, wide: Alternative) -> bool:
    return all(any(each.implies(test) for each in narrow) for test in wide)

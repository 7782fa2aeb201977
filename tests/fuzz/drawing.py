"""How everything random is drawn: one number below a limit at a time.

Hypothesis gives the numbers where a failing example must shrink, a seeded generator where many
worlds must differ: Hypothesis likes to vary what it has already made, and four of five expressions
would be repetitions.
"""

import random
from collections.abc import Callable, Sequence
from functools import cache
from typing import TypeVar

from hypothesis import strategies as st

Draw = Callable[[int], int]
"""A number from 0 to below the argument."""
Item = TypeVar("Item")


@cache
def _below(limit: int) -> st.SearchStrategy[int]:
    return st.integers(0, limit - 1)


def shrinking(draw: Callable[[st.SearchStrategy[int]], int]) -> Draw:
    """Numbers from Hypothesis, inside a composite strategy."""
    return lambda limit: draw(_below(limit))


def seeded(seed: str) -> Draw:
    """Numbers from a generator of this seed."""
    return random.Random(seed).randrange


def pick(draw: Draw, pool: Sequence[Item]) -> Item:
    """One of the pool; shrinks towards its first."""
    return pool[draw(len(pool))]


def chance(draw: Draw, percent: int) -> bool:
    """True in about so many of a hundred draws; shrinks towards False.

    Hypothesis likes the ends of a range, which must not make rare things frequent: they are mapped
    to its middle.
    """
    return draw(100) * 61 % 100 >= 100 - percent


def some(draw: Draw, pool: Sequence[Item], least: int = 0, most: int = 3) -> frozenset[Item]:
    """A few of the pool."""
    return frozenset(several(draw, pool, least, most))


def several(draw: Draw, pool: Sequence[Item], least: int, most: int) -> list[Item]:
    """A few different ones of the pool, in any order."""
    left = list(dict.fromkeys(pool))
    count = min(len(left), least + draw(most - least + 1))
    return [left.pop(draw(len(left))) for _ in range(count)]

"""Shorthands for drawing. The strategies behind them are made once, which is most of the cost of a draw."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, TypeVar

from hypothesis import strategies as st

Draw = Callable[..., Any]
Item = TypeVar("Item")


@cache
def _below(count: int) -> st.SearchStrategy[int]:
    return st.integers(0, count - 1)


def pick(draw: Draw, pool: Sequence[Item]) -> Item:
    """One of the pool; shrinks towards its first."""
    return pool[draw(_below(len(pool)))]


def chance(draw: Draw, percent: int) -> bool:
    """True in about so many of a hundred draws; shrinks towards False.

    Hypothesis likes the ends of a range, which must not make rare things frequent: they are mapped to its middle.
    """
    return bool(draw(_below(100)) * 61 % 100 >= 100 - percent)


def some(draw: Draw, pool: Sequence[Item], least: int = 0, most: int = 3) -> frozenset[Item]:
    """A few of the pool."""
    return frozenset(several(draw, pool, least, most))


def several(draw: Draw, pool: Sequence[Item], least: int, most: int) -> list[Item]:
    """A few different ones of the pool, in any order."""
    left = list(dict.fromkeys(pool))
    count = min(len(left), least + draw(_below(most - least + 1)))
    return [left.pop(draw(_below(len(left)))) for _ in range(count)]


def maybe(draw: Draw, strategy: st.SearchStrategy[Item], percent: int) -> Item | None:
    """A value of the strategy in about so many of a hundred draws, else None."""
    return draw(strategy) if chance(draw, percent) else None

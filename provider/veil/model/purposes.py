"""Purposes stand in a tree by their dotted names: `fraud.cards` is a sub-purpose of `fraud`."""

from collections.abc import Mapping

from veil.model.names import problem_with_value
from veil.model.people import Purpose


def covering(purpose: str) -> tuple[str, ...]:
    """The purposes that somebody acting under this one acts under: itself, then those above it,
    nearest first.

    A policy for `fraud` thus covers `fraud.cards`, on dot boundaries and to the letter.
    """
    parts = purpose.split(".")
    above = (".".join(parts[:depth]) for depth in range(len(parts) - 1, 0, -1))
    return (purpose, *(name for name in above if name and problem_with_value(name) is None))


def words(purposes: Mapping[str, Purpose], name: str) -> str:
    """The text that one agrees to for a purpose: its own, else that of the nearest purpose above
    that has one.

    Empty where there is none, and then the purpose never counts.
    """
    texts = (purposes[each].acknowledgement for each in covering(name) if each in purposes)
    return next(filter(None, texts), "") if name in purposes else ""

"""What a user holds of one kind, some of it perhaps in doubt."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import reduce

from veil.oracle.logic import Truth


@dataclass(frozen=True, slots=True)
class Entitlements:
    """Texts that the user holds, and those that count neither as held nor as not held.

    In doubt is what some and not all members of an equalized project hold: a test that asks for it
    is unknown, so that whatever a condition says of the project is true of every member.
    """

    certain: frozenset[str] = frozenset()
    doubtful: frozenset[str] = frozenset()

    def some(self, test: Callable[[str], bool]) -> Truth:
        """Whether the test holds for a text that is held: unknown where only texts in doubt would
        do.
        """
        if any(map(test, self.certain)):
            return True
        return None if any(map(test, self.doubtful)) else False

    def has(self, text: str) -> Truth:
        """Whether this very text is held."""
        return True if text in self.certain else None if text in self.doubtful else False

    def __iter__(self) -> Iterator[str]:
        """What is held for certain."""
        return iter(self.certain)


NONE = Entitlements()


def held(texts: Iterable[str]) -> Entitlements:
    """Texts that are held, none of them in doubt."""
    return Entitlements(frozenset(texts))


def shared(each_ones: Iterable[frozenset[str]]) -> Entitlements:
    """What all of several people hold for certain, and in doubt what only some of them hold."""
    everybody = tuple(each_ones)
    if not everybody:
        return NONE
    common = reduce(frozenset.intersection, everybody)
    return Entitlements(common, frozenset().union(*everybody) - common)

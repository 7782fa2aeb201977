"""Users in words: what they have in common, and the others have not."""

from collections.abc import Iterable, Sequence
from heapq import heapify, heappop, heapreplace

from veil.diff.people import EVERYTHING, Bits, People, Question, Side
from veil.diff.residual import OF_GROUPS

_MOST_WORDS = 4
"""A description with more parts than this says less than names."""


def described(users: Bits, people: People, asked: Iterable[Question]) -> str:
    """What tells these users from all others, such as "group contractors, without group hr"; "everybody" where there are no
    others, and nothing where it cannot be said in a few words. Questions are what may be told them apart by.
    """
    side = people.sides[1] if not users & ~people.sides[1].profiled else people.sides[0]
    left = side.profiled & ~users
    if users & ~side.profiled:
        return ""
    if not left:
        return "everybody"
    parts: list[tuple[bool, Question]] = []
    known = [
        each
        for each in sorted(asked)
        if each[0] in ("group", "attribute") or (each[0] == "user" and each[1] != EVERYTHING)
    ]
    found = _Candidates(users, side, known)
    while left and len(parts) < _MOST_WORDS:
        best = found.best(left)
        if best is None:
            return ""
        holds, question, left = best
        parts.append((holds, question))
    if left:
        return ""
    return ", ".join(
        ("" if holds else "without ") + _named(each) for holds, each in sorted(parts, key=lambda part: not part[0])
    )


class _Candidates:
    """What could tell users from others: a question that all of them answer with yes, or all of them with no.

    A candidate never excludes more of those who are left than it did of more of them. So they wait in the order of what they
    excluded when they were last looked at, and only the ones at the head are counted again: sets of a hundred thousand
    users are large numbers, and a data source has dozens of questions.
    """

    def __init__(self, users: Bits, side: Side, questions: Sequence[Question]) -> None:
        self._answers: list[Bits] = []
        self._questions: list[tuple[bool, Question]] = []
        self._waiting: list[tuple[int, bool, int]] = []
        profiled = side.profiled.bit_count()
        for question in questions:
            yes = side.yes.get(question, 0)
            common = users & yes
            if common and common != users:
                continue
            holds = bool(common)
            # None of the users is among those whom it excludes, so that all of these are left at the start.
            excludes = profiled - yes.bit_count() if holds else yes.bit_count()
            # Of two that exclude as many, what is held says more than what is not; of two of these, the first one.
            self._waiting.append((-excludes, not holds, len(self._questions)))
            self._questions.append((holds, question))
            self._answers.append(yes)
        heapify(self._waiting)

    def best(self, left: Bits) -> tuple[bool, Question, Bits] | None:
        """The one that excludes most of those who are left: whether it is held, the question and who then stays. None where
        nothing excludes anybody.
        """
        while self._waiting:
            _, lacked, at = self._waiting[0]
            holds, question = self._questions[at]
            stay = left & self._answers[at] if holds else left & ~self._answers[at]
            count = (left ^ stay).bit_count()
            if not count:
                heappop(self._waiting)
                continue
            now = (-count, lacked, at)
            heapreplace(self._waiting, now)
            if self._waiting[0] == now:
                return holds, question, stay
        return None


def _named(question: Question) -> str:
    kind, name, value = question
    if kind == "attribute":
        return f"{name} = {value}"
    return f"{kind} {name}" if name != OF_GROUPS else kind

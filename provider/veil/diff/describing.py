"""Users in words: what they have in common, and the others have not."""

from collections.abc import Iterable, Sequence
from heapq import heapify, heappop, heapreplace

from veil.diff.people import EVERYTHING, Bits, People, Question, Side
from veil.diff.residual import OF_GROUPS

_MOST_WORDS = 4
"""A description with more parts than this says less than names."""


def described(users: Bits, people: People, asked: Iterable[Question]) -> str:
    """What tells these users from all others, such as "group contractors, without group hr";
    "everybody" where there are no others, and nothing where it cannot be said in a few words.
    Questions are what may be told them apart by.
    """
    questions = frozenset(asked)
    place = users, questions
    if place not in people.descriptions:
        people.descriptions[place] = _described(users, people, questions)
    return people.descriptions[place]


def _described(users: Bits, people: People, asked: Iterable[Question]) -> str:
    side = people.sides[1] if not users & ~people.sides[1].profiled else people.sides[0]
    left = side.profiled & ~users
    if users & ~side.profiled:
        return ""
    if not left:
        return "everybody"
    known = [
        each
        for each in sorted(asked)
        if each[0] in ("group", "attribute") or (each[0] == "user" and each[1] != EVERYTHING)
    ]
    candidates = _candidates(users, left, side, known)
    if candidates is None:
        return ""
    parts: list[tuple[bool, Question]] = []
    queue = _Candidates(candidates, side)
    while left and len(parts) < _MOST_WORDS:
        best = queue.best(left)
        if best is None:
            return ""
        holds, question, left = best
        parts.append((holds, question))
    if left:
        return ""
    return ", ".join(
        ("" if holds else "without ") + _named(each) for holds, each in sorted(parts, key=lambda part: not part[0])
    )


def _candidates(
    users: Bits, left: Bits, side: Side, questions: Iterable[Question]
) -> list[tuple[bool, Question]] | None:
    """The questions that all of the users answer with yes, or all of them with no; None where all
    of these together do not tell them from those who are left, which is so of most.
    """
    candidates: list[tuple[bool, Question]] = []
    for question in questions:
        yes = side.yes.get(question, 0)
        common = users & yes
        if common and common != users:
            continue
        candidates.append((bool(common), question))
        left = left & yes if common else left & ~yes
    return None if left else candidates


class _Candidates:
    """What could tell users from others: a question that all of them answer with yes, or all of
    them with no.

    A candidate never excludes more of those who are left than it did of more of them. So they wait
    in the order of what they excluded when they were last looked at, and only the ones at the head
    are counted again: sets of a hundred thousand users are large numbers, and a data source has
    dozens of questions.
    """

    def __init__(self, candidates: Sequence[tuple[bool, Question]], side: Side) -> None:
        self._questions = candidates
        self._answers = [side.yes.get(question, 0) for _, question in candidates]
        # Of two that exclude as many, what is held says more than what is not; of two of these, the
        # first one. None of the users is among those whom it excludes, so that all of these are
        # left at the start.
        self._waiting = [
            (-side.excluded(question, holds=holds), not holds, at) for at, (holds, question) in enumerate(candidates)
        ]
        heapify(self._waiting)

    def best(self, left: Bits) -> tuple[bool, Question, Bits] | None:
        """The one that excludes most of those who are left: whether it is held, the question and
        who then stays. None where nothing excludes anybody.
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

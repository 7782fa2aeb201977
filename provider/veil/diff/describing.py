"""Users in words: what they have in common, and the others have not."""

from collections.abc import Iterable

from veil.diff.people import EVERYTHING, Bits, People, Question
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
    answers = {each: side.yes.get(each, 0) for each in known}
    held = [each for each, yes in answers.items() if not users & ~yes]
    lacked = [each for each, yes in answers.items() if not users & yes]
    while left and len(parts) < _MOST_WORDS:
        # Of two that tell as many apart, what is held says more than what is not.
        found = [((left & ~answers[each]).bit_count(), True, each) for each in held]
        found += [((left & answers[each]).bit_count(), False, each) for each in lacked]
        count, holds, best = max(found, key=lambda each: each[:2], default=(0, True, ("", "", "")))
        if not count:
            return ""
        parts.append((holds, best))
        left &= answers[best] if holds else ~answers[best]
    if left:
        return ""
    return ", ".join(
        ("" if holds else "without ") + _named(each) for holds, each in sorted(parts, key=lambda part: not part[0])
    )


def _named(question: Question) -> str:
    kind, name, value = question
    if kind == "attribute":
        return f"{name} = {value}"
    return f"{kind} {name}" if name != OF_GROUPS else kind

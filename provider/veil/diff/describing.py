"""Classes of users in words: what they have in common, and the others have not."""

from collections.abc import Collection, Iterable, Sequence

from veil.diff.people import OF_GROUPS, Class, Question

_MOST_WORDS = 4
"""A description with more parts than this says less than names."""


def described(chosen: Sequence[Class], everybody: Sequence[Class], asked: Iterable[Question]) -> str:
    """What tells the users of the chosen classes from all others, such as "group contractors, without group hr"; "everybody"
    where there are no others, and nothing where it cannot be said in a few words.
    """
    mine = {id(each) for each in chosen}
    others = [each.answers for each in everybody if id(each) not in mine]
    if not others:
        return "everybody"
    answers = [each.answers for each in chosen]
    common = frozenset.intersection(*answers)
    lacked = frozenset(asked) - frozenset().union(*answers)
    parts: list[tuple[bool, Question]] = []
    left: Collection[frozenset[Question]] = others
    while left and len(parts) < _MOST_WORDS:
        best = max(_parts(common, lacked), key=lambda each: _excludes(each, left), default=None)
        if best is None or not _excludes(best, left)[0]:
            return ""
        parts.append(best)
        left = [each for each in left if (best[1] in each) == best[0]]
    if left:
        return ""
    words = [
        ("" if holds else "without ") + _named(question) for holds, question in sorted(parts, key=lambda p: not p[0])
    ]
    return ", ".join(words)


def _parts(common: Iterable[Question], lacked: Iterable[Question]) -> list[tuple[bool, Question]]:
    found = [(True, each) for each in sorted(common)] + [(False, each) for each in sorted(lacked)]
    return [each for each in found if each[1][0] in ("group", "attribute", "holds", "user")]


def _excludes(part: tuple[bool, Question], left: Collection[frozenset[Question]]) -> tuple[int, bool]:
    """How many others it tells apart; of two that tell as many, what is held says more than what is not."""
    holds, question = part
    return sum((question in each) != holds for each in left), holds


def _named(question: Question) -> str:
    kind, name, value = question
    if kind == "group":
        return f"group {name}"
    if kind == "attribute":
        return f"{name} = {value}"
    if kind == "user":
        return f"user {name}"
    return "any group" if name == OF_GROUPS else f"any {name}"

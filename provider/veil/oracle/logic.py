"""SQL's three-valued logic: TRUE, FALSE and, as None, unknown."""

from collections.abc import Iterable

Truth = bool | None


def negation(truth: Truth) -> Truth:
    """NOT: unknown stays unknown."""
    return None if truth is None else not truth


def conjunction(truths: Iterable[Truth]) -> Truth:
    """AND over any number: FALSE wins, then unknown; TRUE over nothing."""
    met = set(truths)
    if False in met:
        return False
    return None if None in met else True


def disjunction(truths: Iterable[Truth]) -> Truth:
    """OR over any number: TRUE wins, then unknown; FALSE over nothing."""
    met = set(truths)
    if True in met:
        return True
    return None if None in met else False


def held(operator: str, truths: Iterable[Truth]) -> Truth:
    """ "any" or "all" over the items of a list. An empty list never holds, under "all" too (design:
    fail closed).
    """
    items = tuple(truths)
    if not items:
        return False
    return conjunction(items) if operator == "all" else disjunction(items)

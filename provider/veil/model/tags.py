"""Tags: dotted names such as `pii.email`, where a parent covers its children."""

from collections.abc import Iterable

from veil.model.names import problem_with_value


def fold(tag: str) -> str:
    """The one spelling in which tags are stored and compared: lower case."""
    return tag.lower()


def problem_with_tag(tag: str) -> str | None:
    """Why this is no tag, or None where it is one: a tag that could match nothing would protect
    nothing.
    """
    if not tag:
        return "it is empty"
    if problem := problem_with_value(tag):
        return problem
    return None if all(part.strip() for part in tag.split(".")) else "a part between its dots is empty"


def covers(parent: str, child: str) -> bool:
    """Whether `parent` is `child` or stands above it, on a dot boundary (`pii` covers `pii.email`,
    not `piiX`).
    """
    parent, child = fold(parent), fold(child)
    return child == parent or child.startswith(parent + ".")


def with_parents(tag: str) -> tuple[str, ...]:
    """The tags that cover this one, itself among them, as they are compared."""
    tag = fold(tag)
    return (*(tag[:at] for at, character in enumerate(tag) if character == "."), tag)


def depth(tag: str) -> int:
    """How deep a tag stands: `pii` is 1, `pii.email` is 2."""
    return tag.count(".") + 1


def matching(wanted: Iterable[str], present: Iterable[str]) -> frozenset[str]:
    """The tags of `wanted` that cover at least one tag of `present`."""
    have = frozenset(present)
    return frozenset(tag for tag in wanted if any(covers(tag, each) for each in have))

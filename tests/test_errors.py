"""The errors of veil are one tree, which is drawn where its root is."""

import re
from collections.abc import Iterator
from importlib import import_module
from inspect import signature

import pytest

import veil.errors
from tests.test_architecture import modules, name_of, package_of
from veil.errors import VeilError


def tree(cls: type[VeilError], depth: int = 0) -> Iterator[tuple[int, str]]:
    yield depth, cls.__name__
    for each in sorted(cls.__subclasses__(), key=lambda each: each.__name__):
        yield from tree(each, depth + 1)


def drawn() -> Iterator[tuple[int, str]]:
    for line in (veil.errors.__doc__ or "").splitlines():
        if found := re.match(r"    ([│├└─ ]*)(\w+Error)\b", line):
            yield len(found[1]) // 4, found[2]


def test_the_tree_is_as_it_is_drawn():
    for path in modules():
        if package_of(path) not in ("plugin", "local"):
            import_module(name_of(path))
    branches = sorted(tree(VeilError))
    assert branches == sorted(drawn())
    assert parents(list(tree(VeilError))) == parents(list(drawn()))


def parents(nodes: list[tuple[int, str]]) -> dict[str, str]:
    """By class, the one above it."""
    above: dict[int, str] = {}
    found = {}
    for depth, name in nodes:
        above[depth] = name
        found[name] = above.get(depth - 1, "")
    return found


@pytest.mark.parametrize("name", ["summary", "detail", "path"])
def test_every_error_has_what_people_are_told(name: str):
    assert name in signature(VeilError).parameters
    assert hasattr(VeilError("a title", "what was found"), name)

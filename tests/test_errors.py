"""The errors of veil are one tree, which is drawn where its root is."""

import re
from collections.abc import Iterator
from importlib import import_module
from inspect import signature
from typing import Any, get_type_hints

import pytest

import veil.errors
from tests.test_architecture import modules, name_of, package_of
from veil.errors import VeilError
from veil.warehouse import WarehouseError


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


def every(cls: type[VeilError] = VeilError) -> Iterator[type[VeilError]]:
    for path in modules():
        if package_of(path) not in ("plugin", "local"):
            import_module(name_of(path))
    yield cls
    for each in cls.__subclasses__():
        yield from every(each)


SPECIMENS: dict[type, Any] = {
    str: "a word",
    int: 1,
    bool: True,
    Exception: ValueError("wrong"),
    WarehouseError: WarehouseError("A title", "What was found."),
}


@pytest.mark.parametrize("cls", list(every()), ids=lambda cls: cls.__name__)
def test_every_error_has_a_title_what_was_found_and_where(cls: type[VeilError]):
    hints = get_type_hints(cls.__init__)
    needed = [each for each in list(signature(cls.__init__).parameters.values())[1:] if each.default is each.empty]
    error = cls(*(SPECIMENS.get(hints.get(each.name, str), "a word") for each in needed))
    assert error.summary and not error.summary.endswith(".")
    assert isinstance(error.detail, str) and isinstance(error.path, tuple)

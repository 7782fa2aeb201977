"""The page of everything that veil tells says all of it."""

import ast
from pathlib import Path

from tools import diagnostics, docs
from tools.diagnostics_explained import EXPLAINED
from veil.errors import VeilError
from veil.governance import errors
from veil.policy.messages import WORDINGS
from veil.warehouse.errors import REFUSALS, from_server

ROOT = Path(__file__).parents[2]


def test_the_page_in_the_documentation_is_the_one_of_this_source() -> None:
    assert (ROOT / "docs" / diagnostics.PAGE).read_text() == diagnostics.page(), f"run {docs.COMMAND}"


def test_every_title_says_what_it_means() -> None:
    assert [each.title for each in diagnostics.entries() if not each.details] == []


def test_nothing_is_explained_that_nobody_says() -> None:
    assert EXPLAINED.keys() - {each.title for each in diagnostics.entries()} == set()


def test_whoever_gives_a_title_writes_it_where_it_is_read() -> None:
    """Or hands on that of another. A new place that puts a title together from parts would be
    missing in the page.
    """
    untitled = {each.module for each in diagnostics.said() if each.title is None}
    assert untitled == diagnostics.HANDED_ON


def test_every_class_of_errors_is_read() -> None:
    """It is given a title where it is raised, or has one of its own."""

    def below(cls: type[VeilError]) -> set[type[VeilError]]:
        return {cls}.union(*map(below, cls.__subclasses__()))

    own = {
        node.name
        for path in (ROOT / "provider" / "veil").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef) and diagnostics._own_title(node)
    }
    known = {each.__name__ for each in below(VeilError)} - {"VeilError"}
    assert known - own - diagnostics._ERRORS == set()


def test_what_is_told_is_found_under_its_title() -> None:
    titles = {each.title for each in diagnostics.entries()}
    assert {each.summary for each in WORDINGS.values()} <= titles
    assert {title for title, _ in REFUSALS.values()} <= titles
    raised = [from_server({"C": state, "M": "x"}) for state in ("57014", "40001", "08006", "99999", "42501")]
    raised += [errors.CancelledError(), errors.NewerFormatError("x"), errors.ViewRefusedError("k", "x")]
    assert {each.summary for each in raised} <= titles

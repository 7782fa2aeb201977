"""Every construct is in every table of every pass: a forgotten one is told here, and never read as something else."""

import inspect

import pytest
from hypothesis import given

from tests.language.trees import grown
from veil.compiler import calls, expressions, nodes
from veil.language import Expression, Usage, tree, walk
from veil.language.functions import ALLOWED
from veil.language.inference import DEPENDENT, static_type
from veil.language.printing import PRINTED
from veil.language.walking import OUTCOMES
from veil.oracle import deciding, evaluate, functions, possible
from veil.policy.typecheck import RULES

ALL = set(tree.CONSTRUCTS)
TABLES = {
    "print": PRINTED,
    "what comes out": OUTCOMES,
    "typecheck": RULES,
    "compile": {**nodes.CONDITIONS, **nodes.VALUES},
    "evaluate": evaluate.VALUES,
    "possible truths": possible.TRUTHS,
    "decide": deciding.COMPARED,
}


@pytest.mark.parametrize("name", TABLES)
def test_every_construct_is_in_the_table(name: str) -> None:
    assert set(TABLES[name]) == ALL


def test_every_node_of_the_tree_is_a_construct() -> None:
    found = {each for _, each in inspect.getmembers(tree, inspect.isclass) if issubclass(each, tree.Node)}
    assert {each for each in found if "__match_args__" in vars(each)} == ALL


def test_every_construct_says_what_it_is_about() -> None:
    about = (tree.Fixed, tree.Computed, tree.AboutUser, tree.AboutRow, tree.Templated)
    assert [each for each in ALL if not issubclass(each, about)] == []


def test_what_a_construct_gives_is_said_by_it_or_found_from_its_parts() -> None:
    assert {each for each in ALL if each.gives is None} == set(DEPENDENT)


def test_the_compiler_asks_the_caller_about_every_test_of_the_user() -> None:
    tests = {each for each in ALL if issubclass(each, tree.UserTest)}
    assert tests - {each for each in ALL if issubclass(each, tree.ListTest)} == set(expressions.HELD)
    assert tests <= set(nodes.CONDITIONS)


def test_the_interpreters_own_notion_of_a_row_is_the_languages() -> None:
    assert set(possible._OF_ROW) == {each for each in ALL if issubclass(each, tree.AboutRow)}


def test_every_condition_is_compiled_as_one() -> None:
    conditions = {each for each in ALL if each.gives is not None and each.gives.name == "CONDITION"}
    assert conditions <= set(nodes.CONDITIONS)
    assert set(nodes.CONDITIONS) & set(nodes.VALUES) == {tree.Boolean, tree.NullValue}


def test_every_function_is_compiled_and_evaluated() -> None:
    but_the_clock = {signature.name for signature in ALLOWED.values()} - {"getdate"}
    assert but_the_clock == calls.COMPILED == functions.EVALUATED


@given(grown())
def test_what_stands_in_an_expression_may_stand_there(case: tuple[Usage, Expression]) -> None:
    usage, expression = case
    for each in walk(expression):
        static_type(each)
        templates = each.templates if isinstance(each, tree.Templated) else ()
        assert usage in each.usages
        assert all(usage in template.usages for template in templates)

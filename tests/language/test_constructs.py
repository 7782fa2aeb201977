"""Every construct is in every table of every pass: a forgotten one is told here, and never read as something else."""

import inspect

import pytest
from hypothesis import given

from tests.language.trees import grown
from veil.compiler import calls, expressions, nodes
from veil.language import Expression, Usage, syntax, tree, walk
from veil.language.analysis.table import HANDLERS
from veil.language.functions import ALLOWED, Takes
from veil.language.inference import DEPENDENT, static_type
from veil.language.printing import PRINTED
from veil.language.signatures import ACCEPTED
from veil.language.types import CASTABLE
from veil.language.value_types import ValueType
from veil.language.walking import OUTCOMES
from veil.model import ColumnType, Family
from veil.oracle import deciding, evaluate, functions, possible
from veil.policy.column_types import HELD
from veil.policy.typecheck import RULES, Environment, typecheck

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
    found = {each for _, each in inspect.getmembers(tree, inspect.isclass) if issubclass(each, tree.Node)} - {tree.Node}
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


def test_every_node_of_the_syntax_is_given_a_meaning() -> None:
    found = {each for _, each in inspect.getmembers(syntax, inspect.isclass) if issubclass(each, syntax.Node)}
    parts = {syntax.When, syntax.Query, syntax.Table}
    kinds = {each for each in found if each.__subclasses__()}
    assert set(HANDLERS) == found - parts - kinds


def test_it_is_said_of_every_column_and_every_cast_what_type_of_value_it_gives() -> None:
    assert set(HELD) == set(Family)
    assert {name: HELD[Family(name)] for name in {each.name for each in CASTABLE.values()}} == {
        each.name: each.gives for each in CASTABLE.values()
    }


def test_it_is_said_of_every_argument_which_types_of_value_it_takes() -> None:
    assert set(ACCEPTED) == set(Takes)


@given(grown())
def test_the_typechecker_tells_of_every_number_which_it_is(case: tuple[Usage, Expression]) -> None:
    _, expression = case
    names = {each.name for each in walk(expression) if isinstance(each, tree.ColumnName | tree.ColumnReference)}
    columns = dict.fromkeys(names, ColumnType(Family.NUMERIC, precision=9, scale=2))
    env = Environment("a source", columns, value=ColumnType(Family.REAL))
    assert typecheck(expression, env).shape is not ValueType.NUMBER


@given(grown())
def test_what_stands_in_an_expression_may_stand_there(case: tuple[Usage, Expression]) -> None:
    usage, expression = case
    for each in walk(expression):
        static_type(each)
        templates = each.templates if isinstance(each, tree.Templated) else ()
        assert usage in each.usages
        assert all(usage in template.usages for template in templates)

"""Every construct is in every table of every pass: a forgotten one is told here, and never read as
something else.
"""

import inspect
from collections.abc import Iterator
from decimal import Decimal
from itertools import product
from random import Random
from types import UnionType
from typing import Literal, Union, get_origin, get_type_hints

import pytest
from hypothesis import given

from tests.fuzz.drawing import seeded
from tests.fuzz.expressions import Trees
from tests.language.trees import Grower, grown
from veil.compiler import calls, expressions, nodes
from veil.governance.installation.function_probes import ARGUMENTS
from veil.language import Expression, Usage, syntax, tree, visitor, walk
from veil.language.analysis.table import HANDLERS
from veil.language.functions import ALLOWED, Takes
from veil.language.inference import DEPENDENT, static_type
from veil.language.printer import PRINTED
from veil.language.signatures import ACCEPTED
from veil.language.templates import Subject
from veil.language.types import CASTABLE
from veil.language.value_types import ValueType
from veil.language.visitor import OUTCOMES
from veil.model import ColumnType, Family
from veil.oracle import evaluate, functions, lookup_types, possible_truths
from veil.policy.column_types import HELD
from veil.policy.typecheck import RULES, Environment, typecheck

ALL = set(tree.CONSTRUCTS)
TABLES = {
    "print": PRINTED,
    "what comes out": OUTCOMES,
    "typecheck": RULES,
    "compile": {**nodes.CONDITIONS, **nodes.VALUES},
    "evaluate": evaluate.VALUES,
    "possible truths": possible_truths.TRUTHS,
    "decide": lookup_types.COMPARED,
}


@pytest.mark.parametrize("name", TABLES)
def test_every_construct_is_in_the_table(name: str) -> None:
    assert set(TABLES[name]) == ALL


def test_every_test_of_the_user_says_what_it_asks_for_by_name() -> None:
    assert [each for each in tree.constructs(tree.UserTest) if "asks_for" not in vars(each)] == []


def test_every_node_of_the_tree_is_a_construct() -> None:
    found = {each for _, each in inspect.getmembers(tree, inspect.isclass) if issubclass(each, tree.Node)} - {tree.Node}
    assert {each for each in found if "__match_args__" in vars(each)} == ALL


def test_every_construct_says_what_it_is_about() -> None:
    about = (tree.Fixed, tree.Computed, tree.AboutUser, tree.AboutRow, tree.AboutSource)
    assert [each for each in ALL if sum(issubclass(each, base) for base in about) != 1] == []


def test_what_is_said_of_users_is_about_the_user() -> None:
    """But for @iam, which is the same of everybody here."""
    about = {construct for template, construct in tree.TEMPLATED.values() if template.subject is Subject.USER}
    assert about - {tree.Iam} <= set(tree.constructs(tree.AboutUser))


def test_a_part_of_a_construct_is_found_by_whoever_walks_it() -> None:
    plain = {str, bool, Decimal, str | None, tuple[str, ...], tuple[int, ...]}
    for each in ALL:
        hints = get_type_hints(each)
        for name in each.__match_args__:
            wanted = hints[name]
            if wanted not in plain and get_origin(wanted) is not Literal:
                assert name in visitor._fields(each), f"nobody finds what is in {each.__name__}.{name}: {wanted}"
                assert get_origin(wanted) in (None, tuple, Union, UnionType), f"{each.__name__}.{name}: {wanted}"


def test_what_a_construct_gives_is_said_by_it_or_found_from_its_parts() -> None:
    assert {each for each in ALL if each.gives is None} == set(DEPENDENT)


def test_the_compiler_asks_the_caller_about_every_test_of_the_user() -> None:
    tests = {each for each in ALL if issubclass(each, tree.UserTest)}
    assert tests - {each for each in ALL if issubclass(each, tree.ListTest)} == set(expressions.HELD)
    assert tests <= set(nodes.CONDITIONS)


def test_the_interpreters_own_notions_are_the_languages() -> None:
    assert set(possible_truths._OF_ROW) == set(tree.constructs(tree.AboutRow))
    assert set(evaluate.ABOUT_UNKNOWN) == {
        each for each in ALL if issubclass(each, tree.Computed) and not each.passes_unknown_on
    }
    assert set(possible_truths._OF_PURPOSES) == {each for each in ALL if "Purpose" in each.__name__}


def test_every_condition_is_compiled_as_one() -> None:
    conditions = {each for each in ALL if each.gives is ValueType.BOOLEAN}
    assert set(nodes.CONDITIONS) == {*conditions, tree.NullValue}
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


def test_it_is_said_of_every_argument_which_types_of_value_it_takes_and_how_a_cluster_is_asked_about_it() -> None:
    assert set(ACCEPTED) == set(Takes) == set(ARGUMENTS)


def test_a_function_that_is_called_by_its_declaration_alone_gives_what_is_bounded() -> None:
    bounded = {ValueType.TEXT, ValueType.INTEGER, ValueType.DATE, ValueType.TIMESTAMP}
    assert {each.gives for each in ALLOWED.values() if each.built_in} <= bounded


def drawn() -> Iterator[Expression]:
    """What the fuzzer draws, over all usages."""
    for number, usage in product(range(240), Usage):
        family = (Family.VARCHAR, Family.NUMERIC, Family.DATE)[number % 3] if usage is Usage.MASK else None
        trees = Trees(seeded(f"{usage} {number}"), usage, family)
        yield from (trees.condition(3), trees.text(2), trees.number(2), trees.moment(2))


def test_the_fuzzer_draws_every_construct_and_every_function() -> None:
    found = [each for expression in drawn() for each in walk(expression)]
    assert {type(each) for each in found} == ALL
    functions_drawn = {each.function for each in found if isinstance(each, tree.Call)}
    assert functions_drawn == {each.name for each in ALLOWED.values()}


def test_every_construct_grows_in_the_trees_of_the_tests() -> None:
    chance = Random(7)
    trees = (Grower(usage, chance).expression(3) for _, usage in product(range(200), Usage))
    assert {type(each) for expression in trees for each in walk(expression)} == ALL


@given(grown())
def test_the_typechecker_tells_of_every_number_which_it_is(case: tuple[Usage, Expression]) -> None:
    _, expression = case
    names = {each.name for each in walk(expression) if isinstance(each, tree.ColumnName | tree.ColumnReference)}
    columns = dict.fromkeys(names, ColumnType(Family.NUMERIC, precision=9, scale=2))
    env = Environment("a source", columns, value=ColumnType(Family.REAL))
    assert typecheck(expression, env).value_type is not ValueType.NUMBER


@given(grown())
def test_what_stands_in_an_expression_may_stand_there(case: tuple[Usage, Expression]) -> None:
    usage, expression = case
    for each in walk(expression):
        static_type(each)
        templates = each.templates if isinstance(each, tree.Templated) else ()
        assert usage in each.usages
        assert all(usage in template.usages for template in templates)

"""What a string literal beside a value is read as: typechecker and interpreter derive the type of
the value each by itself, and have to agree.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pytest

from tests.fuzz.drawing import pick, seeded
from tests.fuzz.expressions import Trees
from tests.fuzz.pools import NAMES
from tests.fuzz.rows import rows_of
from tests.policy.building import column, source, world
from veil.language import ExpressionError, Usage, parse, to_text, tree
from veil.language.functions import ALLOWED
from veil.language.value_types import ValueType
from veil.model import ColumnType, Family
from veil.oracle.evaluate import evaluate
from veil.oracle.scope import Scope
from veil.policy.derived_types import CALLS, DERIVED, derived_type
from veil.policy.typecheck import Environment, typecheck

NOW = datetime(2026, 5, 17, 12, 30, tzinfo=UTC)
COLUMNS = {
    "small": ColumnType(Family.SMALLINT),
    "whole": ColumnType(Family.INTEGER),
    "large": ColumnType(Family.BIGINT),
    "money": ColumnType(Family.NUMERIC, precision=12, scale=2),
    "single": ColumnType(Family.REAL),
    "ratio": ColumnType(Family.DOUBLE),
    "day": ColumnType(Family.DATE),
    "at": ColumnType(Family.TIMESTAMP),
    "zoned": ColumnType(Family.TIMESTAMPTZ),
    "name": ColumnType(Family.VARCHAR, length=20),
    "code": ColumnType(Family.CHAR, length=20),
    "flag": ColumnType(Family.BOOLEAN),
    "clock": ColumnType(Family.TIME),
    "blob": ColumnType(Family.SUPER),
}
CHOICES = (
    "CASE WHEN flag THEN {0} END",
    "CASE WHEN flag THEN {0} ELSE {1} END",
    "CASE WHEN flag THEN NULL WHEN NOT flag THEN {0} ELSE {1} END",
    "COALESCE({0}, {1})",
    "COALESCE(NULL, {0}, {1})",
    "NVL({0}, {1})",
    "NVL2(flag, {0}, {1})",
    "DECODE(flag, TRUE, {0}, {1})",
    "GREATEST({0}, {1})",
    "LEAST({0}, NULL)",
    "NULLIF({0}, {1})",
    "COALESCE(CASE WHEN flag THEN {0} END, GREATEST({1}, {0}))",
    "ABS({0})",
    "-{0}",
    "{0} + {1}",
    "MOD({0}, 4)",
    "FLOOR({0})",
    "ROUND({0}, -2)",
    "ROUND({0}, 2)",
)
SECOND = ("whole", "ratio", "at", "name", "7", "NULL")
LITERALS = ("2024-01-01", "2024-01-01 10:00+02", "2024-01-01+02", "40000", "3000000000", "0.1", "1e2", "true")
TESTS = ("{0} > '{1}'", "'{1}' IN ({0}, {0})", "{0} BETWEEN '{1}' AND '2030-01-01'", "'{1}' NOT BETWEEN {0} AND {0}")


def drawn(seed: int) -> Iterator[tree.Expression]:
    """Values that are nested in each other, over columns of all types."""
    draw = seeded(f"derived {seed}")
    trees = Trees(draw, Usage.MASK, pick(draw, tuple(Family)))
    for _ in range(40):
        yield pick(draw, (trees.text, trees.number, trees.moment))(3)


@pytest.mark.parametrize("seed", range(20))
def test_typechecker_and_interpreter_give_nested_values_one_type(seed: int) -> None:
    table = source(*(column(name, kind) for name, kind in NAMES.items()))
    (row, *_) = rows_of(table, seed, NOW)
    scope = Scope(world(table), table, None, NOW, row=row, salt="salt")
    env = Environment("raw.customers", NAMES)
    for expression in drawn(seed):
        typed, operand = typecheck(expression, env), evaluate(expression, scope)
        if typed.value_type is ValueType.LOST or not operand.decided:
            continue
        derived = derived_type(typed.expression, lambda node: NAMES[node.name])  # type: ignore[attr-defined]
        assert _kind(derived) == _kind(operand.type), to_text(expression)


def _kind(column_type: ColumnType | None) -> Family | None:
    """The type, as far as it decides how a literal is read: all texts are read alike."""
    if column_type is None:
        return None
    return Family.VARCHAR if column_type.family.is_text else column_type.family


@pytest.mark.parametrize("choice", CHOICES)
def test_a_literal_beside_what_is_made_of_values_is_read_alike(choice: str) -> None:
    table = source(*(column(name, kind) for name, kind in COLUMNS.items()))
    scope = Scope(world(table), table, None, NOW)
    env = Environment("raw.customers", COLUMNS)
    for at, (first, second, literal) in enumerate(product(COLUMNS, SECOND, LITERALS)):
        text = TESTS[at // 3 % len(TESTS)].format(choice.format(first, second), literal)
        try:
            expression = parse(text, Usage.ROW)
        except ExpressionError:
            continue
        typed, operand = typecheck(expression, env), evaluate(expression, scope)
        assert operand.decided is (typed.value_type is not ValueType.LOST), text


LOOKUP = ("raw", "list")
CONDITIONS = (
    "{value} IN (SELECT {column} FROM raw.list)",
    "{value} NOT IN (SELECT {column} FROM raw.list)",
    "name IN (SELECT name FROM raw.list WHERE {column} < '{literal}')",
    "name NOT IN (SELECT name FROM raw.list WHERE {column} IN ('{literal}', '7'))",
    "name NOT IN (SELECT name FROM raw.list WHERE {column} = @columnReference('{reference}'))",
    "name IN (SELECT name FROM raw.list WHERE '{literal}' BETWEEN {column} AND {column})",
)


@pytest.mark.parametrize("condition", CONDITIONS)
def test_what_a_lookup_s_columns_are_compared_with_is_read_alike(condition: str) -> None:
    table = source(*(column(name, kind) for name, kind in COLUMNS.items()))
    governed = replace(world(table), lookups={LOOKUP: COLUMNS})
    scope = Scope(governed, table, None, NOW, lookups={LOOKUP: []})
    env = Environment("raw.customers", COLUMNS, tables={LOOKUP: COLUMNS})
    for name, reference, literal in product(COLUMNS, COLUMNS, (*LITERALS, "7")):
        for value in (reference, f"'{literal}'"):
            text = condition.format(column=name, value=value, literal=literal, reference=reference)
            try:
                expression = parse(text, Usage.ROW)
            except ExpressionError:
                continue
            typed, operand = typecheck(expression, env), evaluate(expression, scope)
            assert operand.decided is (typed.value_type is not ValueType.LOST), text


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("'07' IN (SELECT whole FROM raw.list)", True),
        ("'07' NOT IN (SELECT whole FROM raw.list)", False),
        ("name IN (SELECT whole FROM raw.list)", True),
        ("code NOT IN (SELECT whole FROM raw.list)", True),
        ("name IN (SELECT name FROM raw.list WHERE whole < '40000')", True),
        ("name IN (SELECT name FROM raw.list WHERE whole = '07')", True),
        ("name IN (SELECT name FROM raw.list WHERE whole = @columnReference('code'))", False),
        ("name IN (SELECT name FROM raw.list WHERE money = @columnReference('ratio'))", None),
    ],
)
def test_a_literal_beside_a_lookup_s_number_is_a_number_and_a_column_s_text_is_none(
    condition: str, holds: bool | None
) -> None:
    row = {"name": "7", "code": "07", "ratio": 7.0}
    table = source(*(column(name, kind) for name, kind in COLUMNS.items()))
    governed = replace(world(table), lookups={LOOKUP: COLUMNS})
    listed = {**dict.fromkeys(COLUMNS), "whole": 7, "name": "7", "money": None}
    scope = Scope(governed, table, None, NOW, row=row, lookups={LOOKUP: [listed]})
    assert evaluate(parse(condition, Usage.ROW), scope).value is (False if holds is None else holds)


def test_every_construct_that_stays_after_typechecking_has_a_type() -> None:
    open_ones = {ValueType.UNKNOWN, ValueType.NUMBER}
    untyped = {each for each in tree.CONSTRUCTS if each.gives is None or each.gives in open_ones}
    assert untyped - {tree.ColumnTagged} == set(DERIVED)


def test_every_function_says_what_it_gives() -> None:
    assert set(CALLS) == {each.name for each in ALLOWED.values()}

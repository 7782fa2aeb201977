"""Expressions over rows: cell masks, audiences, and tags that several columns carry."""

from dataclasses import replace

import pytest

from tests.oracle.builders import TEXT, alice, cell, columns, customers, seen, values, world
from veil.model import AppliesTo, Constant, Exceptions, MaskingPolicy, Never, Null, Percent, RowPolicy, RowRule, Where
from veil.oracle import Sight

SOURCE = customers(*columns(secret=(TEXT, "pii"), a=(TEXT, "level.a"), b=(TEXT, "level.b"), name=TEXT))
SALES = AppliesTo(data_source_tags=frozenset({"domain.sales"}))
MASK = MaskingPolicy("m", AppliesTo(column_tags=frozenset({"pii"})), Constant("x"))
MATCH = "@attributeValuesContains('x', @columnTagged('level'))"
ONE = "@attributeValuesContains('x', @columnTagged('level.a'))"


def masked(policy: MaskingPolicy, **row: str | None) -> bool:
    governed = world(SOURCE, policy, alice(x="1 2"))
    shown = seen(governed, [{"secret": "s"} | row]).rows[0].values["secret"]
    return shown != "s"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"a": "1", "b": "2"}, True),
        ({"a": "1", "b": "9"}, True),
        ({"a": "1", "b": None}, True),
        ({"a": "9", "b": None}, True),
        ({"a": "9", "b": "8"}, False),
    ],
)
def test_a_cell_is_masked_unless_where_is_false_for_every_column_under_the_tag(
    row: dict[str, str | None], expected: bool
) -> None:
    assert masked(replace(MASK, where=MATCH), **row) is expected


@pytest.mark.parametrize("where", ["@columnTagged('nowhere') = '1'", "missing = '1'", "1 = "])
def test_a_cell_is_masked_where_its_condition_cannot_be_told(where: str) -> None:
    assert masked(replace(MASK, where=where), a="9", b="9")


@pytest.mark.parametrize(("a", "b", "shown"), [("1", "2", 1), ("1", "9", 0), ("1", None, 0), ("9", "9", 0)])
def test_a_row_shows_where_the_condition_is_true_for_every_column_under_the_tag(
    a: str, b: str | None, shown: int
) -> None:
    governed = world(SOURCE, RowPolicy("r", SALES, Where(MATCH)), alice(x="1 2"))
    assert len(seen(governed, [{"a": a, "b": b}]).rows) == shown


def test_a_tag_that_occurs_twice_stands_for_the_same_column() -> None:
    rule = Where("@columnTagged('level') = @columnTagged('LEVEL')")
    assert len(seen(world(SOURCE, RowPolicy("r", SALES, rule)), [{"a": "1", "b": "2"}]).rows) == 1


def test_two_tags_are_tried_in_every_combination() -> None:
    rule = Where("@columnTagged('level') = @columnTagged('level.a')")
    governed = world(SOURCE, RowPolicy("r", SALES, rule))
    assert [row.index for row in seen(governed, [{"a": "1", "b": "2"}, {"a": "1", "b": "1"}]).rows] == [1]


def test_a_condition_on_a_tag_without_a_column_shows_no_rows_where_the_place_is_explicit() -> None:
    rule = Where("@columnTagged('nowhere') = '1' OR 1 = 1")
    assert not seen(world(SOURCE, RowPolicy("r", SALES, rule)), [{"a": "1"}]).rows
    assert seen(world(SOURCE, RowPolicy("r", AppliesTo(), rule)), [{"a": "1"}]).rows


def rows(policy: RowPolicy) -> Sight:
    return seen(world(SOURCE, policy, alice(x="1")), [{"name": each, "a": each, "b": each} for each in ("1", "2")])


@pytest.mark.parametrize(
    ("who", "show", "otherwise", "expected"),
    [
        ("@isInGroups('analysts')", Where("a = '1'"), Never(), ["1"]),
        ("@isInGroups('hr')", Never(), Where("a = '2'"), ["2"]),
        ("@isInGroups('hr')", Percent(100), None, []),  # type: ignore[arg-type]
        ("@isInGroups(", Where("1 = 1"), Where("1 = 1"), []),
        ("@username = NULLIF('a', 'a')", Where("1 = 1"), Where("1 = 1"), []),
    ],
)
def test_for_everyone_who_chooses_the_rule_and_unknown_shows_nothing(
    who: str, show: RowRule, otherwise: RowRule | None, expected: list[str]
) -> None:
    sight = rows(RowPolicy("r", SALES, show, for_everyone_who=who, otherwise=otherwise))
    assert values(sight, "name") == expected


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("@isInGroups('analysts')", "x"),
        ("@isInGroups('hr')", "y"),
        ("@isInGroups(", None),
        ("@username = NULLIF('a', 'a')", None),
    ],
)
def test_for_everyone_who_chooses_the_mask_and_unknown_is_null(who: str, expected: str | None) -> None:
    policy = replace(MASK, for_everyone_who=who, otherwise=Constant("y"))
    assert cell(world(SOURCE, policy), "secret", "s") == expected


def test_a_where_that_is_false_passes_even_those_for_whom_the_audience_is_unknown() -> None:
    policy = replace(MASK, for_everyone_who="@isInGroups(", otherwise=Null(), where="a = '9'")
    assert not masked(policy, a="1")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [("@isInGroups('analysts')", "s"), ("NOT @isInGroups('hr')", "s"), ("@isInGroups('hr')", "x"), ("@isIn(", "x")],
)
def test_an_exception_may_be_an_expression(expression: str, expected: str) -> None:
    policy = replace(MASK, exceptions=Exceptions(expression=expression))
    assert cell(world(SOURCE, policy), "secret", "s") == expected


def test_an_expression_is_one_more_item_of_the_exceptions() -> None:
    both = Exceptions("all", frozenset({"analysts"}), expression="@isInGroups('hr')")
    assert cell(world(SOURCE, replace(MASK, exceptions=both)), "secret", "s") == "x"
    assert cell(world(SOURCE, replace(MASK, exceptions=replace(both, operator="any"))), "secret", "s") == "s"


def test_where_and_rows_read_raw_values() -> None:
    policy = replace(MASK, applies_to=AppliesTo(all_columns=True))
    governed = world(SOURCE, policy, RowPolicy("r", SALES, Where("secret = 's'")))
    assert values(seen(governed, [{"secret": "s"}, {"secret": "x"}]), "secret") == ["x"]
    cellwise = replace(policy, where=ONE)
    assert values(seen(world(SOURCE, cellwise, alice(x="1")), [{"a": "1", "name": "n"}]), "name") == ["x"]

"""What an expression mentions."""

from hypothesis import given

from tests.language.trees import grown
from veil.language import (
    Expression,
    Usage,
    lookups,
    parse,
    purposes,
    referenced_columns,
    referenced_tags,
    tree,
    walk,
)

LOOKUP = "@columnTagged('Geo.A') IN (SELECT a FROM s.t WHERE b = 1 AND @isUsingPurpose('fraud'))"


def test_walk_gives_parents_first_in_the_order_of_the_text() -> None:
    found = parse("a = 1 AND b IN (c, LOWER(d))", Usage.ROW)
    names = [type(each).__name__ for each in walk(found)]
    assert names == [
        "And",
        "Comparison",
        "ColumnName",
        "Number",
        "In",
        "ColumnName",
        "ColumnName",
        "Call",
        "ColumnName",
    ]


def test_walk_goes_through_every_branch_of_case() -> None:
    found = parse("CASE WHEN a = 1 THEN b WHEN c = 2 THEN d ELSE e END IS NULL", Usage.ROW)
    assert [each.name for each in walk(found) if isinstance(each, tree.ColumnName)] == ["a", "b", "c", "d", "e"]


def test_walk_goes_into_lookups_unless_told_otherwise() -> None:
    found = parse(LOOKUP, Usage.ROW)
    assert [each.name for each in walk(found) if isinstance(each, tree.ColumnName)] == ["a", "b"]
    assert not any(isinstance(each, tree.ColumnName) for each in walk(found, into_lookups=False))


def test_referenced_columns_are_those_of_the_protected_row() -> None:
    found = parse(f"x = @columnReference('Y') AND @groupsContains('Z') AND {LOOKUP}", Usage.ROW)
    assert referenced_columns(found) == {"x", "Y", "Z"}


def test_referenced_tags_are_folded() -> None:
    assert referenced_tags(parse(f"{LOOKUP} OR @columnTagged('pii') = 'x'", Usage.ROW)) == {"geo.a", "pii"}


def test_lookups_come_in_order() -> None:
    found = parse("a IN (SELECT b FROM s.t) OR c NOT IN (SELECT d FROM db.s.u)", Usage.ROW)
    assert [each.table for each in lookups(found)] == [("s", "t"), ("db", "s", "u")]


def test_purposes_are_found_inside_lookups_too() -> None:
    assert purposes(parse(f"@isUsingPurpose('audit') OR {LOOKUP}", Usage.ROW)) == {"audit", "fraud"}


@given(grown())
def test_walk_finds_every_part(case: tuple[Usage, Expression]) -> None:
    _, expression = case
    assert repr(expression).count("ColumnReference(") == sum(
        isinstance(each, tree.ColumnReference) for each in walk(expression)
    )

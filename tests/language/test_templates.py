"""The templated functions: what each makes, and where each may stand."""

import pytest

from veil.language import ExpressionError, Usage, parse, to_text, tree
from veil.language.templates import WHY_NOT
from veil.language.tree import TEMPLATED, Expression

T = tree.ColumnName("t")
ANYWHERE = frozenset({Usage.ROW, Usage.AUDIENCE, Usage.SUBSCRIPTION})
ROW, SUBSCRIPTION, MASK = frozenset({Usage.ROW}), frozenset({Usage.SUBSCRIPTION}), frozenset({Usage.MASK})

CASES: list[tuple[str, Expression, frozenset[Usage]]] = [
    ("@isInGroups('a')", tree.IsInGroups(("a",)), ANYWHERE),
    ("@isInGroups('a', 'b', 'c')", tree.IsInGroups(("a", "b", "c")), ANYWHERE),
    ("@ISINGROUPS('A')", tree.IsInGroups(("A",)), ANYWHERE),
    ("@hasAttribute('n', 'v')", tree.HasAttribute("n", "v"), ANYWHERE),
    ("@hasAttribute('n', '')", tree.HasAttribute("n", ""), ANYWHERE),
    ("@hasAttribute('n', 'joe@schema.org')", tree.HasAttribute("n", "joe@schema.org"), ANYWHERE),
    ("@hasAttribute('n', '@hostname.@database.*')", tree.HasAttribute("n", "@hostname.@database.*"), SUBSCRIPTION),
    ("@isUsingPurpose('p')", tree.IsUsingPurpose("p"), ANYWHERE),
    ("@username = 'x'", tree.Comparison("=", tree.Username(), tree.Text("x")), ANYWHERE),
    ("@username() = 'x'", tree.Comparison("=", tree.Username(), tree.Text("x")), ANYWHERE),
    ("@iam = 'x'", tree.Comparison("=", tree.Iam(), tree.Text("x")), ANYWHERE),
    ("@attributeValuesContains('n', @username)", tree.AttributeValuesContains("n", tree.Username()), ANYWHERE),
    ("@attributeValuesContains('n', 't')", tree.AttributeValuesContains("n", T), ROW),
    ("@attributeValuesContains('n', 'T')", tree.AttributeValuesContains("n", tree.ColumnName("T")), ROW),
    ("@attributeValuesContains('n', t)", tree.AttributeValuesContains("n", T), ROW),
    ("@attributeValuesContains('n', T, 'p')", tree.AttributeValuesContains("n", T, "p"), ROW),
    ("@attributeValuesContains('n', ('t'))", tree.AttributeValuesContains("n", tree.Text("t")), ANYWHERE),
    (
        "@attributeValuesContains('n', @columnReference('T'))",
        tree.AttributeValuesContains("n", tree.ColumnReference("T")),
        ROW,
    ),
    ("@groupsContains(t)", tree.GroupsContains(T), ROW),
    ("@groupsContains('t', 'p')", tree.GroupsContains(T, "p"), ROW),
    ("@purposesContains(LOWER(t))", tree.PurposesContains(tree.Call("lower", (T,))), ROW),
    ("@columnTagged('Geo.Region') IS NULL", tree.IsNull(tree.ColumnTagged("geo.region")), ROW),
    ("@columnReference('it\\'s') IS NULL", tree.IsNull(tree.ColumnReference("it's")), ROW | MASK),
    ("@hasTagAsAttribute('n', 'dataSource')", tree.HasTagAsAttribute("n", "dataSource"), SUBSCRIPTION),
    ("@hasTagAsAttribute('n', 'COLUMN')", tree.HasTagAsAttribute("n", "column"), SUBSCRIPTION),
    ("@hasTagAsGroup('datasource')", tree.HasTagAsGroup("dataSource"), SUBSCRIPTION),
    ("@hostname IS NULL", tree.IsNull(tree.Infrastructure("hostname")), SUBSCRIPTION),
    ("@database IS NULL", tree.IsNull(tree.Infrastructure("database")), SUBSCRIPTION),
    ("@schema IS NULL", tree.IsNull(tree.Infrastructure("schema")), SUBSCRIPTION),
    ("@table IS NULL", tree.IsNull(tree.Infrastructure("table")), SUBSCRIPTION),
    ("@value IS NULL", tree.IsNull(tree.MaskedValue()), MASK),
    ("t IS NULL", tree.IsNull(T), ROW),
    ("t IN (SELECT t FROM s.t)", tree.InLookup(T, tree.Lookup(("s", "t"), T)), ROW),
    ("GETDATE() IS NULL", tree.IsNull(tree.Call("getdate", ())), frozenset(Usage)),
]


@pytest.mark.parametrize("usage", Usage)
@pytest.mark.parametrize(("text", "expected", "usages"), CASES, ids=[text for text, _, _ in CASES])
def test_a_function_stands_where_it_belongs_and_nowhere_else(
    text: str, expected: Expression, usages: frozenset[Usage], usage: Usage
) -> None:
    if usage in usages:
        assert parse(text, usage) == expected
    else:
        with pytest.raises(ExpressionError) as caught:
            parse(text, usage)
        assert caught.value.suggestion


def test_every_templated_function_is_tried() -> None:
    tried = " ".join(text.lower() for text, _, _ in CASES)
    assert [name for name in TEMPLATED if f"@{name}" not in tried] == []


def test_every_refusal_of_a_place_has_a_reason() -> None:
    places = {(each.subject, usage) for each, _ in TEMPLATED.values() for usage in Usage if usage not in each.usages}
    assert places <= WHY_NOT.keys()


@pytest.mark.parametrize(("name", "example"), [(each.name, each.example) for each, _ in TEMPLATED.values()])
def test_the_example_in_messages_is_right(name: str, example: str) -> None:
    usage = next(usage for usage in Usage if usage in TEMPLATED[name.lower()][0].usages)
    parse(f"COALESCE({example}, {example}) IS NULL", usage)


@pytest.mark.parametrize(
    "argument", ["'a' || 'b'", "('a')", "NULL", "1", "@username", "DATE '2026-01-01'", "LOWER('a')"]
)
def test_names_of_groups_are_plain_texts(argument: str) -> None:
    with pytest.raises(ExpressionError, match="@isInGroups takes a string in single quotes here"):
        parse(f"@isInGroups({argument})", Usage.ROW)


@pytest.mark.parametrize("text", ["''", "'a '", "'a\tb'", "'a\nb'"])
def test_texts_that_could_not_be_compared_safely_are_refused(text: str) -> None:
    for call in (f"@isInGroups('x', {text})", f"@isUsingPurpose({text})", f"@columnTagged({text}) = 'x'"):
        with pytest.raises(ExpressionError, match="This string"):
            parse(call, Usage.ROW)


def test_a_lookup_reaches_the_user_and_by_equality_the_protected_row() -> None:
    for where in (
        "b = @username AND @isInGroups('x')",
        "b = @columnTagged('x')",
        "LOWER(@columnReference('x')) = LOWER(b) AND c = @username",
        "(b = @columnTagged('x') OR b = '*') AND @columnReference('y') > 3",
        "NOT (@attributeValuesContains('a', @columnTagged('x')))",
        "@attributeValuesContains('a', b) AND (c = @columnTagged('x') OR @isInGroups('y'))",
    ):
        found = parse(f"a IN (SELECT b FROM s.t WHERE {where})", Usage.ROW)
        assert parse(to_text(found), Usage.ROW) == found


@pytest.mark.parametrize(
    ("where", "marked"),
    [
        ("b < @columnTagged('x')", "@columnTagged('x')"),
        ("b IN ('a', @columnReference('x'))", "@columnReference('x')"),
        ("NOT b = @columnReference('x')", "@columnReference('x')"),
        ("b || @columnReference('x') = c", "@columnReference('x')"),
        ("COALESCE(b, @columnReference('x')) = 'a'", "@columnReference('x')"),
        ("@columnReference('y') = 'a' AND b <> @columnReference('x')", "@columnReference('x')"),
        ("@attributeValuesContains('a', b || @columnTagged('x'))", "@columnTagged('x')"),
    ],
)
def test_whatever_else_ties_a_lookup_to_the_protected_row_is_pointed_at(where: str, marked: str) -> None:
    text = f"a IN (SELECT b FROM s.t WHERE {where})"
    with pytest.raises(ExpressionError) as raised:
        parse(text, Usage.ROW)
    assert "the protected row is compared with the lookup's columns by = alone" in str(raised.value)
    assert text[raised.value.start : raised.value.end] == marked


def test_a_lookup_reaches_the_protected_row_in_a_limited_number_of_ways() -> None:
    pair = "(b = @columnTagged('x') OR c = @columnTagged('x'))"
    parse(f"a IN (SELECT b FROM s.t WHERE {' AND '.join([pair] * 4)})", Usage.ROW)
    with pytest.raises(ExpressionError, match="reaches the protected row in more than 16 ways"):
        parse(f"a IN (SELECT b FROM s.t WHERE {' AND '.join([pair] * 5)})", Usage.ROW)

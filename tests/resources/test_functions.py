"""The provider's functions, as Terraform calls them."""

import pytest

from veil.plugin import UNKNOWN, FunctionError
from veil.resources.functions import CompilePredicate, ValidateExpression


@pytest.mark.parametrize(
    "arguments",
    [
        ("@attributeValuesContains('territory', @columnTagged('geo.region'))",),
        ("level IN (SELECT level FROM raw.tree WHERE region = @columnTagged('geo.region'))",),
        ("@isInGroups('a') AND NOT @isUsingPurpose('p')",),
        ("@hasTagAsAttribute('domain', 'dataSource') OR @hasAttribute('x', '@database.*')",),
        ("LEFT(@value, 3)",),
        ("@isInGroups('a')", "audience"),
        ("@isInGroups('a')", "row", "subscription"),
        ("@schema = 'raw'", "audience", "subscription"),
    ],
)
def test_an_expression_is_valid_where_one_of_its_places_takes_it(arguments):
    assert ValidateExpression().call(*arguments) is True


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("@isInGroup('a')",), "did you mean @isInGroups"),
        (("region = 'US' AND",), "Something is missing after AND"),
        (("@hasTagAsAttribute('domain', 'datasorce')",), "takes 'dataSource' or 'column' here"),
        (("region = 'US'", "audience"), "There is no column region here"),
        (("@schema = 'raw'", "row"), "@schema does not stand in a row condition"),
        (("LEFT(@value, 3)", "row"), "@value does not stand in a row condition"),
        (("1 + 1",), "a number, not a condition"),
    ],
)
def test_the_error_is_that_of_the_reading_that_came_furthest(arguments, says):
    with pytest.raises(FunctionError) as refused:
        ValidateExpression().call(*arguments)
    assert says.lower() in refused.value.text.lower()
    assert "^" in refused.value.text


def test_a_place_that_there_is_not_is_refused_at_its_argument():
    with pytest.raises(FunctionError) as refused:
        ValidateExpression().call("TRUE", "row", "rows")
    assert refused.value.argument == 2
    assert "'rows' is no place of an expression. Write one of row, audience, subscription, mask." in refused.value.text


@pytest.mark.parametrize(
    ("arguments", "at"), [((UNKNOWN, "rows"), 1), ((UNKNOWN, UNKNOWN, "rows"), 2), (("region =", UNKNOWN), 0)]
)
def test_what_is_known_is_refused_beside_what_is_not(arguments, at):
    with pytest.raises(FunctionError) as refused:
        ValidateExpression().call(*arguments)
    assert refused.value.argument == at


@pytest.mark.parametrize("arguments", [(UNKNOWN,), (UNKNOWN, "row"), ("TRUE", UNKNOWN), ("TRUE", "row", UNKNOWN)])
def test_what_may_yet_be_wrong_is_not_called_valid(arguments):
    assert ValidateExpression().call(*arguments) is UNKNOWN


def test_the_sql_of_a_predicate_names_tags_where_columns_would_be():
    assert "t.\"@columnTagged('geo.region')\"" in CompilePredicate().call("@columnTagged('geo.region') = 'US'")

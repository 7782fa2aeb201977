"""The provider's functions, which need no warehouse."""

import pytest

from veil.plugin import FunctionError
from veil.resources.functions import CompilePredicate, ValidateExpression


def test_a_good_expression_is_valid():
    assert ValidateExpression().call("@isInGroups('hr') OR state = 'CA'") is True


def test_a_bad_expression_is_refused_with_a_caret_under_the_place():
    with pytest.raises(FunctionError) as caught:
        ValidateExpression().call("@isInGroup('hr')")
    assert caught.value.argument == 0
    assert "^^^^^^^^^^" in caught.value.text and "Did you mean @isInGroups?" in caught.value.text


def test_a_predicate_becomes_sql():
    assert 't."state"' in CompilePredicate().call("state = 'CA'")


def test_what_depends_on_the_data_source_is_refused_in_words():
    with pytest.raises(FunctionError) as caught:
        CompilePredicate().call("@columnTagged('geo') = 'US'")
    assert caught.value.argument == 0 and "columnTagged has no meaning without a data source" in caught.value.text

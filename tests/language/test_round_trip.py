"""What `to_text` prints, `parse` reads back as the same tree."""

from hypothesis import given

from tests.language.trees import grown
from veil.language import Expression, Usage, parse, to_text


@given(grown())
def test_printed_trees_parse_to_themselves(case: tuple[Usage, Expression]) -> None:
    usage, expression = case
    text = to_text(expression)
    assert parse(text, usage) == expression
    assert to_text(parse(text, usage)) == text

"""Whatever comes in, the answer is a tree or an ExpressionError, and a tree holds all that was
written.
"""

from collections import Counter
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.language.trees import Grower
from veil.language import ExpressionError, Usage, parse, to_text
from veil.language.lexer import tokenize
from veil.language.tokens import Kind

WORDS = """
a b x.y s.t 'q' 'it''s' 1 2.5 ( ) ( ) , . = <> < + - * / % || :: ::int ::varchar(5) AND OR NOT IS NULL TRUE IN BETWEEN
LIKE 'a%' CASE WHEN THEN ELSE END CAST( AS int) SELECT DISTINCT FROM WHERE @isInGroups('a') @username @value ; UNION
@columnTagged('t') @columnReference('c') lower( dateadd( day position( extract( date '2020-01-01' "Q" getdate() sysdate
current_user -- /* */ ' " \\ $$ @ é 😀 interval group
"""

USAGES = st.sampled_from(list(Usage))


def check(text: str, usage: Usage) -> None:
    try:
        found = parse(text, usage)
    except ExpressionError as error:
        assert 0 <= error.start <= error.end <= len(text)
        assert error.line >= 1 and error.column >= 1
        assert error.message in error.render()
    else:
        assert parse(to_text(found), usage) == found


@given(st.text(), USAGES)
@example("\ud800", Usage.ROW)
@example("'" * 3, Usage.MASK)
def test_any_text_is_parsed_or_refused(text: str, usage: Usage) -> None:
    check(text, usage)


@given(st.lists(st.sampled_from(WORDS.split()), max_size=14), USAGES)
def test_any_words_are_parsed_or_refused(words: list[str], usage: Usage) -> None:
    check(" ".join(words), usage)


@st.composite
def damaged(draw: st.DrawFn) -> tuple[str, Usage]:
    """A good text with a few words taken out, put in or moved."""
    usage, chance = draw(USAGES), draw(st.randoms(use_true_random=False, note_method_calls=False))
    words = to_text(Grower(usage, chance).expression(3)).split(" ")
    for _ in range(draw(st.integers(1, 3))):
        at = chance.randrange(len(words) + 1)
        words[at : at + chance.randint(0, 1)] = chance.choice(
            ([], [chance.choice(WORDS.split())], [chance.choice(words or [""])])
        )
    return " ".join(words), usage


@given(damaged())
def test_damaged_texts_are_parsed_or_refused(case: tuple[str, Usage]) -> None:
    check(*case)


def significant(text: str) -> Counter[str]:
    """The words of a string but for parentheses and commas, which a canonical text may set
    otherwise.
    """
    tokens = [each for each in tokenize(text) if each.kind is not Kind.END and not each.is_symbol("(", ")", ",")]
    return Counter(each.value.upper() for each in tokens)


@given(damaged())
def test_no_word_gets_lost(case: tuple[str, Usage]) -> None:
    text, usage = case
    try:
        found = parse(text, usage)
    except ExpressionError:
        return
    rewritten = ("position", "extract", "sysdate", "cast(", "::", "distinct", "case ", "select", '"')
    if not any(word in text.lower() for word in rewritten):
        assert significant(to_text(found)) == significant(text)


@pytest.mark.parametrize("usage", Usage)
def test_cutting_a_good_text_anywhere_is_parsed_or_refused(usage: Usage) -> None:
    text = to_text(Grower(usage, Random(7)).expression(2))
    for end in range(len(text)):
        check(text[:end], usage)
        check(text[end:], usage)

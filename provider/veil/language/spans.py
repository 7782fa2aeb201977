"""Which of the user's tokens a node covers."""

from sqlglot import exp

from veil.language.grammar import index_of, leaves_of
from veil.language.tokens import Source


def of(source: Source, node: exp.Expr) -> tuple[int, int]:
    """The indexes of the first and last token of `node`, brackets and leading words included."""
    indexes = [index_of(each) for each in leaves_of(node)]
    if not indexes:
        return 0, len(source.tokens) - 2
    first, last = _closed(source, min(indexes), max(indexes))
    if isinstance(node, exp.Case):
        return _case(source, first, last)
    if isinstance(node, exp.Subquery | exp.Select):
        while first and not source.tokens[first].is_keyword("SELECT"):
            first -= 1
        return first - 1, source.partners.get(first - 1, last)
    if isinstance(node, exp.Is | exp.Not):
        last = _null_test(source, last)
    leads = (exp.Not, exp.Neg)
    before = source.tokens[max(first - 1, 0)]
    if first and isinstance(node, leads) and (before.is_keyword("NOT") or before.is_symbol("-")):
        first -= 1
    if (
        isinstance(node, exp.Cast)
        and first > 1
        and before.is_symbol("(")
        and source.tokens[first - 2].is_keyword("CAST")
    ):
        first, last = first - 2, source.partners[first - 1]
    return first, last


def _closed(source: Source, first: int, last: int) -> tuple[int, int]:
    """The range widened until it holds both brackets of every pair that it touches."""
    index = first
    while index <= last:
        if source.tokens[index + 1].is_symbol("(") and index + 1 > last and source.tokens[index].kind.name in _CALLED:
            last = source.partners[index + 1]
        partner = source.partners.get(index, index)
        if partner < first:
            first = index = partner
            continue
        last = max(last, partner)
        index += 1
    return first, last


def _null_test(source: Source, last: int) -> int:
    """The index of the NULL of an IS [NOT] NULL that begins behind the token at `last`, else `last`. NULL is no leaf."""
    words = source.tokens[last + 1 : last + 4]
    if len(words) > 1 and words[0].is_keyword("IS"):
        at = 2 if words[1].is_keyword("NOT") else 1
        if len(words) > at and words[at].is_keyword("NULL"):
            return last + at + 1
    return last


_CALLED = ("NAME", "TEMPLATE")


def _case(source: Source, first: int, last: int) -> tuple[int, int]:
    """The range widened to its CASE and its END."""
    while first and not source.tokens[first].is_keyword("CASE"):
        first -= 1
    while last < len(source.tokens) - 2 and not source.tokens[last].is_keyword("END"):
        last += 1
    return first, last

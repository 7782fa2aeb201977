"""What must hold before sqlglot sees the tokens: brackets, nesting, known words.

Together with `neighbours` it makes sqlglot's leniency harmless, and gives most mistakes their message.
"""

from typing import NoReturn

from veil.language.advice import ADVICE
from veil.language.errors import did_you_mean
from veil.language.functions import ALLOWED, SHORTHANDS
from veil.language.neighbours import begins_value, check_neighbours, ends_value
from veil.language.templates import TEMPLATES
from veil.language.tokens import Kind, Source
from veil.language.words import CONSTRUCTS, DENIED, LOOKUP_FORM, SETTINGS

MAX_NESTING = 20
"""How deep brackets, CASE, NOT, minus and `::` may nest. sqlglot recurses up to 36 frames per level, and the caller's
stack may be deep already.
"""


def screen(source: Source) -> None:
    """Raise ExpressionError at the first place where the tokens cannot be an expression."""
    _check_brackets(source)
    _check_nesting(source)
    for index, token in enumerate(source.tokens):
        if token.kind is Kind.TEMPLATE:
            _check_template(source, index)
        elif token.kind in (Kind.NAME, Kind.QUOTED):
            _check_name(source, index)
        elif token.kind is Kind.KEYWORD:
            _check_keyword(source, index)
    check_neighbours(source)


def _check_brackets(source: Source) -> None:
    for index, token in enumerate(source.tokens):
        if token.is_symbol("(") and index not in source.partners:
            source.fail(index, "This bracket is not closed.", "Add ) where it ends.")
        if token.is_symbol(")") and index not in source.partners:
            source.fail(index, "This bracket was not opened.", "Delete it, or add ( where it begins.")


def _check_nesting(source: Source) -> None:
    opened: list[int] = []
    run = 0
    for index, token in enumerate(source.tokens):
        empty = source.partners.get(index) in (index - 1, index + 1)
        if token.is_keyword("NOT") or token.is_symbol("-", "::"):
            run += 1
        elif token.is_keyword("CASE") or (token.is_symbol("(") and not empty):
            opened.append(1 + run)
            run = 0
        elif token.kind is not Kind.TYPE:
            run = 0
        if opened and (token.is_keyword("END") or (token.is_symbol(")") and not empty)):
            opened.pop()
        if sum(opened) + run > MAX_NESTING:
            fail_nesting(source, index)


def fail_nesting(source: Source, index: int) -> NoReturn:
    """Raise the ExpressionError about too deep nesting."""
    problem = "The expression is nested too deeply."
    source.fail(index, problem, "Split it into several policies, or look values up: x IN (SELECT …).")


def _check_template(source: Source, index: int) -> None:
    name = source.tokens[index].value
    if name.lower() not in TEMPLATES:
        names = [each.name for each in TEMPLATES.values()]
        hint = did_you_mean(name, names, quote="@{}") or f"There are @{', @'.join(names)}."
        source.fail(index, f"@{name} is not a templated function.", hint)


def _check_name(source: Source, index: int) -> None:
    token = source.tokens[index]
    advice = SETTINGS.get(token.value) or ("" if _may_be_name(source, index) else _about_construct(source, index))
    if token.kind is Kind.NAME and advice:
        problem = f"{token.value.upper()} is not part of the policy language."
        source.fail(index, problem, advice.format(word=token.value))
    if not source.tokens[index + 1].is_symbol("("):
        return
    if token.kind is Kind.QUOTED:
        source.fail(index, "A function's name does not stand in quotes.", _function_hint(token.value.lower()))
    if index and source.tokens[index - 1].is_symbol("."):
        source.fail(index, "A function is named without a schema.", _function_hint(token.value))
    if token.value not in ALLOWED and token.value not in SHORTHANDS:
        known = token.value in ADVICE
        problem = f"{token.value.upper() if known else source.spelled(index)} is not a function of the policy language."
        source.fail(index, problem, _function_hint(token.value))


_QUANTIFIERS = ("any", "some", "all")
_QUANTIFIED = {
    **dict.fromkeys((("=", "any"), ("=", "some")), f"= ANY is IN. {LOOKUP_FORM}"),
    ("<>", "all"): "<> ALL is NOT IN: x NOT IN (SELECT column FROM schema.table WHERE condition).",
}
_ONE_VALUE = "Look the one value up in a view that holds it beside a key: x IN (SELECT column FROM schema.table)."
_COMPARED_WITH = {
    "=": f"{LOOKUP_FORM} Where it finds nothing it is FALSE, and x = (SELECT …) unknown.",
    "<>": (
        "Write x NOT IN (SELECT column FROM schema.table WHERE condition). Where that finds nothing it is TRUE, and "
        "x <> (SELECT …) unknown."
    ),
    **dict.fromkeys(("<", "<=", ">", ">="), _ONE_VALUE),
}
"""The advice about a sub-select behind an operator."""


def _about_construct(source: Source, index: int) -> str | None:
    """What to write instead of a word of SQL, where that is known."""
    token, before = source.tokens[index], source.tokens[max(index - 1, 0)]
    if token.value in _QUANTIFIERS and before.kind is Kind.SYMBOL:
        return _QUANTIFIED.get((before.value, token.value), _ONE_VALUE)
    if before.is_keyword("NOT") and token.value in DENIED:
        return DENIED[token.value]
    return CONSTRUCTS.get(token.value)


def _may_be_name(source: Source, index: int) -> bool:
    """Whether a word stands where a name may: no value right before or behind it, or the call of a function known."""
    token, after = source.tokens[index], source.tokens[index + 1]
    if after.is_symbol("(") and token.value in ADVICE:
        return True
    if index and ends_value(source.tokens[index - 1], token):
        return False
    return not begins_value(after) or after.is_symbol("-") or after.is_keyword("NOT")


def _function_hint(name: str) -> str:
    if name in ALLOWED or name in SHORTHANDS:
        return f"Write {name.upper()}(…)."
    if name in TEMPLATES:
        return f"A templated function begins with @: @{TEMPLATES[name].name}(…)."
    if name in ADVICE:
        return ADVICE[name].replace("{name}", name.upper())
    names = sorted(each.upper() for each in (*ALLOWED, *SHORTHANDS))
    return did_you_mean(name.upper(), names) or f"There are {', '.join(names)}."


def _check_keyword(source: Source, index: int) -> None:
    token, before = source.tokens[index], source.tokens[max(index - 1, 0)]
    if token.value == "SELECT":
        if index == 0:
            source.fail(index, "A policy's expression is not a query.", "Write the condition or the value alone.")
        opener = source.tokens[max(index - 2, 0)]
        if not (index >= 2 and before.is_symbol("(") and opener.is_keyword("IN")):
            source.fail(index, "A sub-select does not fit here.", _COMPARED_WITH.get(opener.value, LOOKUP_FORM))
    if token.value == "DISTINCT" and not before.is_keyword("SELECT"):
        source.fail(
            index,
            "DISTINCT does not fit here.",
            "Where NULL counts as a value like others: a IS [NOT] DISTINCT FROM b.",
        )

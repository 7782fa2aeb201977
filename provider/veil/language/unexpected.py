"""What to say where a token cannot stand: which mistake it most likely is, and what to write
instead.
"""

from typing import NoReturn

from veil.language.advice import ADVICE
from veil.language.errors import did_you_mean
from veil.language.functions import ALLOWED, SHORTHANDS
from veil.language.keywords import CONSTRUCTS, DENIED, KEYWORDS, LOOKUP_FORM, SETTINGS
from veil.language.tokens import Kind, Source, Token
from veil.language.tree import TEMPLATED

RANGES = ("IN", "BETWEEN", "LIKE", "ILIKE")
"""The operators that may have NOT before them."""

FORMS = {
    "CASE": "CASE WHEN condition THEN value ELSE value END",
    "BETWEEN": "x BETWEEN low AND high",
    "CAST": "CAST(x AS type)",
    "SELECT": "x IN (SELECT column FROM schema.table WHERE condition)",
}
"""The constructs of several words."""

PHRASES = {
    "at": "Times are UTC here. Leave AT TIME ZONE 'UTC' out; CONVERT_TIMEZONE('Etc/GMT-2', x) is two hours ahead.",
    "for": "Write SUBSTRING(text, start, length).",
    **dict.fromkeys(("both", "leading", "trailing"), "Write BTRIM(text, characters), LTRIM or RTRIM."),
    "symmetric": "Write x BETWEEN a AND b OR x BETWEEN b AND a.",
    "asymmetric": "Write x BETWEEN low AND high.",
}
"""Advice about words that join values in SQL."""

_SET_OFF = {
    **dict.fromkeys(("substring", "substr"), PHRASES["for"]),
    **dict.fromkeys(("trim", "btrim", "ltrim", "rtrim"), PHRASES["both"]),
}
"""Advice about functions whose arguments SQL sets off by FROM."""

_SYMMETRIC = "Write NOT (x BETWEEN a AND b OR x BETWEEN b AND a)."
"""The advice about NOT BETWEEN SYMMETRIC."""

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

_NO_TOKEN = Token(Kind.END, "", 0, 0)


def fail_missing(source: Source, index: int) -> NoReturn:
    """Raise the ExpressionError about a value that is missing before the token at `index`."""
    token = source.tokens[index]
    _check_clause(source, index)
    if index == 0 and token.is_symbol(")"):
        fail_unopened(source, index)
    if index == 0:
        source.fail(0, f"Something is missing before {source.named(0)}.")
    if token.kind is Kind.END and source.tokens[index - 1].is_symbol("("):
        fail_unclosed(source, index - 1)
    source.fail(index - 1, f"Something is missing after {source.named(index - 1)}.", _missing_advice(source, index))


def fail_unexpected(source: Source, index: int, form: str | None = None, function: str | None = None) -> NoReturn:
    """Raise the ExpressionError about the token at `index`, which stands behind a value and cannot.

    `form` is the construct of `FORMS` that is not complete there, if any is, `function` the one
    that is called.
    """
    token = source.tokens[index]
    check_construct(source, index + token.is_keyword("NOT"), after_value=True)
    _check_clause(source, index)
    if token.is_symbol(")") and form is None:
        fail_unopened(source, index)
    if begins_value(token) and not token.is_symbol("-"):
        source.fail(index, _unjoined(source, index), _joining_advice(source, index))
    index = min(index, len(source.tokens) - 2)
    subject = source.named(index)
    if form is not None:
        source.fail(index, f"{form} is not complete at {subject}.", f"Its form: {FORMS[form]}.")
    if token.kind is Kind.SYMBOL:
        subject = subject[0].upper() + subject[1:]
    advice = _SET_OFF.get(function or "") if token.is_keyword("FROM") else None
    source.fail(index, f"{subject} does not fit here.", advice)


def fail_unclosed(source: Source, index: int) -> NoReturn:
    """Raise the ExpressionError about the parenthesis at `index`, which nothing closes."""
    source.fail(index, "This parenthesis is not closed.", "Add ) where it ends.")


def fail_unopened(source: Source, index: int) -> NoReturn:
    """Raise the ExpressionError about the closing parenthesis at `index`, which closes nothing."""
    source.fail(index, "This parenthesis was not opened.", "Delete it, or add ( where it begins.")


def begins_value(token: Token) -> bool:
    """Whether a value may begin with this token."""
    if token.kind in (Kind.NAME, Kind.QUOTED, Kind.STRING, Kind.NUMBER, Kind.TEMPLATE) or token.is_symbol("(", "-"):
        return True
    return token.is_keyword("NULL", "TRUE", "FALSE", "CASE", "CAST", "NOT", "SELECT")


def check_construct(source: Source, index: int, *, after_value: bool) -> None:
    """Refuse an unquoted word that SQL reads as the call of a function, or that begins or joins
    what the language does not have. Where a name may stand, the latter are names like others.
    """
    token, after = source.tokens[index], source.tokens[min(index + 1, len(source.tokens) - 1)]
    if token.kind is not Kind.NAME:
        return
    advice = SETTINGS.get(token.value)
    if advice is None and not (after.is_symbol("(") and token.value in ADVICE):
        names = not after_value and (not begins_value(after) or after.is_symbol("-") or after.is_keyword("NOT"))
        advice = None if names else _about_construct(source, index)
    if advice is not None:
        source.fail(
            index, f"{token.value.upper()} is not part of the policy language.", advice.format(word=token.value)
        )


def check_function(source: Source, index: int) -> None:
    """Refuse the call of a function that the language does not have."""
    token = source.tokens[index]
    if token.kind is Kind.QUOTED:
        source.fail(index, "A function's name does not stand in quotes.", _function_hint(token.value.lower()))
    if index and source.tokens[index - 1].is_symbol("."):
        source.fail(index, "A function is named without a schema.", _function_hint(token.value))
    if token.value not in ALLOWED and token.value not in SHORTHANDS:
        known = token.value in ADVICE
        problem = f"{token.value.upper() if known else source.spelled(index)} is not a function of the policy language."
        source.fail(index, problem, _function_hint(token.value))


def check_template(source: Source, index: int) -> None:
    """Refuse a templated function that there is not."""
    name = source.tokens[index].value
    if name.lower() not in TEMPLATED:
        names = [template.name for template, _ in TEMPLATED.values()]
        hint = did_you_mean(name, names, quote="@{}") or f"There are @{', @'.join(names)}."
        source.fail(index, f"@{name} is not a templated function.", hint)


def _check_clause(source: Source, index: int) -> None:
    """Refuse SELECT and DISTINCT."""
    token, before = source.tokens[index], source.tokens[index - 1] if index else _NO_TOKEN
    if token.is_keyword("SELECT"):
        if index == 0:
            source.fail(index, "A policy's expression is not a query.", "Write the condition or the value alone.")
        opener = source.tokens[max(index - 2, 0)]
        source.fail(index, "A sub-select does not fit here.", _COMPARED_WITH.get(opener.value, LOOKUP_FORM))
    if token.is_keyword("DISTINCT") and not before.is_keyword("SELECT"):
        advice = "Where NULL counts as a value like others: a IS [NOT] DISTINCT FROM b."
        source.fail(index, "DISTINCT does not fit here.", advice)


def _about_construct(source: Source, index: int) -> str | None:
    """What to write instead of a word of SQL, where that is known."""
    token, before = source.tokens[index], source.tokens[index - 1] if index else _NO_TOKEN
    if token.value in _QUANTIFIERS and before.kind is Kind.SYMBOL:
        return _QUANTIFIED.get((before.value, token.value), _ONE_VALUE)
    if before.is_keyword("NOT") and token.value in DENIED:
        return DENIED[token.value]
    return CONSTRUCTS.get(token.value)


def _function_hint(name: str) -> str:
    if name in ALLOWED or name in SHORTHANDS:
        return f"Write {name.upper()}(…)."
    if name in TEMPLATED:
        return f"A templated function begins with @: @{TEMPLATED[name][0].name}(…)."
    if name in ADVICE:
        return ADVICE[name].replace("{name}", name.upper())
    names = sorted(each.upper() for each in (*ALLOWED, *SHORTHANDS))
    return did_you_mean(name.upper(), names) or f"There are {', '.join(names)}."


def _missing_advice(source: Source, index: int) -> str | None:
    """What to do where the token before the one at `index` waits for a value."""
    token, after = source.tokens[index - 1], source.tokens[index]
    if token.is_keyword("SELECT", "DISTINCT") and after.is_symbol("*"):
        return f"Name the one column to compare with. {LOOKUP_FORM}"
    if token.is_keyword("IN"):
        return "Put the list in parentheses: x IN ('a', 'b')."
    if token.is_symbol("(") and after.is_symbol(")"):
        return "A list has at least one item."
    if after.is_symbol("+"):
        return "Delete the plus sign: numbers are positive without it."
    if token.is_keyword("NOT") and after.is_keyword(*RANGES) and source.tokens[index - 2].is_keyword("IS"):
        return f"Write NOT {after.value} without IS."
    if token.is_symbol("%", "_") and any(each.is_keyword("LIKE", "ILIKE") for each in source.tokens[: index - 1]):
        return "A pattern is a string in single quotes: LIKE 'a%'."
    return None


def _unjoined(source: Source, index: int) -> str:
    token, after = source.tokens[index - 1], source.tokens[index]
    if token.kind is Kind.NAME and after.kind is Kind.STRING and token.end == after.start:
        return f"{token.value.upper()}'…' strings are not part of the policy language."
    return f"An operator is missing between {source.named(index - 1)} and {source.named(index)}."


def _joining_advice(source: Source, index: int) -> str | None:
    """What to do about two values side by side, of which the second begins at `index`."""
    token, after = source.tokens[index - 1], source.tokens[index]
    if after.kind is Kind.STRING and token.kind is Kind.NAME and token.end == after.start:
        return "Write a plain text in single quotes."
    if token.kind is Kind.STRING and after.kind is Kind.STRING:
        return "Write || to join strings, a comma between the items of a list."
    if after.is_keyword("NOT") and source.tokens[index + 1].is_symbol("="):
        return "Write <> for not equal."
    for at, each in ((index, after), (index - 1, token)):
        if each.kind is Kind.NAME and each.value in PHRASES:
            denied = each.value == "symmetric" and at > 1 and source.tokens[at - 2].is_keyword("NOT")
            return _SYMMETRIC if denied else PHRASES[each.value]
        if each.kind is Kind.NAME and len(each.value) > 2 and (hint := _keyword_like(each.value)):
            return hint
    return "Write AND, OR, a comparison or a comma between them."


def _keyword_like(word: str) -> str | None:
    return did_you_mean(word.upper(), sorted(KEYWORDS), cutoff=0.66)

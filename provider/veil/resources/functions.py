"""Provider functions: pure, and without any warehouse."""

from typing import TYPE_CHECKING

from veil.plugin import UNKNOWN, Function, FunctionError, importing, is_known, parameter

if TYPE_CHECKING:
    from veil.language import Expression, ExpressionError, Usage

_TEXT = parameter("text", str, "A condition of the policy language, over the columns of a row and the user.")

_PLACE = parameter(
    "place",
    str,
    "Where it is to stand: `row` (`where`), `audience` (`exceptions.expression`, `for_everyone_who`), `subscription` (a "
    "subscription policy's `expression`) or `mask` (a `sql` mask). Left out: any of them.",
    allow_unknown=True,
)


class ValidateExpression(Function):
    """`true` where the text is an expression of the policy language; otherwise an error with a
    caret under the place.

    Use it in a `validation` block; without `can(...)` around it the user sees where the text is
    wrong.
    """

    name = "validate_expression"
    summary = "Checks a policy expression."
    parameters = (parameter("text", str, "An expression of the policy language.", allow_unknown=True),)
    variadic = _PLACE
    returns = bool

    def call(self, text: str, *places: str) -> bool:
        # Called with what is not known yet too: the rest is judged all the same.
        named = [_usage(place, at) for at, place in enumerate(places, start=1) if is_known(place)]
        unknown: bool = UNKNOWN
        if not is_known(text):
            return unknown
        certain = len(named) == len(places)
        usages = named if named and certain else _usages_of(text)
        problems = [problem for usage in usages if (problem := _problem(text, usage)) is not None]
        if len(problems) == len(usages):
            # The reading that came furthest is most likely the one that was meant.
            raise FunctionError(max(problems, key=lambda each: each.start).render(), argument=0)
        return True if certain else unknown


def _usage(place: str, at: int) -> "Usage":
    with importing():
        from veil.language import Usage

    try:
        return Usage(place)
    except ValueError as problem:
        known = ", ".join(Usage)
        raise FunctionError(f"{place!r} is no place of an expression. Write one of {known}.", argument=at) from problem


def _usages_of(text: str) -> "list[Usage]":
    """Where a text may be meant to stand. Those of audiences may stand in rows too."""
    with importing():
        from veil.language import Usage

    return [Usage.ROW, Usage.SUBSCRIPTION, *([Usage.MASK] if "@value" in text.lower() else [])]


def _problem(text: str, usage: "Usage") -> "ExpressionError | None":
    with importing():
        from veil.language import ExpressionError, parse

    try:
        parse(text, usage)
    except ExpressionError as problem:
        return problem
    return None


class CompilePredicate(Function):
    """The SQL that a condition of the policy language becomes in a view, to look at in a review.

    The row is `t`. Which column carries a tag only a data source knows: `@columnTagged('geo')`
    stands as a column of that name.
    """

    name = "compile_predicate"
    summary = "Shows the SQL of a policy expression."
    parameters = (_TEXT,)
    returns = str

    def call(self, text: str) -> str:
        # Most processes only say that there is this function.
        with importing():
            from veil.compiler import CompileError, compile_predicate

        try:
            return compile_predicate(_parsed(text))
        except CompileError as problem:
            raise FunctionError(f"{problem.summary}. {problem.detail}", argument=0) from problem


def _parsed(text: str) -> "Expression":
    with importing():
        from veil.language import ExpressionError, Usage, parse

    try:
        return parse(text, Usage.ROW)
    except ExpressionError as problem:
        raise FunctionError(problem.render(), argument=0) from problem

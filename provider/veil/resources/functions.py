"""Provider functions: pure, and without any warehouse."""

from veil.language import Expression, ExpressionError, Usage, parse
from veil.plugin import Function, FunctionError, importing, parameter

_TEXT = parameter("text", str, "A condition of the policy language, over the columns of a row and the user.")


class ValidateExpression(Function):
    """`true` where the text is a condition of the policy language; otherwise an error with a caret under the place.

    Use it in a `validation` block; without `can(...)` around it the user sees where the text is wrong.
    """

    name = "validate_expression"
    summary = "Checks a policy expression."
    parameters = (_TEXT,)
    returns = bool

    def call(self, text: str) -> bool:
        _parsed(text)
        return True


class CompilePredicate(Function):
    """The SQL that a condition of the policy language becomes in a view, to look at in a review."""

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


def _parsed(text: str) -> Expression:
    try:
        return parse(text, Usage.ROW)
    except ExpressionError as problem:
        raise FunctionError(problem.render(), argument=0) from problem

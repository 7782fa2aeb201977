"""Policy texts as trees. A text that is not an expression gives a problem, and whatever asks it is
unknown.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import product

from veil.language import ExpressionError, Usage, parse, referenced_tags, tree
from veil.language.tree import Expression
from veil.model import Exceptions, fold
from veil.policy.findings import Problem
from veil.policy.targeting import SourceView
from veil.policy.typecheck import UNKNOWN, Environment, typecheck_condition

MOST_CHOICES = 256
"""How many combinations of tagged columns one expression is compiled for; with more it is
unknown.
"""

Read = tuple[Expression | None, Problem | None]
Tested = tuple[Expression, tuple[Problem, ...]]


def read_expression(text: str, usage: Usage) -> Read:
    """The tree of a string, or the problem with it."""
    try:
        return parse(text, usage), None
    except ExpressionError as error:
        message = f"{error.message} {error.suggestion}" if error.suggestion else error.message
        return None, Problem("expression-invalid", message, error.span)


def mask_expression(text: str) -> Read:
    """The tree of an `sql` mask's text, or the problem with it."""
    return read_expression(text, Usage.MASK)


def user_test(text: str | None, usage: Usage, env: Environment) -> Tested:
    """A test of the user; unknown where the text is none."""
    expression, problem = read_expression(text or "", usage)
    if expression is None:
        return UNKNOWN, (problem,) if problem else ()
    typed = typecheck_condition(expression, replace(env, columns={}))
    return typed.expression, typed.problems


def exception_test(exceptions: Exceptions, env: Environment) -> Tested:
    """Who passes, as one expression. No item at all never holds, under `all` too."""
    items: list[Expression] = [tree.IsInGroups((group,)) for group in sorted(exceptions.groups)]
    attributes = sorted(exceptions.attributes, key=lambda each: (each.name, each.value))
    items += [tree.HasAttribute(each.name, each.value) for each in attributes]
    items += [tree.IsUsingPurpose(purpose) for purpose in sorted(exceptions.purposes)]
    problems: tuple[Problem, ...] = ()
    if exceptions.expression is not None:
        expression, problems = user_test(exceptions.expression, Usage.AUDIENCE, env)
        items.append(expression)
    if not items:
        return tree.Boolean(False), problems
    if len(items) == 1:
        return items[0], problems
    return (tree.And if exceptions.operator == "all" else tree.Or)(tuple(items)), problems


def choices(tags: Iterable[str], place: SourceView) -> Iterator[dict[str, str]]:
    """Every way in which each tag stands for one of its columns: folded tag -> column. None where a
    tag has none.
    """
    wanted = sorted({fold(tag) for tag in tags})
    columns = [[column.name for column in place.tagged(tag)] for tag in wanted]
    return (dict(zip(wanted, chosen, strict=True)) for chosen in product(*columns))


def tags_of(text: str) -> frozenset[str]:
    """The folded column tags that a row expression names; none where it cannot be read."""
    expression, _ = read_expression(text, Usage.ROW)
    return frozenset() if expression is None else frozenset(map(fold, referenced_tags(expression)))

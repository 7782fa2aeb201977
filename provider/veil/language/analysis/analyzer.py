"""The state of one analysis: the source, where it stands, how deep it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn, TypeAlias

from veil.language import syntax
from veil.language.errors import ExpressionError
from veil.language.inference import static_type
from veil.language.parser import fail_nesting
from veil.language.spans import Span
from veil.language.syntax import Node
from veil.language.tokens import Source
from veil.language.tree import Boolean, Comparison, Expression, NullValue, Text
from veil.language.usage import Usage
from veil.language.value_types import ValueType, article

MAX_DEPTH = 64
"""How many levels a tree may have. Whoever walks it recursively needs a handful of frames per
level.
"""

Handler: TypeAlias = "Callable[[Analyzer, Any], Expression]"
"""What makes the tree of one class of nodes. It takes nodes of its own class, which no type of a
table can say.
"""


@dataclass(frozen=True, slots=True)
class LookupNames:
    """The names by which the columns of the lookup at hand may be qualified."""

    accepted: frozenset[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Arity:
    """How many arguments a function takes (`most` is None where there is no limit), and what to
    advise.
    """

    name: str
    required: int
    most: int | None
    advice: str

    @property
    def count(self) -> str:
        """The number in words: `no arguments`, `1 argument`, `2 or 3 arguments`,
        `1 or more arguments`.
        """
        if self.most is None:
            return f"{self.required} or more arguments"
        if self.most == 0:
            return "no arguments"
        between = "or" if self.most == self.required + 1 else "to"
        numbers = f"{self.required}" if self.required == self.most else f"{self.required} {between} {self.most}"
        return f"{numbers} argument{'' if self.most == 1 else 's'}"


@dataclass
class Analyzer:
    """Converts the nodes of one expression, `root`. `lookup` is set inside a lookup."""

    source: Source
    usage: Usage
    handlers: Mapping[type[Node], Handler]
    root: Node
    lookup: LookupNames | None = None
    depth: int = field(default=0)

    def expression(self, node: Node) -> Expression:
        """Any expression."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            fail_nesting(self.source, node.start)
        analyzed = self.handlers[type(node)](self, node)
        self.depth -= 1
        return analyzed if analyzed.span else replace(analyzed, span=self.span(node))

    def operand(self, node: Node) -> Expression:
        """An expression beside an operator."""
        if isinstance(node, syntax.Condition):
            spelled = self.spelled(node)
            joined = " || joins strings; between conditions write OR." if "||" in spelled else ""
            self.fail(node, f"{spelled} needs parentheses here.", f"Write ({spelled}).{joined}")
        return self.expression(node)

    def condition(self, node: Node) -> Expression:
        """An expression that is TRUE, FALSE or unknown. Of what may be a BOOLEAN column it is asked
        whether it is TRUE.
        """
        expression = self.expression(node)
        self.check_condition(node, expression)
        is_untold = static_type(expression) is not ValueType.BOOLEAN and not isinstance(expression, NullValue)
        return Comparison("=", expression, Boolean(True), span=expression.span) if is_untold else expression

    def check_condition(self, node: Node, expression: Expression) -> None:
        """Refuse what is known not to be TRUE, FALSE or unknown."""
        kind = static_type(expression)
        if kind is ValueType.BOOLEAN or kind.is_open:
            return
        spelled = self.spelled(node)
        advice = "Compare it with something: =, <>, <, IN, LIKE."
        if isinstance(expression, Text) and expression.value and self.usage is not Usage.ROW:
            advice = f"Write @isInGroups({spelled}) for the members of a group."
        self.fail(node, f"{spelled} is {article(kind)}, not a condition.", advice)

    def check_count(self, node: Node, arguments: list[Node], takes: Arity) -> None:
        """Refuse a call of `node` with too few or too many arguments, pointing at the first one too
        many.
        """
        count = len(arguments)
        if takes.required <= count and (takes.most is None or count <= takes.most):
            return
        place = arguments[takes.most] if takes.most is not None and count > takes.most else node
        self.fail(place, f"{takes.name} takes {takes.count}{f', not {count}' if count else ''}.", takes.advice)

    def fail(self, node: Node | Span, message: str, suggestion: str | None = None) -> NoReturn:
        """Raise an ExpressionError that points at `node`."""
        raise ExpressionError(message, self.source.text, node.start, node.end, suggestion)

    def span(self, node: Node) -> Span:
        """Where `node` stands."""
        return Span(self.source.text, node.start, node.end)

    def spelled(self, node: Node) -> str:
        """The user's spelling of `node`, shortened for messages."""
        return self.source.shortened(node.start, node.end)

    def written(self, node: Node) -> str:
        """The user's spelling of `node` at its full length, on one line."""
        return " ".join(self.source.text[node.start : node.end].split())

"""The state of one analysis: the source, where it stands, how deep it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NoReturn, TypeAlias

from sqlglot import exp

from veil.language import families, spans
from veil.language.families import Family
from veil.language.grammar import index_of
from veil.language.screen import fail_nesting
from veil.language.tokens import Source, Token
from veil.language.tree import Boolean, Comparison, Expression, NullValue, Text
from veil.language.usage import Usage

MAX_DEPTH = 64
"""How many levels a tree may have. Whoever walks it recursively needs a handful of frames per level."""

Handler: TypeAlias = "Callable[[Analyzer, exp.Expr], Expression]"

LOOSE = (
    exp.Connector,
    exp.Not,
    exp.EQ,
    exp.NEQ,
    exp.LT,
    exp.LTE,
    exp.GT,
    exp.GTE,
    exp.In,
    exp.Between,
    exp.Is,
    exp.NullSafeEQ,
    exp.NullSafeNEQ,
    exp.Like,
    exp.ILike,
)
"""Conditions, which stand in brackets where an operator takes them as an operand: SQL's dialects rank them differently."""


@dataclass(frozen=True, slots=True)
class LookupNames:
    """The names by which the columns of the lookup at hand may be qualified, and where its text names columns of the
    protected row: the trees made of those places, with the places.
    """

    accepted: frozenset[tuple[str, ...]]
    reached: list[tuple[Expression, exp.Expr]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Arity:
    """How many arguments a function takes (`most` is None where there is no limit), and what to advise."""

    name: str
    required: int
    most: int | None
    advice: str

    @property
    def count(self) -> str:
        """The number in words: `no arguments`, `1 argument`, `2 or 3 arguments`, `1 or more arguments`."""
        if self.most is None:
            return f"{self.required} or more arguments"
        if self.most == 0:
            return "no arguments"
        between = "or" if self.most == self.required + 1 else "to"
        numbers = f"{self.required}" if self.required == self.most else f"{self.required} {between} {self.most}"
        return f"{numbers} argument{'' if self.most == 1 else 's'}"


@dataclass
class Analyzer:
    """Converts the nodes of one expression. `lookup` is set inside a lookup."""

    source: Source
    usage: Usage
    handlers: Mapping[type[exp.Expr], Handler]
    lookup: LookupNames | None = None
    depth: int = field(default=0)

    def expression(self, node: exp.Expr) -> Expression:
        """Any expression."""
        node = bare(node)
        handler = self.handlers.get(type(node))
        if handler is None:
            self.fail(node, f"{node.key.upper()} is not part of the policy language.")
        self.depth += 1
        if self.depth > MAX_DEPTH:
            fail_nesting(self.source, spans.of(self.source, node)[0])
        found = handler(self, node)
        self.depth -= 1
        return found

    def operand(self, node: exp.Expr) -> Expression:
        """An expression beside an operator."""
        node = bare(node)
        if isinstance(node, LOOSE):
            spelled = self.spelled(node)
            joined = " || joins texts; between conditions write OR." if "||" in spelled else ""
            self.fail(node, f"{spelled} needs brackets here.", f"Write ({spelled}).{joined}")
        return self.expression(node)

    def condition(self, node: exp.Expr) -> Expression:
        """An expression that is TRUE, FALSE or unknown. Of what may be a BOOLEAN column it is asked whether it is TRUE."""
        found = self.expression(node)
        self.check_condition(node, found)
        unknown = families.family_of(found) is Family.UNKNOWN and not isinstance(found, NullValue)
        return Comparison("=", found, Boolean(True)) if unknown else found

    def check_condition(self, node: exp.Expr, found: Expression) -> None:
        """Refuse what is known not to be TRUE, FALSE or unknown."""
        family = families.family_of(found)
        if family in (Family.CONDITION, Family.UNKNOWN):
            return
        spelled = self.spelled(node)
        advice = "Compare it with something: =, <>, <, IN, LIKE."
        if isinstance(found, Text) and found.value and self.usage is not Usage.ROW:
            advice = f"Write @isInGroups({spelled}) for the members of a group."
        self.fail(node, f"{spelled} is {family}, not a condition.", advice)

    def check_count(self, node: exp.Expr, arguments: list[exp.Expr], takes: Arity) -> None:
        """Refuse a call of `node` with too few or too many arguments, pointing at the first one too many."""
        count = len(arguments)
        if takes.required <= count and (takes.most is None or count <= takes.most):
            return
        place = arguments[takes.most] if takes.most is not None and count > takes.most else node
        self.fail(place, f"{takes.name} takes {takes.count}{f', not {count}' if count else ''}.", takes.advice)

    def fail(self, node: exp.Expr, message: str, suggestion: str | None = None) -> NoReturn:
        """Raise an ExpressionError that points at `node`."""
        first, last = spans.of(self.source, node)
        self.source.fail(first, message, suggestion, last=last)

    def span(self, node: exp.Expr) -> tuple[int, int]:
        """The indexes of the first and last token of `node`."""
        return spans.of(self.source, node)

    def spelled(self, node: exp.Expr) -> str:
        """The user's spelling of `node`, for messages."""
        return self.source.spelled(*spans.of(self.source, node))

    def written(self, node: exp.Expr) -> str:
        """The user's spelling of `node` at its full length, on one line."""
        first, last = self.span(node)
        return " ".join(self.source.text[self.source.tokens[first].start : self.source.tokens[last].end].split())

    def is_denied(self, operand: exp.Expr) -> bool:
        """Whether NOT stands behind `operand`, as in `x NOT IN (…)`, or behind the IS behind it."""
        tokens, behind = self.source.tokens, self.span(operand)[1] + 1
        return tokens[behind].is_keyword("NOT") or (
            tokens[behind].is_keyword("IS") and tokens[behind + 1].is_keyword("NOT")
        )

    def token(self, node: exp.Expr) -> Token:
        """The token of a leaf, the first token of anything else."""
        if isinstance(node, exp.Literal | exp.Column | exp.Identifier | exp.Anonymous):
            return self.source.tokens[index_of(node)]
        return self.source.tokens[spans.of(self.source, node)[0]]


def bare(node: exp.Expr) -> exp.Expr:
    """The node without brackets that sqlglot added; the user's come as calls, see `grammar`."""
    while isinstance(node, exp.Paren):
        node = node.this
    return node

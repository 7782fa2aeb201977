"""Tokens to syntax, by precedence climbing: the one place that knows how the language is written.

From the loosest to the tightest: OR, AND, NOT, comparisons, IN and its like, `||`, `+ -`, `* / %`,
a minus sign, `::`. What the grammar takes and the language does not (a comparison as an operand,
several values in parentheses) is left to `analysis`, which can say more about it.
"""

from typing import Literal as OneOf
from typing import NoReturn, cast

from veil.language import syntax
from veil.language.datetime_literals import canonical_date, canonical_timestamp
from veil.language.errors import ExpressionError
from veil.language.keywords import LOOKUP_FORM
from veil.language.syntax import Node
from veil.language.tokens import Kind, Source, Token
from veil.language.types import CASTABLE, LONGEST_SPELLING, advice_about, problem_with_arguments
from veil.language.unexpected import (
    RANGES,
    check_construct,
    check_function,
    check_template,
    fail_missing,
    fail_unclosed,
    fail_unexpected,
)

MAX_NESTING = 20
"""How deep parentheses, CASE, NOT and minus signs may nest. The parser recurses with them, on a
stack that may be deep already.
"""

_OR, _AND, _NOT, _EQUALITY, _ORDER, _TEST, _CONCAT, _SUM, _PRODUCT = range(9)
_SYMBOLS = {
    **dict.fromkeys(("=", "<>"), _EQUALITY),
    **dict.fromkeys(("<", "<=", ">", ">="), _ORDER),
    "||": _CONCAT,
    **dict.fromkeys(("+", "-"), _SUM),
    **dict.fromkeys(("*", "/", "%"), _PRODUCT),
}
_WORDS = {
    "OR": _OR,
    "AND": _AND,
    **dict.fromkeys(("IS", "IS DISTINCT FROM", "IS NOT DISTINCT FROM", *RANGES), _TEST),
}
_SET_OFF = {"position": "IN", "extract": "FROM"}
"""The word that stands for a comma in the call of a function."""
_MOMENTS = {"date": canonical_date, "timestamp": canonical_timestamp}


def parse_syntax(source: Source) -> Node:
    """The syntax of a whole text. Raises ExpressionError at the first token that cannot stand where
    it does.
    """
    parser = _Parser(source)
    root = parser.expression()
    if parser.token.kind is not Kind.END:
        fail_unexpected(source, parser.at)
    return root


def fail_nesting(source: Source, start: int) -> NoReturn:
    """Raise the ExpressionError about too deep nesting, at an offset of the text."""
    problem = "The expression is nested too deeply."
    advice = "Split it into several policies, or look values up: x IN (SELECT …)."
    raise ExpressionError(problem, source.text, start, start + 1, advice)


class _Parser:
    """A place in a source. Each method reads one construct and leaves the place behind it."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.tokens = source.tokens
        self.token = source.tokens[0]
        self.at = 0
        self.depth = 0

    def expression(self, least: int = _OR) -> Node:
        """An expression of operators that bind at least as tightly as `least`."""
        return self.operators(self.prefix(), least)

    def operators(self, left: Node, least: int) -> Node:
        """What follows `left`, its first operand."""
        while (level := self.level()) >= least:
            left = self.operator(left, level)
        return left

    def level(self) -> int:
        """How tightly the operator here binds; -1 where there is none."""
        token = self.token
        if token.kind is Kind.SYMBOL:
            return _SYMBOLS.get(token.value, -1)
        if token.kind is not Kind.KEYWORD:
            return -1
        if token.value == "NOT":
            return _TEST if self.tokens[self.at + 1].is_keyword(*RANGES) else -1
        return _WORDS.get(token.value, -1)

    def operator(self, left: Node, level: int) -> Node:
        """The operator here, with its other operands."""
        if level <= _AND:
            return self.chain(left, level)
        if level == _TEST:
            return self.test(left)
        token = self.advance()
        right = self.expression(level + 1)
        if level <= _ORDER:
            return syntax.Comparison(left.start, right.end, left, token.value, right)  # type: ignore[arg-type]
        return syntax.Infix(left.start, right.end, left, token.value, right)  # type: ignore[arg-type]

    def chain(self, left: Node, level: int) -> Node:
        """`a AND b AND c`, side by side, so that long ones are not deep."""
        word = cast(OneOf["AND", "OR"], self.token.value)
        operands = [left]
        while self.takes(word):
            operands.append(self.expression(level + 1))
        return syntax.Chain(left.start, operands[-1].end, word, operands)

    def test(self, left: Node) -> Node:
        negated = self.takes("NOT")
        token = self.advance()
        if token.value == "IN":
            return self.membership(left, negated)
        if token.value == "BETWEEN":
            low = self.expression(_CONCAT)
            if not self.takes("AND"):
                self.fail("BETWEEN")
            high = self.expression(_CONCAT)
            return syntax.Between(left.start, high.end, left, low, high, negated)
        if token.value == "IS":
            negated = self.takes("NOT")
        right = self.expression(_CONCAT)
        if token.value == "IS":
            return syntax.Is(left.start, right.end, left, right, negated)
        if token.value in ("LIKE", "ILIKE"):
            return syntax.Like(left.start, right.end, left, right, token.value == "ILIKE", negated)
        return syntax.Distinct(left.start, right.end, left, right, token.value == "IS NOT DISTINCT FROM")

    def membership(self, left: Node, negated: bool) -> Node:
        opener = self.opened()
        self.descend()
        if self.token.is_keyword("SELECT"):
            query = self.query(opener)
            node: Node = syntax.InQuery(left.start, query.end, left, query, negated)
        else:
            items = self.listed()
            node = syntax.In(left.start, self.closed(opener), left, items, negated)
        self.depth -= 1
        return node

    def prefix(self) -> Node:
        """NOT, a minus sign, or a value with its casts."""
        token = self.token
        if token.is_keyword("NOT"):
            self.advance()
            self.descend()
            operand = self.expression(_EQUALITY)
            self.depth -= 1
            return syntax.Not(token.start, operand.end, operand)
        if token.is_symbol("-"):
            self.advance()
            self.descend()
            operand = self.prefix()
            self.depth -= 1
            return syntax.Negative(token.start, operand.end, operand)
        node = self.value()
        while self.takes("::"):
            name, arguments, end = self.type()
            node = syntax.Cast(node.start, end, node, name, arguments)
        return node

    def value(self) -> Node:
        """A value that no operator is part of."""
        token = self.token
        match token.kind:
            case Kind.NAME | Kind.QUOTED:
                return self.name()
            case Kind.STRING:
                self.advance()
                return syntax.String(token.start, token.end, token.value)
            case Kind.NUMBER:
                self.advance()
                return syntax.Number(token.start, token.end, token.value)
            case Kind.TEMPLATE:
                return self.template()
            case Kind.SYMBOL if token.value == "(":
                return self.group()
            case Kind.KEYWORD if token.value in ("TRUE", "FALSE", "NULL"):
                self.advance()
                return syntax.Constant(token.start, token.end, token.value)  # type: ignore[arg-type]
            case Kind.KEYWORD if token.value == "CASE":
                return self.case()
            case Kind.KEYWORD if token.value == "CAST":
                return self.cast()
        return fail_missing(self.source, self.at)

    def name(self) -> Node:
        """A column, a call, or a typed literal."""
        first = self.token
        after = self.tokens[self.at + 1]
        if first.kind is Kind.NAME and first.value in _MOMENTS and after.kind is Kind.STRING:
            return self.moment()
        parts = self.dotted()
        if self.token.is_symbol("("):
            check_function(self.source, self.at - 1)
            arguments = self.arguments(first.value)
            return syntax.Call(first.start, self.tokens[self.at - 1].end, first.value, arguments)
        return syntax.Name(first.start, parts[-1].end, parts[-1], tuple(parts[:-1]))

    def dotted(self) -> list[Token]:
        """A name, and those that dots join to it."""
        parts: list[Token] = []
        while True:
            if self.token.kind not in (Kind.NAME, Kind.QUOTED):
                fail_missing(self.source, self.at)
            check_construct(self.source, self.at, after_value=False)
            parts.append(self.advance())
            if not self.takes("."):
                return parts

    def moment(self) -> Node:
        word, literal = self.advance(), self.advance()
        try:
            value = _MOMENTS[word.value](literal.value)
        except ValueError as error:
            self.source.fail(self.at - 1, f"'{literal.value}' is not a {word.value}: {error}.")
        return syntax.Moment(word.start, literal.end, word.value, value)  # type: ignore[arg-type]

    def template(self) -> Node:
        check_template(self.source, self.at)
        token = self.advance()
        arguments = self.arguments("") if self.token.is_symbol("(") else []
        return syntax.Template(token.start, self.tokens[self.at - 1].end, token.value, arguments)

    def arguments(self, function: str) -> list[Node]:
        """The arguments of a call, with their parentheses. EXTRACT and POSITION have a word for a
        comma.
        """
        opener = self.opened()
        if self.takes(")"):
            return []
        self.descend()
        word = _SET_OFF.get(function, ",")
        # In POSITION, IN would take the first argument for the value that it looks for.
        first = self.expression(_CONCAT if word == "IN" else _OR)
        more = self.takes(word)
        if not more:
            first = self.operators(first, _OR)
            more = self.takes(",")
        nodes = [first, *(self.listed() if more else ())]
        self.closed(opener, function=function)
        self.depth -= 1
        return nodes

    def listed(self) -> list[Node]:
        """One or more expressions with commas between them."""
        nodes = [self.expression()]
        while self.takes(","):
            nodes.append(self.expression())
        return nodes

    def group(self) -> Node:
        opener = self.opened()
        self.descend()
        items = self.listed()
        start, end = self.tokens[opener].start, self.closed(opener)
        self.depth -= 1
        return syntax.Group(start, end, items[0]) if len(items) == 1 else syntax.Row(start, end, items)

    def cast(self) -> Node:
        start = self.advance().start
        opener = self.opened()
        self.descend()
        operand = self.expression()
        if self.token.is_symbol(","):
            problem = "CAST takes a value and, behind AS, a type."
            self.source.fail(self.at, problem, "Write CAST(x AS INTEGER), for example.")
        if not self.takes("AS"):
            self.fail("CAST")
        name, arguments, _ = self.type()
        end = self.closed(opener, "CAST")
        self.depth -= 1
        return syntax.Cast(start, end, operand, name, arguments)

    def type(self) -> tuple[str, tuple[int, ...], int]:
        """A data type: its standard name, its complete arguments and the offset behind it."""
        first = self.at
        words: list[str] = []
        while self.token.kind is Kind.NAME and len(words) < LONGEST_SPELLING:
            words.append(self.advance().value)
        spelling = " ".join(words)
        if spelling not in CASTABLE or self.token.kind is Kind.NAME:
            problem = f"{spelling.upper()} is not a type that values can be cast to."
            last = first + max(len(words), 1) - 1
            self.source.fail(
                first, problem if words else "A data type is missing here.", advice_about(spelling), last=last
            )
        cast_type = CASTABLE[spelling]
        arguments = self.type_arguments() if self.token.is_symbol("(") else ()
        if incompatibility := problem_with_arguments(cast_type, arguments):
            self.source.fail(first, incompatibility, last=self.at - 1)
        complete = (arguments + cast_type.defaults[len(arguments) :]) if cast_type.defaults else ()
        return cast_type.name, complete, self.tokens[self.at - 1].end

    def type_arguments(self) -> tuple[int, ...]:
        """The integers in parentheses behind a type."""
        self.advance()
        values: list[int] = []
        while self.token.kind is Kind.NUMBER and self.token.value.isdigit() and len(self.token.value) < 10:
            values.append(int(self.advance().value))
            if self.takes(")"):
                return tuple(values)
            if not self.takes(","):
                break
        problem = "A type's length, or precision and scale, are integers in parentheses."
        return self.source.fail(self.at, problem, "Write VARCHAR(20) or NUMERIC(12, 2), for example.")

    def case(self) -> Node:
        start = self.advance().start
        self.descend()
        subject = None if self.token.is_keyword("WHEN") else self.expression()
        branches: list[syntax.When] = []
        while self.takes("WHEN"):
            test = self.expression()
            if not self.takes("THEN"):
                self.fail("CASE")
            result = self.expression()
            branches.append(syntax.When(test.start, result.end, test, result))
        otherwise = self.expression() if branches and self.takes("ELSE") else None
        if not branches or not self.takes("END"):
            self.fail("CASE")
        self.depth -= 1
        return syntax.Case(start, self.tokens[self.at - 1].end, subject, branches, otherwise)

    def query(self, opener: int) -> syntax.Query:
        """The sub-select behind the parenthesis at `opener`, which ends it."""
        self.advance()
        self.takes("DISTINCT")
        columns = self.listed()
        if self.token.is_symbol(")") or self.token.is_keyword("WHERE"):
            self.source.fail(opener, "A lookup names the table that it reads.", LOOKUP_FORM, last=self.at)
        if not self.takes("FROM"):
            self.fail("SELECT")
        table = self.table()
        where = self.expression() if self.takes("WHERE") else None
        end = self.closed(opener, "SELECT")
        return syntax.Query(self.tokens[opener].start, end, columns, table, where)

    def table(self) -> syntax.Table:
        if self.token.is_symbol("("):
            self.fail_tables()
        parts = self.dotted()
        alias = None
        if self.takes("AS") or self.token.kind in (Kind.NAME, Kind.QUOTED):
            check_construct(self.source, self.at, after_value=not self.tokens[self.at - 1].is_keyword("AS"))
            if self.token.kind not in (Kind.NAME, Kind.QUOTED):
                fail_missing(self.source, self.at)
            alias = self.advance()
        if self.token.is_symbol(",", "("):
            self.fail_tables()
        return syntax.Table(parts[0].start, (alias or parts[-1]).end, parts, alias)

    def fail_tables(self) -> NoReturn:
        self.source.fail(self.at, "A lookup reads one table.", "Join or compute in a view and look that up.")

    def fail(self, form: str) -> NoReturn:
        """Refuse the token here, where the construct `form` goes on otherwise."""
        fail_unexpected(self.source, self.at, form)

    def advance(self) -> Token:
        """The token here, which is left behind."""
        token = self.token
        self.at += 1
        self.token = self.tokens[self.at]
        return token

    def takes(self, word: str) -> bool:
        """Whether this keyword or symbol stands here, which is then left behind."""
        token = self.token
        if token.value == word and token.kind in (Kind.KEYWORD, Kind.SYMBOL):
            self.advance()
            return True
        return False

    def opened(self) -> int:
        """The index of the opening parenthesis that must stand here."""
        if not self.token.is_symbol("("):
            fail_missing(self.source, self.at)
        self.advance()
        return self.at - 1

    def closed(self, opener: int, form: str | None = None, function: str | None = None) -> int:
        """The offset behind the closing parenthesis that must stand here."""
        if self.token.kind is Kind.END:
            fail_unclosed(self.source, opener)
        if not self.token.is_symbol(")"):
            fail_unexpected(self.source, self.at, form, function)
        return self.advance().end

    def descend(self) -> None:
        self.depth += 1
        if self.depth > MAX_NESTING:
            fail_nesting(self.source, self.tokens[self.at - 1].start)

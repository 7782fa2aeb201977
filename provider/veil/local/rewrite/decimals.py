"""The precision and scale of DECIMAL arithmetic. PostgreSQL gives a quotient as many decimals as it
likes, and no result a precision.

Where the text shows what the operands are (literals, casts, and what is computed of these), the
result gets its type here. What a column is, only the server knows: it looks it up when it plans the
query, and cuts the quotient; and when it makes a table or view of the query, and gives the columns
their types.

Source: Amazon Redshift Database Developer Guide, "Computations with numeric values"
(r_numeric_computations201).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from veil.local.rewrite.blocks import Block
from veil.local.rewrite.column_types import ColumnTypes
from veil.local.rewrite.edits import Sql
from veil.local.rewrite.lexer import Kind, quote_string
from veil.local.rewrite.select_lists import STAR, items, outermost

MOST_DIGITS = 38
_FEWEST_DECIMALS = 4
_MOST_DECIMALS = 100
_SUMS = frozenset({"+", "-"})
_PRODUCTS = frozenset({"*", "/", "%"})
_INTEGERS = {
    "int2": 5, "smallint": 5, "int": 10, "int4": 10, "integer": 10, "int8": 19, "bigint": 19,
}  # fmt: skip
"""How many digits an integer has as a DECIMAL."""
TYPE_MARK = "\x02"
_DECIMALS = frozenset({"numeric", "decimal", "dec"})
_MOST_CHOSEN = 19
"""Digits up to which the page says what set operators, COALESCE and DECODE give."""
_CHOICES = {"coalesce": 0, "nvl": 0, "ifnull": 0, "nvl2": 1}
"""Functions that give one of their arguments, with the number of those that only decide which."""
_LIKE_FIRST = frozenset({"nullif", "abs", "max", "min"})
_TOTALS = frozenset({"sum", "avg"})
_DIGITS = re.compile(r"(\d*)(?:\.(\d*))?\Z")
_LARGEST_INTEGERS = ((2**31 - 1, 10), (2**63 - 1, 19))


@dataclass(frozen=True)
class Number:
    """A DECIMAL's precision and scale, or an integer's as a DECIMAL."""

    precision: int
    scale: int
    integer: bool = False

    @property
    def sql(self) -> str:
        return f"NUMERIC({self.precision}, {self.scale})"

    @property
    def described(self) -> str:
        return f"'{{{self.precision},{self.scale},{int(self.integer)}}}'::integer[]"


@dataclass(frozen=True)
class Described:
    """A type that the server knows: an expression which gives it as pg_veil.column_decimal does."""

    described: str


def added(one: Number, other: Number) -> Number:
    """The type of a sum or difference."""
    scale = max(one.scale, other.scale)
    whole = max(one.precision - one.scale, other.precision - other.scale)
    return Number(min(whole + 1 + scale, MOST_DIGITS), scale)


def multiplied(one: Number, other: Number) -> Number:
    """The type of a product."""
    return Number(min(one.precision + other.precision + 1, MOST_DIGITS), one.scale + other.scale)


def divided(one: Number, other: Number) -> Number:
    """The type of a quotient."""
    scale = max(_FEWEST_DECIMALS, one.scale + other.precision - other.scale + 1)
    precision = one.precision - one.scale + other.scale + scale
    if precision > MOST_DIGITS:
        scale = max(MOST_DIGITS + scale - precision, min(_FEWEST_DECIMALS, _MOST_DECIMALS))
        precision = MOST_DIGITS
    return Number(precision, scale)


def chosen(one: Number, other: Number) -> Number | None:
    """The type of what is one of two: by a set operator, COALESCE, DECODE or CASE. None for more
    digits than the page's rule goes to.
    """
    if one == other:
        return one
    if one.integer and other.integer:
        return max(one, other, key=lambda each: each.precision)
    scale = max(one.scale, other.scale)
    precision = max(one.precision - one.scale, other.precision - other.scale) + scale
    return Number(precision, scale) if precision <= _MOST_CHOSEN else None


Rule = Callable[[Number, Number], Number]
Type = Number | Described | None
Computed = tuple[Callable[[], str], Type]
"""What gives a computation's rewritten text, once, and the computation's type where that is
known.
"""

_RULES: dict[str, Rule] = {"+": added, "-": added, "*": multiplied, "/": divided}
_NAMES = {"+": "added", "-": "added", "*": "multiplied", "/": "divided"}
"""By the operator, the function of pg_veil that is its rule on the server: decimal_added and so
on.
"""


def plan_decimals(sql: Sql, start: int, end: int, columns: ColumnTypes) -> None:
    """Plans that each computation of DECIMALs has the type that Redshift gives it where the text
    tells those of its operands, and that each quotient of columns has the decimals.
    """
    if not any(sql.word(at) in _DECIMALS or sql.word(at) == "/" or _is_fraction(sql, at) for at in range(start, end)):
        return
    done: list[tuple[int, int]] = []
    for at in _operators(sql, start, end):
        if any(first <= at < last for first, last in done):
            continue
        first, last = _beginning(sql, at, start), _Reading(sql, end, columns).end_of(at)
        if first is None or last is None:
            continue
        text, number = _Reading(sql, last, columns).computed(first, last)
        decimal = isinstance(number, Number) and not number.integer
        if decimal or (isinstance(number, Described) and any(sql.word(k) == "/" for k in range(first, last))):
            sql.replace(first, last, text())
            done.append((first, last))


def type_of(sql: Sql, start: int, end: int, columns: ColumnTypes) -> Type:
    """The type of the expression between two tokens, where it is a number and the text, or a
    relation, tells which.
    """
    reading = _Reading(sql, end, columns)
    after = reading.operand_end(start)
    last = reading.end_of(after) if after is not None and after < end else after
    return reading.computed(start, end)[1] if last == end else None


def plan_output_types(sql: Sql, start: int, end: int, columns: ColumnTypes) -> None:
    """Plans that what a query computes of DECIMAL columns gets its type when a table or view is
    made of it: the server puts the type in the place of what stands between two marks then
    (pg_veil.typed).
    """
    if TYPE_MARK in sql.text or any(token.kind is Kind.PARAMETER for token in sql.tokens):
        return
    blocks = outermost(sql, columns.blocks, start, end)
    if len(blocks) > 1:
        _plan_united(sql, blocks, columns)
        return
    for block in blocks:
        for name, first, last in items(sql, block):
            kind = type_of(sql, first, last, columns) if name != STAR else None
            if isinstance(kind, Described):
                if columns.reads_queries or not _is_column(sql, first, last, kind):
                    _plan_type(sql, first, last, kind)
            elif kind is not None and not kind.integer and _chooses(sql, first, last):
                _plan_type(sql, first, last, kind)


def _plan_united(sql: Sql, blocks: list[Block], columns: ColumnTypes) -> None:
    """Plans that each column of queries with set operators between them has the type that follows
    from theirs.
    """
    lists = [items(sql, block) for block in blocks]
    if any(name == STAR for each in lists for name, _, _ in each):
        relations = [columns.starred(block) for block in blocks]
        if all(relations) and all(len(each) == 1 for each in lists):
            levels = quote_string(json.dumps(relations))
            for at, each in enumerate(lists):
                _, first, last = each[0]
                sql.replace(first, last, f"{TYPE_MARK}pg_veil.united_columns({levels}, {at}){TYPE_MARK} ")
        return
    for column in zip(*lists, strict=False):
        kind = _chosen([type_of(sql, first, last, columns) for _, first, last in column])
        if isinstance(kind, Described) or (kind is not None and not kind.integer):
            for _, first, last in column:
                _plan_type(sql, first, last, kind)


def _plan_type(sql: Sql, first: int, last: int, kind: Number | Described) -> None:
    sql.insertions[first] = "(" + sql.insertions.get(first, "")
    mark = f"{TYPE_MARK}pg_veil.decimal_cast({kind.described}){TYPE_MARK} "
    sql.insertions[last] = f"){mark}" + sql.insertions.get(last, "")


def _chooses(sql: Sql, first: int, last: int) -> bool:
    return any(
        sql.word(at) == "case" or sql.word(at) == "decode" or sql.word(at) in _CHOICES for at in range(first, last)
    )


def _chosen(kinds: Sequence[Type]) -> Type:
    """The type of what is one of these; None where one of them is not known."""
    whole: Type = None
    for at, kind in enumerate(kinds):
        if kind is None:
            return None
        if at == 0:
            whole = kind
        elif isinstance(whole, Number) and isinstance(kind, Number):
            whole = chosen(whole, kind)
        elif whole is not None:
            whole = Described(f"pg_veil.decimal_chosen({whole.described}, {kind.described})")
    return whole


def _is_column(sql: Sql, first: int, last: int, kind: Described) -> bool:
    """Whether an expression is a column of a relation, whose type the server knows by itself."""
    return kind.described.startswith("pg_veil.column_decimal(") and all(
        sql.is_name(at) or sql.word(at) == "." for at in range(first, last)
    )


def _operators(sql: Sql, start: int, end: int) -> list[int]:
    """Those of arithmetic; what stands in fewer brackets comes first."""
    depth, operators = 0, []
    for at in range(start, end):
        depth += {"(": 1, ")": -1}.get(sql.word(at), 0)
        if sql.word(at) in _SUMS | _PRODUCTS:
            operators.append((depth, at))
    return [at for _, at in sorted(operators)]


def _is_fraction(sql: Sql, at: int) -> bool:
    return sql.tokens[at].kind is Kind.NUMBER and "." in sql.tokens[at].word


def _beginning(sql: Sql, operator: int, start: int) -> int | None:
    """Where the computation begins whose first operator this is; None where it is no operator
    between two operands.
    """
    at = operator - 1
    while at >= start:
        if sql.word(at) == ")":
            opening = next((k for k in range(at, start - 1, -1) if sql.word(k) == "(" and sql.closing(k) == at), None)
            if opening is None:
                return None
            at = opening
            if sql.is_name(at - 1) and at - 1 >= start and not _is_keyword(sql, at - 1):
                at -= 1
        elif sql.tokens[at].kind is not Kind.NUMBER and (not sql.is_name(at) or _is_keyword(sql, at)):
            return None
        while sql.word(at - 1) == "." and at - 2 >= start and sql.is_name(at - 2):
            at -= 2
        if sql.word(at - 1) == "::":
            at -= 2
            continue
        if sql.word(at - 1) == "-" and not _ends_operand(sql, at - 2):
            return at - 1
        if at > start and (sql.word(at - 1) == "over" or sql.tokens[at - 1].kind is Kind.STRING):
            return None
        return None if sql.word(at - 1) in (".", "-", "+") else at
    return None


def _ends_operand(sql: Sql, at: int) -> bool:
    if at < 0:
        return False
    return sql.word(at) == ")" or sql.tokens[at].kind is Kind.NUMBER or (sql.is_name(at) and not _is_keyword(sql, at))


def _is_keyword(sql: Sql, at: int) -> bool:
    return sql.tokens[at].kind is Kind.WORD and sql.word(at) in _KEYWORDS


_KEYWORDS = frozenset({"select", "distinct", "all", "by", "when", "then", "else", "end", "and", "or", "not", "in", "as", "on",
    "where", "having", "case", "between", "like", "values", "return", "limit", "offset", "over", "filter", "from", "using"})  # fmt: skip


_NULL = Described("NULL")


def _end_of_case(sql: Sql, at: int, end: int) -> int:
    """The token after the END of the CASE at a token."""
    depth = 0
    while at < end:
        if sql.tokens[at].kind is Kind.WORD and sql.word(at - 1) != ".":
            depth += {"case": 1, "end": -1}.get(sql.word(at), 0)
        at += 1
        if depth == 0:
            return at
    return end + 1


def _results(sql: Sql, start: int, end: int) -> list[tuple[int, int]]:
    """What stands after THEN and ELSE in a CASE, which ends before `end`."""
    branches: list[tuple[int, int]] = []
    first, at = 0, start + 1
    while at < end:
        word = sql.word(at) if sql.tokens[at].kind is Kind.WORD and sql.word(at - 1) != "." else ""
        if first and word in ("when", "else", "end"):
            branches.append((first, at))
            first = 0
        if word in ("then", "else"):
            first = at + 1
        inner = sql.closing(at) + 1 if sql.word(at) == "(" else at + 1
        at = _end_of_case(sql, at, end) if word == "case" else inner
    return branches


def _given(function: str, arguments: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The arguments of which one is what the function gives. DECODE has a value, pairs of a search
    and a result, and perhaps a default.
    """
    if function == "decode":
        pairs, default = arguments[2::2], arguments[-1:] if len(arguments) % 2 == 0 else []
        return [*pairs, *default]
    return arguments[_CHOICES[function] :]


class _Reading:
    """Reads a computation from left to right."""

    def __init__(self, sql: Sql, end: int, columns: ColumnTypes) -> None:
        self._sql = sql
        self._end = end
        self._columns = columns

    def end_of(self, operator: int) -> int | None:
        """Where the computation ends that this operator is in; None where no operand follows."""
        at = operator
        while self._sql.word(at) in _SUMS | _PRODUCTS and at < self._end:
            following = self.operand_end(at + 1)
            if following is None:
                return None
            at = following
        return at

    def computed(self, start: int, end: int) -> Computed:
        """A computation's text, and its type where that is known."""
        at = self._after_term(start, end)
        whole = self._term(start, at)
        while at < end:
            following = self._after_term(at + 1, end)
            whole = _combined(self._sql.word(at), whole, self._term(at + 1, following))
            at = following
        return whole

    def _after_term(self, start: int, end: int) -> int:
        at = self.operand_end(start) or end
        while at < end and self._sql.word(at) in _PRODUCTS:
            at = self.operand_end(at + 1) or end
        return at

    def _term(self, start: int, end: int) -> Computed:
        at = self.operand_end(start) or end
        whole = self._operand(start, at)
        while at < end:
            following = self.operand_end(at + 1) or end
            whole = _combined(self._sql.word(at), whole, self._operand(at + 1, following))
            at = following
        return whole

    def operand_end(self, at: int) -> int | None:
        sql = self._sql
        if at >= self._end:
            return None
        if sql.word(at) == "-":
            at += 1
        if sql.word(at) == "(":
            at = sql.closing(at) + 1
        elif sql.tokens[at].kind is Kind.NUMBER:
            at += 1
        elif sql.word(at) == "case" and sql.tokens[at].kind is Kind.WORD:
            at = _end_of_case(sql, at, self._end)
        elif sql.is_name(at) and not _is_keyword(sql, at):
            at += 1
            while sql.word(at) == "." and sql.is_name(at + 1):
                at += 2
            if sql.word(at) == "(":
                at = sql.closing(at) + 1
        else:
            return None
        while sql.word(at) == "::" and sql.is_name(at + 1):
            at += 2
            if sql.word(at) == "(":
                at = sql.closing(at) + 1
        return at if at <= self._end else None

    def _operand(self, start: int, end: int) -> Computed:
        sql = self._sql
        if sql.word(start) == "-":
            text, kind = self._operand(start + 1, end)
            return lambda: f"-{text()}", kind
        casts = [at for at in range(start, end) if sql.word(at) == "::"]
        if casts and _type_of(sql, casts[-1] + 1, end) is not None:
            return self._as_written(start, end), _type_of(sql, casts[-1] + 1, end)
        if sql.word(start) == "(" and sql.closing(start) == end - 1 and sql.word(start + 1) != "select":
            return self._in_brackets(start, end)
        number: Type = None
        if sql.word(start) == "case" and sql.tokens[start].kind is Kind.WORD:
            number = _chosen(
                [kind for first, last in _results(sql, start, end) if (kind := self._branch(first, last)) != _NULL]
            )
        elif sql.tokens[start].kind is Kind.NUMBER and end == start + 1:
            number = _literal(sql.tokens[start].word)
        elif sql.word(start + 1) == "(" and sql.closing(start + 1) == end - 1:
            number = self._of_call(start)
        elif (described := self._columns.decimal_of(start, end, self._described)) is not None:
            number = Described(described)
        return self._as_written(start, end), number

    def _described(self, start: int, end: int) -> str | None:
        kind = type_of(self._sql, start, end, self._columns)
        return None if kind is None else kind.described

    def _as_written(self, start: int, end: int) -> Callable[[], str]:
        def text() -> str:
            plan_decimals(self._sql, start + 1, end - 1, self._columns)
            return self._sql.render(start, end)

        return text

    def _in_brackets(self, start: int, end: int) -> Computed:
        inner = _Reading(self._sql, end - 1, self._columns)
        after = inner.operand_end(start + 1)
        last = inner.end_of(after) if after is not None and after < end - 1 else after
        if last != end - 1:
            return self._as_written(start, end), None
        text, number = inner.computed(start + 1, end - 1)
        return lambda: f"({text()})", number

    def _branch(self, first: int, last: int) -> Type:
        """The type of one of several results: _NULL, which takes that of the others, for NULL."""
        if last == first + 1 and self._sql.word(first) == "null":
            return _NULL
        return type_of(self._sql, first, last, self._columns)

    def _of_call(self, start: int) -> Type:
        sql = self._sql
        arguments = sql.arguments(start + 1)
        if sql.word(start) == "cast" and len(arguments) == 1:
            first, last = arguments[0]
            as_positions = [at for at in range(first, last) if sql.word(at) == "as"]
            return _type_of(sql, as_positions[-1] + 1, last) if as_positions else None
        if sql.word(start) in _CHOICES or (sql.word(start) == "decode" and len(arguments) > 2):
            return _chosen(
                [kind for each in _given(sql.word(start), arguments) if (kind := self._branch(*each)) != _NULL]
            )
        if sql.word(start) == "count":
            return Number(_INTEGERS["bigint"], 0, integer=True)
        if sql.word(start) in _LIKE_FIRST | _TOTALS and arguments:
            first, last = arguments[0]
            inner = _Reading(sql, last, self._columns)
            after = inner.operand_end(first)
            number = inner.computed(first, last)[1] if after == last else None
            return _total(number) if sql.word(start) in _TOTALS else number
        return None


def _total(number: Type) -> Type:
    """The type of what SUM and AVG give ("SUM function", "AVG function")."""
    if isinstance(number, Described):
        return Described(f"pg_veil.decimal_total({number.described})")
    if number is None:
        return None
    return Number(_INTEGERS["bigint"], 0, integer=True) if number.integer else Number(MOST_DIGITS, number.scale)


def _combined(operator: str, one: Computed, other: Computed) -> Computed:
    number = _known(operator, one[1], other[1])

    def text() -> str:
        left, right = one[0](), other[0]()
        if isinstance(number, Described) and operator == "/":
            to = number.described
            dividend, divisor = (f"pg_veil.decimal_raised({each}, {to})" for each in (left, right))
            return f"pg_veil.decimal_cut({dividend} / {divisor}, {to})"
        if number is None or isinstance(number, Described) or number.integer:
            return f"{left} {operator} {right}"
        if operator == "/":
            return f"CAST(pg_catalog.decimal_quotient({left}, {right}, {number.scale}) AS {number.sql})"
        plain = f"{left} {operator} {right}"
        return f"CAST({plain} AS {number.sql})" if number.scale < MOST_DIGITS else f"({plain})"

    return text, number


def _known(operator: str, one: Type, other: Type) -> Type:
    if one is None or other is None or operator not in _RULES:
        return None
    if isinstance(one, Described) or isinstance(other, Described):
        return Described(f"pg_veil.decimal_{_NAMES[operator]}({one.described}, {other.described})")
    if one.integer and other.integer:
        return Number(max(one.precision, other.precision), 0, integer=True)
    return _RULES[operator](one, other)


def _literal(text: str) -> Number | None:
    """The type of a literal: integers by their size; one with an exponent is no DECIMAL that any
    page describes.
    """
    match = _DIGITS.match(text)
    if match is None:
        return None
    whole, fraction = match.groups()
    if fraction is None:
        return next(
            (Number(digits, 0, integer=True) for largest, digits in _LARGEST_INTEGERS if int(whole) <= largest), None
        )
    digits = len(whole.lstrip("0")) + len(fraction)
    return Number(max(digits, 1), len(fraction)) if digits <= MOST_DIGITS else None


def _type_of(sql: Sql, start: int, end: int) -> Number | None:
    word = sql.word(start)
    if word in _INTEGERS and end == start + 1:
        return Number(_INTEGERS[word], 0, integer=True)
    if word not in _DECIMALS:
        return None
    if end == start + 1:
        return Number(18, 0)
    sizes = [sql.raw(*one) for one in sql.arguments(start + 1)]
    if not all(size.isdigit() for size in sizes):
        return None
    return Number(int(sizes[0]), int(sizes[1]) if len(sizes) > 1 else 0)

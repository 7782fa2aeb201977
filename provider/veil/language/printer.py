"""A tree as canonical text, which parses to the same tree. Parentheses stand only where precedence
needs them.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from veil.language import tree
from veil.language.functions import ALLOWED, SHORTHANDS
from veil.language.keywords import CONSTRUCTS, KEYWORDS, SETTINGS
from veil.language.tree import Expression

_OR, _AND, _NOT, _TEST, _CONCAT, _SUM, _PRODUCT, _SIGN, _CAST, _ATOM = range(10)
_PLAIN = re.compile(r"[a-z_][a-z0-9_$]*\Z")
_BARE_UNITS = ("dateadd", "datediff")


def to_text(expression: Expression) -> str:
    """The canonical text of a tree that `parse` made, or could have made."""
    return _show(expression, _OR)


def _show(node: Expression, least: int) -> str:
    """The text of `node`, in parentheses if it binds more loosely than `least`."""
    text, level = PRINTED[type(node)](node)
    return text if level >= least else f"({text})"


Printed = tuple[str, int]
"""A text, and how tightly what it says binds."""


def _or(node: tree.Or) -> Printed:
    return " OR ".join(_show(each, _AND) for each in node.operands), _OR


def _and(node: tree.And) -> Printed:
    return " AND ".join(_show(each, _NOT) for each in node.operands), _AND


def _denied(node: tree.Not) -> Printed:
    return f"NOT {_show(node.operand, _ATOM if isinstance(node.operand, tree.DENIABLE) else _NOT)}", _NOT


def _concat(node: tree.Concat) -> Printed:
    return f"{_show(node.left, _CONCAT)} || {_show(node.right, _SUM)}", _CONCAT


def _arithmetic(node: tree.Arithmetic) -> Printed:
    level = _SUM if node.operator in "+-" else _PRODUCT
    return f"{_show(node.left, level)} {node.operator} {_show(node.right, level + 1)}", level


def _negative(node: tree.Negative) -> Printed:
    """A number gets parentheses: with the sign before it, it would be a negative number."""
    operand = node.operand
    return f"-({to_text(operand)})" if isinstance(operand, tree.Number) else f"-{_show(operand, _ATOM)}", _SIGN


def _cast(node: tree.Cast) -> Printed:
    digits = f"({', '.join(map(str, node.arguments))})" if node.arguments else ""
    return f"{_show(node.operand, _CAST)}::{node.type}{digits}", _CAST


def _number(node: tree.Number) -> Printed:
    return format(node.value, "f"), _SIGN if node.value.is_signed() else _ATOM


def _comparison(node: tree.Comparison) -> Printed:
    return f"{_show(node.left, _CONCAT)} {node.operator} {_show(node.right, _CONCAT)}", _TEST


def _is_null(node: tree.IsNull) -> Printed:
    return f"{_show(node.operand, _CONCAT)} IS{_not(node.negated)} NULL", _TEST


def _boolean_test(node: tree.BooleanTest) -> Printed:
    truth = "TRUE" if node.truth else "FALSE"
    return f"{_show(node.operand, _CONCAT)} IS{_not(node.negated)} {truth}", _TEST


def _is_distinct(node: tree.IsDistinct) -> Printed:
    return f"{_show(node.left, _CONCAT)} IS{_not(node.negated)} DISTINCT FROM {_show(node.right, _CONCAT)}", _TEST


def _in(node: tree.In) -> Printed:
    return f"{_show(node.operand, _CONCAT)}{_not(node.negated)} IN ({_list(node.items)})", _TEST


def _in_lookup(node: tree.InLookup) -> Printed:
    return f"{_show(node.operand, _CONCAT)}{_not(node.negated)} IN ({_lookup(node.lookup)})", _TEST


def _between(node: tree.Between) -> Printed:
    bounds = f"{_show(node.low, _CONCAT)} AND {_show(node.high, _CONCAT)}"
    return f"{_show(node.operand, _CONCAT)}{_not(node.negated)} BETWEEN {bounds}", _TEST


def _like(node: tree.Like) -> Printed:
    word = "ILIKE" if node.case_insensitive else "LIKE"
    return f"{_show(node.operand, _CONCAT)}{_not(node.negated)} {word} {_text(node.pattern.value)}", _TEST


def _not(negated: bool) -> str:
    return " NOT" if negated else ""


def _case(node: tree.Case) -> Printed:
    whens = "".join(f" WHEN {to_text(condition)} THEN {to_text(result)}" for condition, result in node.branches)
    return f"CASE{whens}{f' ELSE {to_text(node.otherwise)}' if node.otherwise else ''} END", _ATOM


def _call(node: tree.Call) -> Printed:
    """A unit of DATEADD and DATEDIFF stands without quotes, as Redshift wants it."""
    arguments = node.arguments
    if node.function in _BARE_UNITS and arguments and isinstance(arguments[0], tree.Text):
        return f"{node.function}({', '.join([arguments[0].value, *map(to_text, arguments[1:])])})", _ATOM
    return f"{node.function}({_list(arguments)})", _ATOM


def _templated(node: tree.Templated) -> Printed:
    name, arguments = node.call()
    return f"@{name}" + (f"({', '.join(map(_argument, arguments))})" if arguments else ""), _ATOM


def _argument(value: str | Expression) -> str:
    """An argument of a templated function. A text expression gets parentheses: bare, it would name
    a column.
    """
    if isinstance(value, str):
        return _text(value)
    return f"({_text(value.value)})" if isinstance(value, tree.Text) else to_text(value)


def _list(items: tuple[Expression, ...]) -> str:
    return ", ".join(map(to_text, items))


def _lookup(lookup: tree.Lookup) -> str:
    table = ".".join(map(_name, lookup.table))
    where = "" if lookup.where is None else f" WHERE {to_text(lookup.where)}"
    return f"SELECT {to_text(lookup.select)} FROM {table}{where}"


def _text(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def _name(name: str) -> str:
    """A name, in double quotes where it would not be read back as it is."""
    special = (
        name.upper() in KEYWORDS or name in SETTINGS or name in CONSTRUCTS or name in ALLOWED or name in SHORTHANDS
    )
    return name if _PLAIN.match(name) and not special else '"' + name.replace('"', '""') + '"'


PRINTED: Mapping[type[tree.Node], Callable[[Any], Printed]] = {
    tree.Text: lambda node: (_text(node.value), _ATOM),
    tree.Number: _number,
    tree.Boolean: lambda node: ("TRUE" if node.value else "FALSE", _ATOM),
    tree.NullValue: lambda node: ("NULL", _ATOM),
    tree.Moment: lambda node: (f"{node.type.upper()} '{node.text}'", _ATOM),
    tree.ColumnName: lambda node: (_name(node.name), _ATOM),
    tree.Not: _denied,
    tree.And: _and,
    tree.Or: _or,
    tree.Comparison: _comparison,
    tree.IsNull: _is_null,
    tree.BooleanTest: _boolean_test,
    tree.IsDistinct: _is_distinct,
    tree.In: _in,
    tree.Between: _between,
    tree.Like: _like,
    tree.Arithmetic: _arithmetic,
    tree.Negative: _negative,
    tree.Concat: _concat,
    tree.Cast: _cast,
    tree.Case: _case,
    tree.Call: _call,
    tree.InLookup: _in_lookup,
    **{construct: _templated for _, construct in tree.TEMPLATED.values()},
}
"""What prints each construct."""

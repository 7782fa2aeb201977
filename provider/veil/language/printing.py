"""A tree as canonical text, which parses to the same tree. Brackets stand only where precedence needs them."""

import dataclasses
import re
from collections.abc import Mapping

from veil.language import tree
from veil.language.functions import ALLOWED, SHORTHANDS
from veil.language.tree import Expression
from veil.language.words import CONSTRUCTS, KEYWORDS, SETTINGS

_OR, _AND, _NOT, _TEST, _CONCAT, _SUM, _PRODUCT, _SIGN, _CAST, _ATOM = range(10)
_PLAIN = re.compile(r"[a-z_][a-z0-9_$]*\Z")
_BARE_UNITS = ("dateadd", "datediff")
_TEMPLATES: Mapping[type[Expression], str] = {
    tree.IsInGroups: "isInGroups",
    tree.HasAttribute: "hasAttribute",
    tree.IsUsingPurpose: "isUsingPurpose",
    tree.AttributeValuesContains: "attributeValuesContains",
    tree.GroupsContains: "groupsContains",
    tree.PurposesContains: "purposesContains",
    tree.Username: "username",
    tree.Iam: "iam",
    tree.ColumnTagged: "columnTagged",
    tree.ColumnReference: "columnReference",
    tree.HasTagAsAttribute: "hasTagAsAttribute",
    tree.HasTagAsGroup: "hasTagAsGroup",
    tree.MaskedValue: "value",
}
_TESTS = (
    tree.Comparison,
    tree.IsNull,
    tree.BooleanTest,
    tree.IsDistinct,
    tree.In,
    tree.InLookup,
    tree.Between,
    tree.Like,
)
_DENIABLE = (tree.In, tree.InLookup, tree.Between, tree.Like, tree.IsNull, tree.BooleanTest)


def to_text(expression: Expression) -> str:
    """The canonical text of a tree that `parse` made, or could have made."""
    return _show(expression, _OR)


def _show(node: Expression, least: int) -> str:
    """The text of `node`, in brackets if it binds more loosely than `least`."""
    text, level = _plain(node)
    return text if level >= least else f"({text})"


def _plain(node: Expression) -> tuple[str, int]:
    """The text of `node` and how tightly it binds."""
    match node:
        case tree.Or(operands=operands):
            return " OR ".join(_show(each, _AND) for each in operands), _OR
        case tree.And(operands=operands):
            return " AND ".join(_show(each, _NOT) for each in operands), _AND
        case tree.Not(operand=operand):
            return f"NOT {_show(operand, _ATOM if isinstance(operand, _DENIABLE) else _NOT)}", _NOT
        case tree.Concat(left=left, right=right):
            return f"{_show(left, _CONCAT)} || {_show(right, _SUM)}", _CONCAT
        case tree.Arithmetic(operator=operator, left=left, right=right):
            level = _SUM if operator in "+-" else _PRODUCT
            return f"{_show(left, level)} {operator} {_show(right, level + 1)}", level
        case tree.Negative(operand=operand):
            return (
                f"-{_show(operand, _ATOM) if not isinstance(operand, tree.Number) else f'({_number(operand)})'}",
                _SIGN,
            )
        case tree.Cast(operand=operand, type=kind, arguments=arguments):
            digits = f"({', '.join(map(str, arguments))})" if arguments else ""
            return f"{_show(operand, _CAST)}::{kind}{digits}", _CAST
        case tree.Number(value=value):
            return _number(node), _SIGN if value.is_signed() else _ATOM
    return (_test(node), _TEST) if isinstance(node, _TESTS) else (_atom(node), _ATOM)


def _test(node: Expression) -> str:
    match node:
        case tree.Comparison(operator=operator, left=left, right=right):
            return f"{_show(left, _CONCAT)} {operator} {_show(right, _CONCAT)}"
        case tree.IsNull(operand=operand, negated=negated):
            return f"{_show(operand, _CONCAT)} IS {'NOT ' if negated else ''}NULL"
        case tree.BooleanTest(operand=operand, truth=truth, negated=negated):
            return f"{_show(operand, _CONCAT)} IS{_not(negated)} {'TRUE' if truth else 'FALSE'}"
        case tree.IsDistinct(left=left, right=right, negated=negated):
            return f"{_show(left, _CONCAT)} IS{_not(negated)} DISTINCT FROM {_show(right, _CONCAT)}"
        case tree.In(operand=operand, items=items, negated=negated):
            return f"{_show(operand, _CONCAT)}{_not(negated)} IN ({_list(items)})"
        case tree.InLookup(operand=operand, lookup=lookup, negated=negated):
            return f"{_show(operand, _CONCAT)}{_not(negated)} IN ({_lookup(lookup)})"
        case tree.Between(operand=operand, low=low, high=high, negated=negated):
            return f"{_show(operand, _CONCAT)}{_not(negated)} BETWEEN {_show(low, _CONCAT)} AND {_show(high, _CONCAT)}"
        case tree.Like(operand=operand, pattern=pattern, case_insensitive=insensitive, negated=negated):
            word = "ILIKE" if insensitive else "LIKE"
            return f"{_show(operand, _CONCAT)}{_not(negated)} {word} {_text(pattern.value)}"
    raise TypeError(f"not a test: {node!r}")


def _not(negated: bool) -> str:
    return " NOT" if negated else ""


def _atom(node: Expression) -> str:
    match node:
        case tree.Text(value=value):
            return _text(value)
        case tree.Boolean(value=truth):
            return "TRUE" if truth else "FALSE"
        case tree.NullValue():
            return "NULL"
        case tree.Moment(type=kind, text=text):
            return f"{kind.upper()} '{text}'"
        case tree.ColumnName(name=name):
            return _name(name)
        case tree.Case(branches=branches, otherwise=otherwise):
            whens = "".join(f" WHEN {to_text(condition)} THEN {to_text(result)}" for condition, result in branches)
            return f"CASE{whens}{f' ELSE {to_text(otherwise)}' if otherwise else ''} END"
        case tree.Call(function=function, arguments=arguments):
            return f"{function}({_arguments(function, arguments)})"
    return _templated(node)


def _templated(node: Expression) -> str:
    """A templated function: its fields are its arguments, in their order."""
    if isinstance(node, tree.Infrastructure):
        return f"@{node.part}"
    if type(node) not in _TEMPLATES:
        raise TypeError(f"not an expression: {node!r}")
    values = [getattr(node, each.name) for each in dataclasses.fields(node)]
    flat = [each for value in values for each in (value if isinstance(value, tuple) else (value,))]
    shown = [_argument(each) for each in flat if each is not None]
    return f"@{_TEMPLATES[type(node)]}" + (f"({', '.join(shown)})" if shown else "")


def _argument(value: str | Expression) -> str:
    """An argument of a templated function. A text expression gets brackets: bare, it would name a column."""
    if isinstance(value, str):
        return _text(value)
    return f"({_text(value.value)})" if isinstance(value, tree.Text) else to_text(value)


def _arguments(function: str, arguments: tuple[Expression, ...]) -> str:
    if function in _BARE_UNITS and arguments and isinstance(arguments[0], tree.Text):
        return ", ".join([arguments[0].value, *map(to_text, arguments[1:])])
    return _list(arguments)


def _list(items: tuple[Expression, ...]) -> str:
    return ", ".join(map(to_text, items))


def _lookup(lookup: tree.Lookup) -> str:
    table = ".".join(map(_name, lookup.table))
    where = "" if lookup.where is None else f" WHERE {to_text(lookup.where)}"
    return f"SELECT {to_text(lookup.select)} FROM {table}{where}"


def _number(node: tree.Number) -> str:
    return format(node.value, "f")


def _text(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def _name(name: str) -> str:
    """A name, in double quotes where it would not be read back as it is."""
    special = (
        name.upper() in KEYWORDS or name in SETTINGS or name in CONSTRUCTS or name in ALLOWED or name in SHORTHANDS
    )
    return name if _PLAIN.match(name) and not special else '"' + name.replace('"', '""') + '"'

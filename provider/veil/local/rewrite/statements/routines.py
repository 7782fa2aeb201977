"""CREATE FUNCTION, CREATE PROCEDURE and CALL."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence

from veil.local.cluster.settings import REDSHIFT_PARAMETERS
from veil.local.rewrite.body import RewriteStatement, rewrite_expression_body, rewrite_procedure_body
from veil.local.rewrite.edits import Sql
from veil.local.rewrite.errors import RefusalError, unsupported
from veil.local.rewrite.lexer import Kind, dollar_quote, lex, string_value
from veil.local.rewrite.result import Rewritten
from veil.local.rewrite.statements.types import INTERVAL_NAMES

_SIZED = {
    "numeric": "numeric",
    "decimal": "numeric",
    "dec": "numeric",
    "varchar": "varchar",
    "nvarchar": "varchar",
    "varying": "varchar",
    "char": "char",
    "nchar": "char",
    "character": "char",
}
"""Types that are written with sizes, and what the server calls them."""
_VOLATILITY = ("volatile", "stable", "immutable")
MOST_ARGUMENTS = 32

# What PostgreSQL has of attributes and arguments, and of types that stand for any type.
_ATTRIBUTES = "called cost external leakproof parallel rows security set setof strict support table transform window"
_NOT_OF_FUNCTION = frozenset(_ATTRIBUTES.split())
_ARGUMENTS = "anyarray anycompatible anyelement anyenum anynonarray anyrange array cstring default internal record setof variadic"
_NOT_OF_ARGUMENT = frozenset(("=", ":=", "[", *_ARGUMENTS.split()))
_LONG_TYPES = frozenset({"binary", "character", "double", "interval", "national", "time", "timestamp"})
"""Types that more words may follow."""
_MODES = ("in", "inout", "out")
_NOT_IN_FUNCTION = frozenset({"from", "into", "where", "group", "order", "limit", "having"})
_MAY_HOLD = {"from": ("extract", "substring", "trim", "overlay"), "order": ("group", "over")}


def create_function(sql: Sql, start: int, end: int) -> Rewritten:
    """CREATE [OR REPLACE] FUNCTION name (types) RETURNS type VOLATILE | STABLE | IMMUTABLE AS body
    LANGUAGE sql.
    """
    language = _language(sql, start, end)
    if language == "plpythonu":
        raise unsupported(
            "Creating a Python user-defined function",
            "Amazon Redshift has ended Python user-defined functions. Use LANGUAGE sql or a Lambda function.",
        )
    if language != "sql":
        raise RefusalError("42601", f'language "{language}" is not supported for user-defined functions')
    if not any(sql.word(at) in _VOLATILITY for at in range(start, end)):
        raise RefusalError("42601", "the function needs VOLATILE, STABLE or IMMUTABLE")
    body = _body(sql, start, end)
    _check_function(sql, start, end)
    text = string_value(sql.tokens[body].word)
    _check_function_body(sql, text)
    sizes = _sizes(sql, start, body)
    _replace_body(sql, body, text, rewrite_expression_body(text, sql), sizes, _take_names(sql, start, body))
    return Rewritten(sql.render(start, end))


def create_procedure(sql: Sql, start: int, end: int, embedded: RewriteStatement) -> Rewritten:
    """CREATE [OR REPLACE] PROCEDURE name (...) [NONATOMIC] AS body LANGUAGE plpgsql [SECURITY ...]
    [SET ...].

    `embedded` rewrites the statements of the body.
    """
    if (language := _language(sql, start, end)) != "plpgsql":
        raise RefusalError("42601", f'language "{language}" is not supported for procedures', "Use LANGUAGE plpgsql.")
    body = _body(sql, start, end)
    nonatomic = False
    for at in range(start, end):
        if sql.word(at) == "nonatomic":
            nonatomic = True
            sql.remove(at, at + 1)
        elif sql.word(at) == "set" and sql.name(at + 1) in REDSHIFT_PARAMETERS:
            sql.replace(at + 1, at + 2, f"veil.{sql.name(at + 1)}")
    if nonatomic and any(sql.words(at, 2) == ("security", "definer") for at in range(start, end)):
        raise RefusalError("0A000", "A NONATOMIC procedure cannot be SECURITY DEFINER")
    _check_arguments(sql, start, body)
    text = string_value(sql.tokens[body].word)
    rewritten = rewrite_procedure_body(text, sql, embedded, nonatomic=nonatomic)
    _replace_body(sql, body, text, rewritten, _sizes(sql, start, body))
    return Rewritten(sql.render(start, end))


def call(sql: Sql, start: int, end: int) -> Rewritten:
    """CALL name(arguments): no sub-queries among them."""
    if any(sql.word(at) == "select" for at in range(start, end)):
        raise RefusalError("0A000", "CALL arguments cannot contain a subquery")
    _check_number(sql, start, end)
    return Rewritten(sql.render(start, end), changed=False)


def _language(sql: Sql, start: int, end: int) -> str:
    position = next((at for at in range(start, end - 1) if sql.word(at) == "language"), None)
    if position is None:
        raise RefusalError("42P13", "no language specified")
    token = sql.tokens[position + 1]
    return string_value(token.word).lower() if token.kind is Kind.STRING else token.word.lower()


def _body(sql: Sql, start: int, end: int) -> int:
    for at in range(start, end - 1):
        if sql.word(at) == "as" and sql.tokens[at + 1].kind in (Kind.DOLLAR, Kind.STRING):
            return at + 1
    raise RefusalError("42P13", "no function body specified")


def _replace_body(
    sql: Sql, at: int, text: str, rewritten: str, sizes: list[str | None], names: Sequence[str] = ()
) -> None:
    """Puts the rewritten body in. The submitted one rides along in a comment, from which the
    catalog shows it, and so do the types of the arguments where they have sizes, which the server
    does not keep, and the names that it is not to know.
    """
    kept = "".join(
        f"\n/*veil_{what}:{base64.b64encode(json.dumps(values).encode()).decode()}*/"
        for what, values in (("names", names), ("types", sizes))
        if any(values)
    )
    if rewritten == text and not kept:
        return
    original = base64.b64encode(text.encode()).decode()
    sql.replace(at, at + 1, dollar_quote(f"{rewritten}{kept}\n/*veil:{original}*/"))


def _sizes(sql: Sql, start: int, end: int) -> list[str | None]:
    """The types of a routine's arguments with their sizes, in order; None for one that has none."""
    opening = next((at for at in range(start, end) if sql.word(at) == "("), None)
    return [] if opening is None else [_size(sql, first, last) for first, last in sql.arguments(opening)]


def _size(sql: Sql, first: int, last: int) -> str | None:
    for at in range(first, last):
        if sql.word(at) in _SIZED and sql.word(at + 1) == "(" and at + 1 < last:
            return f"{_SIZED[sql.word(at)]}({sql.render(at + 2, sql.closing(at + 1))})"
        if sql.word(at) == "interval" and at + 1 < last:
            return "interval year to month" if sql.word(at + 1) in ("year", "month") else "interval day to second"
        if sql.word(at) in INTERVAL_NAMES and at > first:
            return INTERVAL_NAMES[sql.word(at)]
    return None


def _check_function(sql: Sql, start: int, end: int) -> None:
    """Refuses what the grammar of a SQL function does not have."""
    _check_number(sql, start, end)
    opening = next((at for at in range(start, end) if sql.word(at) == "("), end)
    if opening == end:
        return
    closing = sql.closing(opening)
    for at in range(opening + 1, end):
        if sql.word(at) in (_NOT_OF_ARGUMENT if at < closing else _NOT_OF_FUNCTION):
            raise RefusalError("42601", f'syntax error at or near "{sql.word(at)}"', "It is no part of a SQL function.")
    for first, _ in sql.arguments(opening):
        if sql.word(first) in _MODES:
            raise RefusalError(
                "42601", f'syntax error at or near "{sql.word(first)}"', "It is no part of a SQL function."
            )


def _take_names(sql: Sql, start: int, end: int) -> list[str]:
    """Takes the names of a SQL function's arguments out of the statement: a cluster lists them, and
    the body cannot use them.

    The page's grammar has none, while redshift_connector's tests of its metadata of functions give
    each argument one and find it listed.
    """
    opening = next((at for at in range(start, end) if sql.word(at) == "("), end)
    names = []
    for first, last in sql.arguments(opening) if opening < end else ():
        named = (
            last > first + 1 and sql.is_name(first) and sql.is_name(first + 1) and sql.word(first) not in _LONG_TYPES
        )
        names.append(sql.name(first) if named else "")
        if named:
            sql.remove(first, first + 1)
    return names


def _check_function_body(sql: Sql, text: str) -> None:
    """A SQL function is one SELECT over its arguments: no tables."""
    inner = Sql(text, lex(text), sql.scope, sql.rules)
    calls = [""]  # the words before the open brackets
    for at in range(len(inner.tokens)):
        word = inner.word(at)
        if word == "(":
            calls.append(inner.word(at - 1))
        elif word == ")" and len(calls) > 1:
            calls.pop()
        elif word == ";" and at < len(inner.tokens) - 1:
            raise RefusalError("42601", 'syntax error at or near ";"', "The body of a SQL function is one SELECT.")
        elif word in _NOT_IN_FUNCTION and inner.word(at - 1) != "." and calls[-1] not in _MAY_HOLD.get(word, ()):
            raise RefusalError(
                "0A000", f"The body of a SQL function cannot contain {word.upper()}", "It is one SELECT without tables."
            )


def _check_number(sql: Sql, start: int, end: int) -> None:
    """Source: CREATE PROCEDURE and CREATE FUNCTION, which take 32 arguments. No page has the
    error.
    """
    opening = next((at for at in range(start, end) if sql.word(at) == "("), None)
    if opening is not None and len(sql.arguments(opening)) > MOST_ARGUMENTS:
        raise RefusalError("54023", f"a routine takes {MOST_ARGUMENTS} arguments at most")


def _check_arguments(sql: Sql, start: int, end: int) -> None:
    _check_number(sql, start, end)
    opening = next((at for at in range(start, end) if sql.word(at) == "("), None)
    if opening is None:
        return
    for first, last in sql.arguments(opening):
        if any(sql.word(at) in ("default", "=", ":=") for at in range(first, last)):
            raise unsupported("A default value of a procedure's argument")

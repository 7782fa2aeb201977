"""CREATE EXTERNAL FUNCTION ... LAMBDA: a function that the gateway answers, by a Python callable in
the engine's folder.

Source: Amazon Redshift Database Developer Guide, CREATE EXTERNAL FUNCTION and "Scalar Lambda UDFs".
"""

from __future__ import annotations

import base64

from veil.local.rewrite.edits import Sql
from veil.local.rewrite.errors import LOCAL_LIMIT, RefusalError, unsupported
from veil.local.rewrite.lexer import Kind, dollar_quote, quote_string, string_value
from veil.local.rewrite.result import Rewritten
from veil.local.rewrite.statements.routines import MOST_ARGUMENTS

_TYPES = frozenset(
    [
        "smallint",
        "int2",
        "integer",
        "int",
        "int4",
        "bigint",
        "int8",
        "decimal",
        "numeric",
        "real",
        "float4",
        "float",
        "float8",
        "double",
        "char",
        "character",
        "nchar",
        "bpchar",
        "varchar",
        "nvarchar",
        "text",
        "boolean",
        "bool",
        "date",
        "timestamp",
    ]
)
"""The first words of the types that Redshift exchanges with Lambda."""
_NUMBERS = {"retry_timeout": 0, "max_batch_rows": 1, "max_batch_size": 1}
"""Optional clauses, and the least that each takes."""


def create_function(sql: Sql, start: int, at: int, end: int) -> Rewritten:
    """What becomes of the statement from `start` to `end`; `at` is where the function's name
    begins.
    """
    opening = next((k for k in range(at, end) if sql.word(k) == "("), end)
    if opening == end:
        raise _near(sql, end)
    closing = sql.closing(opening)
    arguments = sql.arguments(opening)
    if len(arguments) > MOST_ARGUMENTS:
        raise RefusalError("54023", f"functions cannot have more than {MOST_ARGUMENTS} arguments")
    for first, last in arguments:
        _check_type(sql, first, last)
    if sql.word(closing + 1) != "returns":
        raise _near(sql, closing + 1)
    volatility = next((k for k in range(closing, end) if sql.word(k) in ("volatile", "stable", "immutable")), end)
    if volatility == end:
        raise RefusalError("42601", "the function needs VOLATILE or STABLE")
    if sql.word(volatility) == "immutable":
        raise RefusalError("42601", 'syntax error at or near "IMMUTABLE"', "A Lambda function is VOLATILE or STABLE.")
    _check_type(sql, closing + 2, volatility)
    function = _clauses(sql, volatility + 1, end)
    values = ", ".join(f"${number}" for number in range(1, len(arguments) + 1))
    external = ".".join(sql.name(k) for k in range(at, opening) if sql.is_name(k))
    asked = f"{quote_string(function)}, {quote_string(external)}, pg_catalog.jsonb_build_array({values})"
    shown = base64.b64encode(sql.raw(volatility + 1, end).encode()).decode()
    body = dollar_quote(f"BEGIN RETURN pg_veil.call_lambda({asked}); END\n/*veil:{shown}*/")
    replacing = "OR REPLACE " if sql.words(start + 1, 2) == ("or", "replace") else ""
    head = f"CREATE {replacing}FUNCTION {sql.render(at, volatility)} {sql.word(volatility).upper()}"
    return Rewritten(f"{head} LANGUAGE exfunc AS {body}", "CREATE FUNCTION")


def _check_type(sql: Sql, first: int, last: int) -> None:
    with_zone = any(sql.words(at, 3) == ("with", "time", "zone") for at in range(first, last))
    if first >= last or sql.word(first) not in _TYPES or with_zone:
        shown = sql.raw(first, last) if first < last else ""
        raise RefusalError(
            "0A000",
            f'type "{shown}" is not supported for Lambda functions',
            "Redshift exchanges no such type with Lambda.",
        )


def _clauses(sql: Sql, at: int, end: int) -> str:
    """Checks what stands behind the volatility; the name of the Lambda function."""
    if sql.word(at) != "lambda":
        raise unsupported("An external function of anything but LAMBDA", LOCAL_LIMIT)
    function = _string(sql, at + 1, end)
    if sql.word(at + 2) != "iam_role":
        raise RefusalError("42601", "CREATE EXTERNAL FUNCTION needs an IAM_ROLE", "Any will do for the local engine.")
    if sql.word(at + 3) != "default":
        _string(sql, at + 3, end)
    at += 4
    while at < end:
        clause = sql.word(at)
        if clause not in _NUMBERS or at + 1 >= end or not sql.raw(at + 1, at + 2).isdecimal():
            raise _near(sql, at)
        if int(sql.raw(at + 1, at + 2)) < _NUMBERS[clause]:
            raise RefusalError("22023", f"{clause.upper()} is at least {_NUMBERS[clause]}")
        at += 3 if clause == "max_batch_size" and sql.word(at + 2) in ("kb", "mb") else 2
    return function


def _string(sql: Sql, at: int, end: int) -> str:
    if at >= end or sql.tokens[at].kind is not Kind.STRING:
        raise _near(sql, min(at, end))
    return string_value(sql.tokens[at].word)


def _near(sql: Sql, at: int) -> RefusalError:
    shown = sql.raw(at, at + 1) if at < len(sql.tokens) else ""
    return RefusalError("42601", f'syntax error at or near "{shown}"')

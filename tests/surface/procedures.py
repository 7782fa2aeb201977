"""What the body of a procedure holds besides queries, and what of it no page shows.

Source: "Supported PL/pgSQL statements" (c_PLpgSQL-statements), "Structure of PL/pgSQL"
(c_PLpgSQL-structure), "Stored procedure limitations" (stored-procedure-constraints).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.surface.grammar import tokens

_NOT_ALLOWED = (
    "PREPARE",
    "VACUUM",
    "CREATE DATABASE",
    "DROP DATABASE",
    "CREATE EXTERNAL",
    "SET LOCAL",
    "ALTER TABLE APPEND",
)
_CONTROL = re.compile(r"(?:BEGIN|ELSE|LOOP|(?:IF|ELSIF|WHILE|FOR)\b.*?\b(?:THEN|LOOP))\s+", re.S)
_LEVELS = frozenset({"EXCEPTION", "INFO", "LOG", "NOTICE", "WARNING", "DEBUG"})


def statements_of(body: str) -> Iterator[str]:
    """The statements of a body, without its declarations and the control flow around them."""
    text = re.sub(r"--[^\n]*|^\s*DECLARE.*?(?=BEGIN)", "", body, flags=re.S)
    for part in text.split(";"):
        statement = part.strip()
        while shorter := _CONTROL.match(statement):
            statement = statement[shorter.end() :]
        if statement:
            yield statement


def undocumented_in_procedures(statement: str) -> Iterator[str]:
    """In words, what of a CREATE PROCEDURE's body no cluster runs, as far as no query is meant."""
    body = re.search(r"\$\$(.*)\$\$", statement, re.S)
    for each in statements_of(body[1]) if body is not None else ():
        found = tokens(each)
        begins = " ".join(found[:2])
        yield from (f"{what} in a procedure" for what in _NOT_ALLOWED if begins == what or found[0] == what)
        if found[0] == "RAISE":
            yield from _in_raise(found)
        if found[0] == "GET" and not (
            found[1] == "DIAGNOSTICS"
            and found[3:] in ([":=", "ROW_COUNT"], [":", "=", "ROW_COUNT"], ["=", "ROW_COUNT"])
        ):
            yield f"{' '.join(found)} in a procedure"
        if found[0] == "EXECUTE" and "USING" in found:
            yield "EXECUTE ... USING"
        if found[0] == "EXCEPTION" and found[1:3] != ["WHEN", "OTHERS"]:
            yield "a handler of another condition than OTHERS"


def _in_raise(found: list[str]) -> Iterator[str]:
    """RAISE [level] 'format' [, variable [, ...]]."""
    rest = found[2:] if found[1:2] and found[1] in _LEVELS else found[1:]
    variables = " ".join(rest[1:])
    if not (rest and rest[0].startswith("'") and re.fullmatch(r"(?:, [A-Z_]\w* ?)*", variables)):
        yield "RAISE with an expression"

"""Statements, whole: their form, and the queries in them. And all that were sent to an engine, held
against both.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.surface.forms import beyond_limits, undocumented_declarations
from tests.surface.grammar import has_documented_form, tokens
from tests.surface.names import reserved_names
from tests.surface.procedures import statements_of, undocumented_in_procedures
from tests.surface.queries import findings, reserved_words
from veil.certify.statements import shape

OURS = frozenset({"veil"})
"""The names under which the provider and the command sign in."""

_QUERIES = frozenset({"SELECT", "WITH", "INSERT", "UPDATE", "DELETE"})
_MADE = re.compile(
    r"CREATE (?:OR REPLACE )?(?:TABLE|PROCEDURE) (?:IF NOT EXISTS )?(?:\S+\.)?(\w+) ?\(((?:[^()]|\([^()]*\))*)\)", re.S
)


def problems(statement: str) -> list[str]:
    """What of a statement no page documents, in words; empty where all is."""
    kind = tokens(statement)
    variables = _declared(statement) if "PROCEDURE" in kind[:6] else None
    found = [] if kind[0] in _QUERIES or has_documented_form(statement) else ["a form that no page shows"]
    declared = (
        f"{name} is a reserved word" for name in sorted(_declared(statement)) if name.upper() in reserved_words()
    )
    return [
        *found,
        *declared,
        *reserved_names(statement, _declared(statement)),
        *undocumented_in_procedures(statement),
        *undocumented_declarations(statement),
        *beyond_limits(statement),
        *(finding for query in queries_in(statement) for finding in findings(query, variables)),
    ]


def _declared(statement: str) -> set[str]:
    """The names that a CREATE TABLE or CREATE PROCEDURE gives without quotes: of columns, arguments
    and variables.
    """
    made = _MADE.match(statement)
    if made is None:
        return set()
    listed = re.sub(r"\([^()]*\)", "", made[2])
    variables = re.search(r"\bDECLARE\b(.*?)\bBEGIN\b", statement, re.S)
    parts = [*listed.split(","), *(variables[1].split(";") if variables else ())]
    return {part.split()[0] for part in [made[1], *parts] if part.split()} - {""}


def queries_in(statement: str) -> Iterator[str]:
    """The queries of a statement: itself, or those of a procedure's body, without the control flow
    around them.
    """
    kind = tokens(statement)[:6]
    if kind[0] in _QUERIES or ("VIEW" in kind[:5] and kind[0] == "CREATE"):
        yield statement
    elif "PROCEDURE" in kind and (body := re.search(r"\$\$(.*)\$\$", statement, re.S)):
        for query in statements_of(body[1]):
            if re.match(r"(?:SELECT|INSERT|UPDATE|DELETE)\b", query):
                # INTO variables is PL/pgSQL's, not SQL's.
                yield re.sub(r"\bINTO\s+\w+(?:,\s*\w+)*\s+(?=FROM\b)", "", query)


def sent(log: Path) -> Iterator[str]:
    """Of the statements that the provider sent, one of each shape: names, literals and how many of
    them do not count.
    """
    shapes = set()
    for line in log.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        if entry["application"] in OURS:
            form = shape(entry["sql"])
            if form not in shapes:
                shapes.add(form)
                yield entry["sql"]


def undocumented(statements: Iterable[str]) -> list[str]:
    """Those with problems, each with its problems."""
    found = [(each, problems(each)) for each in statements]
    return [f"{'; '.join(why)}:\n{each}" for each, why in found if why]

"""Every statement of the package's .sql files, and every recorded view, against what Redshift documents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.compiler.worlds import CASES
from tests.surface.grammar import has_documented_form, tokens
from tests.surface.queries import findings
from veil.compiler import compile_view
from veil.warehouse import templates

SQL = Path(templates.__file__).parent / "sql"
FILES = sorted(str(path.relative_to(SQL).with_suffix("")) for path in SQL.rglob("*.sql"))


class Values(dict[str, str]):
    """For whatever a template asks: a name, a literal, or a list of literals, by what it is called and who asks."""

    def __init__(self, file: str) -> None:
        self._names_all = file.startswith("bootstrap/")

    def __missing__(self, key: str) -> str:
        if self._names_all and key != "password":
            return f'"{key}"'
        if key == "mentions":
            return "pg_catalog.STRPOS(pg_catalog.LOWER(definition), 'one') > 0"
        if key in ("schemas", "tables"):
            return "'one', 'two'"
        if key in ("schema", "name", "database", "group", "impersonation_group", "password"):
            return "'one'"
        return "1" if key == "relation" else f'"{key}"'


def queries_in(statement: str) -> Iterator[str]:
    """The queries of a statement: itself, or those of a procedure's body, without the control flow around them."""
    kind = tokens(statement)[:6]
    if kind[0] in ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE") or "VIEW" in kind[:5]:
        yield statement
    elif "PROCEDURE" in kind and (body := re.search(r"\$\$(.*)\$\$", statement, re.S)):
        text = re.sub(r"--[^\n]*|^\s*DECLARE.*?(?=BEGIN)", "", body[1], flags=re.S)
        for part in text.split(";"):
            query = part.strip()
            while shorter := re.match(r"(?:BEGIN|ELSE|IF\b.*?\bTHEN)\s+", query, re.S):
                query = query[shorter.end() :]
            if re.match(r"(?:SELECT|INSERT|UPDATE|DELETE)\b", query):
                # INTO variables is PL/pgSQL's, not SQL's.
                yield re.sub(r"\bINTO\s+\w+(?:,\s*\w+)*\s+(?=FROM\b)", "", query)


@pytest.mark.parametrize("file", FILES)
def test_a_file_holds_only_documented_sql(file: str) -> None:
    for statement in templates.render(file, Values(file)):
        if tokens(statement)[0] not in ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE"):
            assert has_documented_form(statement), statement
        for query in queries_in(statement):
            assert not findings(query), query


@pytest.mark.parametrize("name", CASES)
def test_a_view_holds_only_documented_sql(name: str) -> None:
    statement = compile_view(*CASES[name])
    assert has_documented_form(statement)
    assert not findings(statement)

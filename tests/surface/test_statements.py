"""Every statement of the package's .sql files, and every recorded view, against what Redshift
documents.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.compiler.worlds import CASES
from tests.surface.statements import problems
from veil.compiler import FUNCTIONS, compile_view
from veil.warehouse import Layout, install_statements, scratch_statements, templates

BOUND = Layout("p", "views", impersonation_group="g", bound=True)
SQL = Path(templates.__file__).parent / "sql"
FILES = sorted(
    str(path.relative_to(SQL).with_suffix("")) for path in SQL.rglob("*.sql") if path.parent.name != "fragments"
)
"""Fragments are parts of statements, which the others include."""


class Values(dict[str, str]):
    """For whatever a template asks: a name, a literal, or a list of literals, by what it is called
    and who asks.
    """

    def __init__(self, file: str) -> None:
        self._names_all = file.startswith("bootstrap/")

    def __missing__(self, key: str) -> str:
        if self._names_all and key != "password":
            return f'"{key}"'
        if key == "named":
            return "TRUE"
        if key == "mentions":
            return "pg_catalog.STRPOS(pg_catalog.LOWER(definition), 'one') > 0"
        if key in ("schemas", "tables"):
            return "'one', 'two'"
        if key in ("schema", "name", "database", "group", "impersonation_group", "password"):
            return "'one'"
        return "1" if key == "relation" else f'"{key}"'


@pytest.mark.parametrize("file", FILES)
def test_a_file_holds_only_documented_sql(file: str) -> None:
    for statement in templates.render(file, Values(file)):
        assert not problems(statement), statement


@pytest.mark.parametrize("statement", (*install_statements(BOUND), *scratch_statements(BOUND)))
def test_the_bound_form_of_what_is_installed_is_documented_sql(statement: str) -> None:
    assert not problems(statement)


@pytest.mark.parametrize("name", sorted(name for name in CASES if CASES[name][0].integration.mode == "single_database"))
def test_a_bound_view_holds_only_documented_sql(name: str) -> None:
    world, source = CASES[name]
    bound = replace(world, integration=replace(world.integration, unresolved=FUNCTIONS))
    assert not problems(compile_view(bound, source))


@pytest.mark.parametrize("name", CASES)
def test_a_view_holds_only_documented_sql(name: str) -> None:
    assert not problems(compile_view(*CASES[name]))

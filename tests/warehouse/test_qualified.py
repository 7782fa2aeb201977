"""No statement that the provider sends leaves a name to the search_path."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

import veil
from tests.qualified import unqualified
from veil.warehouse import (
    SCHEMA_VERSION,
    Bootstrap,
    EntryRow,
    Grantee,
    ImpersonationRow,
    Layout,
    ObjectRow,
    ProfileRow,
    ProjectEntryRow,
    PublishedRow,
    advance_revision,
    bootstrap_steps,
    create_salts,
    delete_objects,
    delete_profiles,
    empty_statements,
    forget_published,
    grant_impersonation,
    install_pieces,
    install_statements,
    put_project_entries,
    read_only_statements,
    record_published,
    revoke_impersonation,
    uninstall_statements,
    upgrade_statements,
    upsert_objects,
    upsert_profiles,
)
from veil.warehouse.templates import files, names, render

LAYOUT = Layout("immuta", "governed", impersonation_group="actors", read_only_role="planners")
PACKAGE = Path(veil.__file__).parent
OURS = ("warehouse", "governance", "resources", "cli")
CASES = Path(__file__).parents[1] / "compiler" / "cases"


def _installing() -> Iterator[str]:
    wanted = Bootstrap(
        LAYOUT, "dev", "system", ("raw",), external_schemas=("lake",), read_only_user="reader", source_database="other"
    )
    for layout in (LAYOUT, Layout("p", "v")):
        yield from install_statements(layout)
        yield from uninstall_statements(layout, True)
        yield from empty_statements(layout)
        for version in range(1, SCHEMA_VERSION):
            yield from upgrade_statements(layout, version)
        for statements in install_pieces(layout).values():
            yield from statements
    yield from read_only_statements(LAYOUT, Grantee("role", "planners"))
    for step in (*bootstrap_steps(wanted), *bootstrap_steps(replace(wanted, upgrade_from=1))):
        yield from step.statements


def _reading() -> Iterator[str]:
    for template in files("reads"):
        yield from render(template, defaultdict(lambda: "'x'", names(LAYOUT)))


def _writing() -> Iterator[str]:
    row = ObjectRow("kind", "it's", "id", "SELECT evil(1) FROM evil, $$ worse")
    yield from advance_revision(LAYOUT, 1, "token")
    yield from upsert_objects(LAYOUT, [row])
    yield from delete_objects(LAYOUT, [row])
    yield from upsert_profiles(LAYOUT, [ProfileRow("u")], [EntryRow("u", "group", "", "g", datetime.now(UTC))])
    yield from delete_profiles(LAYOUT, ["u"])
    yield from put_project_entries(LAYOUT, ["p"], [ProjectEntryRow("p", "group", "", "g", 1)])
    yield from record_published(LAYOUT, {"k": PublishedRow("s", "v", "h", "h", 1)})
    yield from forget_published(LAYOUT, ["k"])
    yield from create_salts(LAYOUT, ["k"])
    yield from grant_impersonation(LAYOUT, [ImpersonationRow("u", "v")])
    yield from revoke_impersonation(LAYOUT, [ImpersonationRow("u", "v")])


def _views() -> Iterator[str]:
    for path in sorted(CASES.glob("*.sql")):
        yield path.read_text(encoding="utf-8")


_SQL = re.compile(
    r"(SELECT(?! on )|INSERT INTO|UPDATE|DELETE FROM|CREATE(?! on )|DROP|ALTER|GRANT|REVOKE|SET|SHOW|LOCK|CALL|BEGIN|COMMIT)\s"
)
_PLACE = '"a"."b"'


def _in_code() -> Iterator[tuple[str, str]]:
    """Every text in the code that begins like a statement, with `"a"."b"` for what is put into it."""
    for path in (each for folder in OURS for each in sorted((PACKAGE / folder).rglob("*.py"))):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
        for node in ast.walk(tree):
            text = _text(node) if id(node) not in inside else ""
            if _SQL.match(text):
                yield f"{path.relative_to(PACKAGE)}:{getattr(node, 'lineno', 0)}", text


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.sub(r"\{\w+\}", '"a"', node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(each.value) if isinstance(each, ast.Constant) else _PLACE for each in node.values)
    return ""


@pytest.mark.parametrize("statements", [_installing, _reading, _writing, _views])
def test_every_name_in_a_fixed_statement_has_its_schema(statements: object) -> None:
    assert callable(statements)
    given = list(statements())
    assert len(given) > 10
    assert {each: found for each in given if (found := unqualified(each))} == {}


def test_every_name_in_a_statement_that_is_put_together_in_code_has_its_schema() -> None:
    given = list(_in_code())
    assert len(given) > 40
    assert {where: found for where, text in given if (found := unqualified(text))} == {}


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("SELECT QUOTE_IDENT(n.nspname) FROM pg_catalog.pg_namespace AS n", ["the function QUOTE_IDENT"]),
        ("SELECT evil.count(1)", ["the function evil.COUNT"]),
        ('SELECT 1 FROM "s".t AS a, pg_user AS b WHERE a.x IN (1, 2)', ["the relation pg_user"]),
        ('SELECT 1 FROM "s".t LEFT JOIN runtime ON TRUE', ["the relation runtime"]),
        ('WITH a AS (SELECT 1 FROM "s".t), b AS (SELECT 2 FROM a) SELECT 3 FROM b, c', ["the relation c"]),
        ("INSERT INTO salt (a) VALUES (1)", ["the function SALT", "the relation salt"]),
        ("UPDATE revision SET revision = 1", ["the relation revision"]),
        ("LOCK TABLE writer", ["the relation writer"]),
        ("SELECT CAST(1 AS text), 'x'::regclass", ["the type text", "the type regclass"]),
        (
            'CREATE PROCEDURE "p".f() AS $$ BEGIN SELECT MAX(a) INTO b FROM x; END; $$ LANGUAGE plpgsql',
            ["the function MAX", "the relation x"],
        ),
        ("REVOKE SELECT (a) ON \"s\".t FROM PUBLIC", []),
        ("SELECT CAST(EXTRACT(year FROM t.d) AS INTEGER) FROM \"s\".t AS t", []),
        ("SELECT 'evil(1) FROM evil', pg_catalog.count(1)", []),
    ],
)  # fmt: skip
def test_what_is_left_to_the_search_path_is_found(sql: str, found: list[str]) -> None:
    assert sorted(unqualified(sql)) == sorted(found)

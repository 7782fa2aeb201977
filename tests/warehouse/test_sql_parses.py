"""A second opinion on our SQL: an independent parser of Redshift's dialect reads all of it."""

import re
from collections import defaultdict

import pytest
from sqlfluff.core import Linter

from tests.warehouse.removal import complete
from veil.warehouse import (
    Layout,
    ObjectRow,
    advance_revision,
    expected_routines,
    install_statements,
    uninstall_statements,
    upsert_objects,
)
from veil.warehouse.templates import files, names, render

LAYOUT = Layout("immuta", "governed", impersonation_group="immuta_impersonator_role")
LINTER = Linter(dialect="redshift")
VALUES = {"rows": "('x', 'x', 'x')"}
"""What stands in a query for values that are no single literal."""


def _unreadable(statement: str) -> list[str]:
    """What the parser cannot read. Of the functions that are called without parentheses it lacks
    SESSION_USER, which is reserved in Redshift (List of reserved words) and stands where
    CURRENT_USER may.
    """
    return _violations(re.sub(r"\bSESSION_USER\b", "CURRENT_USER", statement))


def _violations(statement: str) -> list[str]:
    return [each.desc() for each in LINTER.parse_string(statement + ";\n").violations]


def _body_statements(body: str) -> list[str]:
    """The SQL inside a procedure's body, as it would stand outside (the parser does not look into
    bodies), with its literals empty: these may hold words of SQL themselves.
    """
    found = []
    for piece in re.split(r";|\bLOOP\b", re.sub(r"'[^']*'", "''", body)):
        begun = re.search(r"\b(LOCK TABLE|DELETE FROM|INSERT INTO|UPDATE|SELECT)\b", piece)
        if begun:
            found.append(re.sub(r"\bINTO (?!\")[a-z_, ]+?(?=\s+FROM)", "", piece[begun.start() :]))
    return found


@pytest.mark.parametrize("statement", install_statements(LAYOUT) + uninstall_statements(LAYOUT, complete(LAYOUT), []))
def test_redshift_reads_what_installs_and_removes(statement: str) -> None:
    assert _unreadable(statement) == []


@pytest.mark.parametrize("template", files("reads") + files("repairs"))
def test_redshift_reads_every_query(template: str) -> None:
    for statement in render(template, defaultdict(lambda: "'x'", names(LAYOUT) | VALUES)):
        assert _unreadable(statement) == []


@pytest.mark.parametrize(
    "body", expected_routines(LAYOUT).values(), ids=[each.name for each in expected_routines(LAYOUT)]
)
def test_redshift_reads_what_procedures_do(body: str) -> None:
    statements = _body_statements(body)
    assert statements
    for statement in statements:
        assert _unreadable(statement) == []


def test_redshift_reads_calls_with_hostile_values() -> None:
    rows = [ObjectRow("kind", "it's", "id", "\\'; DROP TABLE x; -- $$ \"")]
    for statement in upsert_objects(LAYOUT, rows) + advance_revision(LAYOUT, 1, "token"):
        assert _unreadable(statement) == []


def test_the_parser_does_find_errors() -> None:
    assert _unreadable("GRANT SELEKT ON x TO y")


def test_the_parser_still_lacks_session_user() -> None:
    assert _violations("SELECT CURRENT_USER") == []
    assert _violations("SELECT SESSION_USER"), "it reads SESSION_USER now: read statements as they are"

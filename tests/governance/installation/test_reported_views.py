"""A warehouse that reports the texts of views otherwise than they were sent: our own views are
compared with its words.
"""

from collections.abc import Callable
from typing import Any

import pytest

from veil.governance.installation.drift import alterations
from veil.governance.installation.manual_bootstrap import find_gaps
from veil.governance.requests import Create, SourceDraft, Update
from veil.governance.service import Governance
from veil.model import Integration
from veil.warehouse import Layout, Session, install_statements, read

QUERY = Session.query


@pytest.fixture
def reporting_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each view's text comes back on one line."""

    def query(session: Session, sql: str) -> list[tuple[Any, ...]]:
        rows = QUERY(session, sql)
        if "pg_views" not in sql or "definition" not in sql:
            return rows
        # Several reads may be one statement, whose rows begin with the name of theirs.
        return [
            tuple(each.replace("\n", " ") if isinstance(each, str) else each for each in row)
            if len(row) == 4 or row[0] == "views"
            else row
            for row in rows
        ]

    monkeypatch.setattr(Session, "query", query)


def apply(governance: Governance) -> None:
    integration = governance.require().integration
    assert integration is not None and isinstance(integration.thing, Integration)
    governance.submit(Update(integration.id, integration.thing))
    governance.reload()


def run(governance: Governance, *statements: str) -> None:
    for statement in statements:
        governance.look(lambda session, statement=statement: session.execute(statement))
    governance.reload()


@pytest.mark.usefixtures("reporting_otherwise")
def test_an_installation_is_as_it_was_made_whatever_the_warehouse_makes_of_texts(
    new_governance: Callable[..., Governance],
):
    governance = new_governance()
    governance.submit(Create(SourceDraft("raw", "people")))
    governance.reload()
    assert list(alterations(governance.require())) == []
    assert governance.require().snapshot.unsealed == frozenset()
    run(
        governance,
        "CREATE OR REPLACE VIEW immuta_system.user_profile AS SELECT CAST('x' AS VARCHAR(256)) AS immuta__userid,"
        " CAST('p' AS VARCHAR(256)) AS current_project, 0 AS equalized, CAST('x' AS VARCHAR(256)) AS username"
        " WITH NO SCHEMA BINDING",
    )
    assert list(alterations(governance.require())) == ["the view immuta_system.user_profile was replaced"]
    for _ in range(2):
        apply(governance)
        assert list(alterations(governance.require())) == []


@pytest.mark.usefixtures("reporting_otherwise")
def test_a_record_that_is_gone_proves_nothing_and_the_views_are_made_anew(new_governance: Callable[..., Governance]):
    governance = new_governance()
    run(governance, "DELETE FROM immuta_system.own_view")
    lines = list(alterations(governance.require()))
    for view in ("possible_entry", "salt_name", "unsealed", "user_entry", "user_profile"):
        assert f"the view immuta_system.{view} was replaced" in lines
    apply(governance)
    assert list(alterations(governance.require())) == []


def test_a_record_that_is_gone_is_told_and_written_again(new_governance: Callable[..., Governance]):
    governance = new_governance()
    run(
        governance,
        "DELETE FROM immuta_system.own_view WHERE name = 'user_entry'",
        "INSERT INTO immuta_system.own_view (name, made_hash) VALUES ('anything', '')",
    )
    assert list(alterations(governance.require())) == [
        "what the warehouse showed of the view immuta_system.user_entry when it was made is not recorded",
        "what a view anything was made from was recorded outside veil",
    ]
    apply(governance)
    assert list(alterations(governance.require())) == []
    assert governance.require().snapshot.own_views.keys() == {
        "caller",
        "user_profile",
        "user_entry",
        "possible_entry",
        "salt_name",
        "unsealed",
    }


def test_a_view_that_is_dropped_and_recorded_otherwise_is_made_and_recorded_anew(
    new_governance: Callable[..., Governance],
):
    governance = new_governance()
    run(
        governance,
        "UPDATE immuta_system.own_view SET text_hash = 'x' WHERE name = 'user_profile'",
        "DROP VIEW immuta_system.user_profile",
    )
    assert list(alterations(governance.require())) == ["the view immuta_system.user_profile is missing"]
    apply(governance)
    assert list(alterations(governance.require())) == []


@pytest.mark.usefixtures("reporting_otherwise")
def test_what_an_administrators_script_made_is_not_called_incomplete(new_governance: Callable[..., Governance]):
    governance = new_governance()
    script = install_statements(Layout("other", "other views"))

    def look(session: Session) -> tuple[list[str], Any]:
        with session.transaction():
            for statement in script:
                session.execute(statement)
        gaps = [each.found for each in find_gaps(session, Layout("other", "other views"))]
        return gaps, read(session, Layout("other", "other views")).unsealed

    gaps, unsealed = governance.look(look)
    assert gaps == []
    assert unsealed is None, "until veil has recorded what the warehouse reports of it"

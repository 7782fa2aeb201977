"""Well-known examples of row and column policies, from the documentation of other systems,
translated to HCL.

What each user sees is written down here by hand, from what the example promises. `erin` never has a
profile.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.conftest import Database, header
from tests.acceptance.terraform import Workspace

_HERE = Path(__file__).parent
Seen = dict[str, list[Any]]
PEOPLE = ("alice", "bob", "carol", "dave", "erin")


@pytest.fixture(scope="module")
def applied(new_database: Callable[[], Database], new_workspace: Callable[[], Workspace]) -> Database:
    database, workspace = new_database(), new_workspace()
    database.run(*(_HERE / "patterns.sql").read_text().rstrip().rstrip(";").split(";\n"))
    workspace.write(header(database) + (_HERE / "patterns.tf").read_text())
    assert (done := workspace.apply()), done.text
    return database


def look(database: Database, query: str) -> Seen:
    """What each user's query gives, by user; rows of one column as its values."""
    answers = {user: database.query(query, user) for user in PEOPLE}
    return {user: [row[0] if len(row) == 1 else row for row in rows] for user, rows in answers.items()}


def test_three_tiers_of_one_mask(applied: Database):
    seen = look(applied, "SELECT email FROM governed.contacts ORDER BY id")
    assert seen == {
        "alice": ["ann@example.com", "no address", None],
        "bob": ["*****@example.com", "*****@", None],
        "carol": ["********"] * 3,
        "dave": ["********"] * 3,
        "erin": [],
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (
            "SELECT product FROM governed.sales ORDER BY 1",
            {"alice": [], "bob": ["p1"], "carol": ["p1", "p2", "p3"], "dave": [], "erin": []},
        ),
        (
            "SELECT id FROM governed.branches ORDER BY 1",
            {"alice": [1], "bob": [1], "carol": [1, 2, 3], "dave": [1], "erin": []},
        ),
        (
            "SELECT id FROM governed.reports ORDER BY 1",
            {"alice": [1, 2], "bob": [], "carol": [1, 2], "dave": [], "erin": []},
        ),
        (
            "SELECT id FROM governed.partners ORDER BY 1",
            {"alice": [1, 2], "bob": [2], "carol": [], "dave": [1], "erin": []},
        ),
        (
            "SELECT id FROM governed.events ORDER BY 1",
            {"alice": [3], "bob": [1, 2, 3], "carol": [], "dave": [], "erin": []},
        ),
        (
            "SELECT id FROM governed.accounts ORDER BY 1",
            {"alice": [1, 2, 4], "bob": [1, 3], "carol": [1, 2, 3, 4], "dave": [], "erin": []},
        ),
        (
            "SELECT id FROM governed.visits ORDER BY 1",
            {"alice": [1], "bob": [1], "carol": [1, 2, 3], "dave": [1], "erin": []},
        ),
        (
            "SELECT id FROM governed.ledger",
            {"alice": [], "bob": [1], "carol": [], "dave": [1], "erin": []},
        ),
        (
            "SELECT id FROM governed.payroll",
            {"alice": [], "bob": [], "carol": [1], "dave": [], "erin": []},
        ),
    ],
    ids=[
        "a mapping table of managers",
        "administrators and one region",
        "a list of users",
        "one policy per group",
        "a lookup and a role",
        "attributes and groups that match columns",
        "recent rows",
        "a parent of the data source's tag",
        "a place with a wildcard",
    ],
)
def test_rows_of(applied: Database, query: str, expected: Seen):
    assert look(applied, query) == expected


def test_a_fixed_number_outside_one_department(applied: Database):
    seen = look(applied, "SELECT ssn FROM governed.staff ORDER BY id")
    assert seen["alice"] == ["111-11-1111", None]
    assert seen["bob"] == seen["carol"] == seen["dave"] == ["***-**-****"] * 2
    assert seen["erin"] == []


def test_predefined_masking_rules(applied: Database):
    seen = look(applied, "SELECT phone, born, note, account, score, mail, fee FROM governed.people")
    ((phone, born, note, account, score, mail, fee),) = seen["alice"]
    assert (phone, born, note, score) == ("XXXXX0199", date(1984, 1, 1), None, 0)
    assert (mail, fee) == ("XXXXX@example.com", Decimal("15.00"))
    assert len(account) == 64 and set(account) <= set("0123456789abcdef")
    assert seen["bob"] == seen["carol"] == seen["alice"]


def test_masks_by_priority(applied: Database):
    seen = look(applied, "SELECT card FROM governed.credit_cards ORDER BY customer")
    assert seen["alice"] == ["453299XXXXXX4842", "373611XXXXX5635"]
    assert seen["bob"] == seen["dave"] == ["000000XXXX0000"] * 2


def test_a_mask_that_another_column_decides(applied: Database):
    seen = look(applied, "SELECT card FROM governed.card_cases ORDER BY id")
    assert seen["alice"] == seen["bob"] == ["453299XXXXXX4842", None, None]


def test_one_mask_under_a_purpose_and_another_without(applied: Database):
    query = "SELECT patient FROM governed.trials ORDER BY id"
    assert look(applied, query)["alice"] == [None, None]
    applied.run(
        "CALL immuta_procedures.switch_project('study')",
        "CALL immuta_procedures.acknowledge_purpose('research', 'For the study only.')",
        user="alice",
    )
    seen = look(applied, query)
    assert len(seen["alice"][0]) == 64 and seen["alice"][1] is None
    assert seen["bob"] == [None, None]
    applied.run("CALL immuta_procedures.switch_project(NULL)", user="alice")
    assert look(applied, query)["alice"] == [None, None]

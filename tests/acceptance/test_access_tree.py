"""The lookup table of the seed document on data policies: levels of access that form a tree."""

import pytest

from tests.acceptance.conftest import Database, header
from tests.acceptance.terraform import Workspace

SOURCE = """
resource "veil_data_source" "cards" {
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "cards"
  columns = {
    credit_card_number = { tags = ["Credit Card Number"] }
    access_level       = { tags = ["access_level"] }
  }
}
resource "veil_subscription_policy" "everyone" {
  integration = veil_integration.main.id
  name        = "everyone"
  applies_to  = { all_data_sources = true }
  access      = "everyone"
}
resource "veil_user_profile" "vegetables" {
  integration = veil_integration.main.id
  user        = "alice"
  attributes  = { user_level = ["Vegetables"] }
}
resource "veil_user_profile" "pear" {
  integration = veil_integration.main.id
  user        = "bob"
  attributes  = { user_level = ["Pear"] }
}
resource "veil_user_profile" "food" {
  integration = veil_integration.main.id
  user        = "carol"
  attributes  = { user_level = ["Food"] }
}
resource "veil_user_profile" "nothing" {
  integration = veil_integration.main.id
  user        = "dave"
}
"""
ROWS = """
resource "veil_row_policy" "tree" {
  integration = veil_integration.main.id
  name        = "tree"
  applies_to  = { column_tags = ["access_level"] }
  show = {
    where = "@columnTagged('access_level') IN (SELECT ACCESS_LEVEL FROM raw.access_tree WHERE @attributeValuesContains('user_level', 'ROOT'))"
  }
}
"""
CELLS = """
resource "veil_masking_policy" "tree" {
  integration = veil_integration.main.id
  name        = "tree"
  applies_to  = { column_tags = ["Credit Card Number"] }
  mask        = { hash = {} }
  where       = "@columnTagged('access_level') NOT IN (SELECT ACCESS_LEVEL FROM raw.access_tree WHERE @attributeValuesContains('user_level', 'ROOT'))"
}
"""
FIRST, SECOND = "0123456789", "9876543210"
EXPECTED = {"alice": {FIRST}, "bob": {SECOND}, "carol": {FIRST, SECOND}, "dave": set()}


@pytest.fixture
def cards(database: Database) -> Database:
    database.run(
        'CREATE TABLE "raw".cards (credit_card_number VARCHAR(20), transaction_location VARCHAR(40), access_level INTEGER)',
        f"INSERT INTO \"raw\".cards VALUES ('{FIRST}', 'Lewes, DE', 4), ('{SECOND}', 'College Park, MD', 8)",
    )
    return database


def numbers(database: Database, user: str) -> list[str]:
    return [row[0] for row in database.query("SELECT credit_card_number FROM governed.cards", user)]


def test_as_a_row_policy_it_shows_exactly_the_rows_that_the_document_says(cards: Database, workspace: Workspace):
    workspace.write(header(cards) + SOURCE + ROWS)
    assert (done := workspace.apply()), done.text
    assert {user: set(numbers(cards, user)) for user in EXPECTED} == EXPECTED
    assert (empty := workspace.plan()).code == 0, empty.text


def tree(database: Database, type_: str, value: str) -> None:
    database.run(
        'DROP TABLE IF EXISTS "raw".access_tree',
        f'CREATE TABLE "raw".access_tree (access_level {type_}, root VARCHAR(20))',
        f"INSERT INTO \"raw\".access_tree VALUES ({value}, 'Pear')",
    )


def test_a_lookup_that_somebody_takes_away_keeps_nothing_else_from_being_governed(
    cards: Database, workspace: Workspace
):
    text = header(cards) + SOURCE + ROWS
    workspace.write(text)
    assert (done := workspace.apply()), done.text

    # What is not changed is warned of, and what takes a right away is applied, over the same data
    # source too.
    cards.run('DROP TABLE "raw".access_tree')
    planned = workspace.plan()
    assert planned.code == 0, planned.text
    assert "Warning: No such lookup table" in planned.text
    assert "the views that look up there fail and show nothing" in " ".join(planned.text.split())
    fewer = text.replace('attributes  = { user_level = ["Pear"] }', "").replace(
        'access      = "everyone"', 'access      = "conditions"\n  expression  = "@isInGroups(\'none\')"'
    )
    workspace.write(fewer)
    assert (done := workspace.apply()), done.text
    assert cards.query("SELECT COUNT(*) FROM immuta_system.profile_entry WHERE immuta__userid = 'bob'") == [(0,)]
    assert cards.query("SELECT * FROM governed.cards", "carol") == []

    # So is one whose columns do not fit any more.
    tree(cards, "DATE", "'2026-01-01'")
    planned = workspace.plan()
    assert planned.code == 0 and "Warning: Lookup that does not fit" in planned.text, planned.text
    workspace.write(text)
    assert (done := workspace.apply()), done.text

    # What a change brings is an error.
    changed = text.replace("raw.access_tree WHERE", "raw.access_tre WHERE")
    workspace.write(changed)
    planned = workspace.plan()
    assert planned.code == 1 and "Error: No such lookup table" in planned.text, planned.text

    # Once it is right again, so is the view by the next apply. Until then it shows nothing of it.
    tree(cards, "INTEGER", "8")
    workspace.write(text)
    assert numbers(cards, "bob") == []
    planned = workspace.plan()
    assert planned.code == 2 and "ookup" not in planned.text, planned.text
    assert "the columns of raw.access_tree, in which policies on raw.cards look up" in " ".join(planned.text.split())
    assert (done := workspace.apply()), done.text
    assert numbers(cards, "bob") == [SECOND]


def test_as_cell_masking_it_hashes_exactly_the_other_cards(cards: Database, workspace: Workspace):
    workspace.write(header(cards) + SOURCE + CELLS)
    assert (done := workspace.apply()), done.text
    for user, clear in EXPECTED.items():
        seen = numbers(cards, user)
        assert len(seen) == 2
        assert {number for number in seen if len(number) == 10} == clear
        assert all(len(number) in (10, 64) for number in seen)

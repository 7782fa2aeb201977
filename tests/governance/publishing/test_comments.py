"""Which comments the views of data sources are to have, and which of those that are there are not
so.
"""

from dataclasses import replace
from typing import Any

import pytest

from veil.governance.metadata.deployed import DeployedState
from veil.governance.publishing.apply_views import Manner
from veil.governance.publishing.comments import (
    CommentsRefusedError,
    altered_comments,
    comments_of,
    comments_to_make,
)
from veil.governance.publishing.publication import Publication, View
from veil.governance.publishing.write_group import comment
from veil.model import Column, ColumnType, DataSource, Family, Integration, World
from veil.model.names import MAX_DESCRIPTION_BYTES, problem_with_description
from veil.warehouse import CommentRow, Layout, Snapshot, ViewState, WarehouseError

INTEGER = ColumnType(Family.INTEGER)
SOURCE = DataSource(
    "raw",
    "customers",
    "governed",
    "customers",
    (
        Column("id", INTEGER, description="The key.", declared=True),
        Column("name", INTEGER),
        Column("new", INTEGER, description="Not accepted.", accepted=False),
    ),
    description="All customers.",
)
PLACE = ("governed", "customers")
WORLD = World(Integration("main", "analytics", "governed"))


def test_columns_have_comments_where_the_view_is_bound():
    assert comments_of(SOURCE, bound=False) == {"": "All customers."}
    assert comments_of(SOURCE, bound=True) == {"": "All customers.", "id": "The key.", "name": None}
    assert comments_of(replace(SOURCE, description=""), bound=False) == {"": None}


def test_what_cannot_be_a_comment_is_none():
    assert comments_of(replace(SOURCE, description="a\x1bb"), bound=False) == {"": None}


def test_what_is_wanted_is_made_and_what_is_there_without_being_wanted_goes():
    wanted = comments_of(SOURCE, bound=True)
    there = ViewState("", "veil", comments={"": "Old.", "name": "Gone."})
    assert list(comments_to_make(PLACE, wanted, there)) == [
        CommentRow(*PLACE, "", "All customers."),
        CommentRow(*PLACE, "id", "The key."),
        CommentRow(*PLACE, "name", None),
    ]
    assert list(comments_to_make(PLACE, {"": None}, None)) == []


def test_other_comments_than_those_that_are_wanted_are_drift():
    wanted = comments_of(SOURCE, bound=True)
    well = ViewState("", "veil", comments={"": "All customers.", "id": "The key."})
    assert list(altered_comments(wanted, well)) == []
    assert list(altered_comments(wanted, replace(well, comments={"name": "x"}))) == ["", "id", "name"]
    assert list(altered_comments({"": None}, replace(well, comments={"": "Not ours."}))) == [""]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Two\nlines\tand a tab, é and 名", None),
        ("x" * MAX_DESCRIPTION_BYTES, None),
        ("a\x1b[31mred", "it contains a control character"),
        ("a\rb", "it contains a control character"),
        ("a\0b", "it contains a control character"),
        ("\ud800", "it contains half a character (a surrogate)"),
        ("é" * 8_001, "it is 16002 bytes long, a description has at most 16000"),
    ],
)
def test_a_description_is_a_text_that_clients_can_show(text: str, problem: str | None):
    assert problem_with_description(text) == problem


class Refusing:
    """A session whose warehouse takes no statement, for this reason."""

    def __init__(self, **why: Any) -> None:
        self.why = why

    def execute(self, sql: str) -> None:
        raise WarehouseError("Refused", "It says no.", **self.why)


DEPLOYED = DeployedState(Layout("immuta", "governed"), Snapshot(0, "", 5, "0", "veil"), {}, WORLD)
VIEW = View(SOURCE, "CREATE VIEW", {"": "All customers."})


def test_a_warehouse_that_takes_no_comments_is_told_from_one_that_does_not_answer():
    with pytest.raises(CommentsRefusedError):
        comment(Refusing(sqlstate="42809"), DEPLOYED, Publication((), (VIEW,)), Manner())
    with pytest.raises(WarehouseError):
        comment(Refusing(lost=True), DEPLOYED, Publication((), (VIEW,)), Manner())


def test_views_are_made_without_comments_where_those_were_refused():
    comment(Refusing(sqlstate="42809"), DEPLOYED, Publication((), (VIEW,)), Manner(uncommented=True))

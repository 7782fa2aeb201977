"""The rows that the quickstart shows."""

import re

from veil.cli.quickstart.loading import BATCH, definitions, insert_text
from veil.cli.quickstart.sample import EVENTS, SALES, USERS, tables
from veil.cli.quickstart.seeing import FEW


def test_the_sample_is_the_same_every_time() -> None:
    assert tables() == tables()


def test_the_sample_has_a_few_thousand_rows() -> None:
    assert {each.name: len(each.rows) for each in tables()} == {"users": USERS, "events": EVENTS, "sales": SALES}
    assert USERS + EVENTS + SALES > 2_000


def test_the_rows_that_are_shown_come_from_several_states() -> None:
    users = next(each for each in tables() if each.name == "users")
    states = [row[7] for row in users.rows[:FEW]]
    assert 0 < states.count("WA") < FEW


def test_nobody_real_can_be_reached() -> None:
    users = next(each for each in tables() if each.name == "users")
    assert all(re.search(r"@example\.(com|org)$", str(row[4])) for row in users.rows)
    assert all(re.fullmatch(r"\(\d{3}\) 555-01\d\d", str(row[5])) for row in users.rows)


def test_every_sale_is_of_an_event_and_to_a_user_that_exist() -> None:
    users, events, sales = ({row[0] for row in each.rows} for each in tables())
    rows = next(each for each in tables() if each.name == "sales").rows
    assert len(sales) == len(rows)
    assert {row[1] for row in rows} <= events
    assert {row[2] for row in rows} <= users


def test_quotes_in_values_are_doubled_in_an_insert() -> None:
    assert insert_text("users", ((1, "O'Neil", None),)) == "INSERT INTO src.\"users\" VALUES\n(1, 'O''Neil', NULL)"


def test_an_insert_stays_far_below_the_longest_statement() -> None:
    longest = max(len(insert_text(each.name, each.rows[:BATCH])) for each in tables())
    assert longest < 1_000_000


def test_each_table_of_the_sample_is_defined() -> None:
    defined = " ".join(definitions())
    assert all(f"src.{each.name} (" in defined for each in tables())

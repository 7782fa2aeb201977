"""Intervals on the wire: the numbers of Redshift's two types, their values, and parameters of
them.
"""

from __future__ import annotations

import pytest
from redshift_connector.interval import IntervalDayToSecond, IntervalYearToMonth

from tests.local.conftest import Client
from tests.local.test_wire import psql
from veil.local import Engine
from veil.local.gateway import intervals, wire

DAY = 86_400_000_000

MONTHS = [("37 months", 37), ("1-1", 13), ("-178956970-8", -(2**31)), ("178956970-7", 2**31 - 1)]
MICROSECONDS = [
    ("10 days 48 hours", 12 * DAY),
    ("10 23:59:59.999999", 11 * DAY - 1),
    ("-106751991 -04:00:54.775808", -(2**63)),
    ("106751991 04:00:54.775807", 2**63 - 1),
]


@pytest.mark.parametrize(("written", "months"), MONTHS)
def test_an_interval_of_months_comes_as_their_number(admin: Client, written: str, months: int) -> None:
    assert admin.one(f"SELECT '{written}'::intervaly2m") == IntervalYearToMonth(months)
    assert admin.one(f"SELECT CAST('{written}' AS INTERVAL YEAR TO MONTH)") == IntervalYearToMonth(months)


@pytest.mark.parametrize(("written", "microseconds"), MICROSECONDS)
def test_an_interval_of_days_comes_as_microseconds(admin: Client, written: str, microseconds: int) -> None:
    assert admin.one(f"SELECT '{written}'::intervald2s") == IntervalDayToSecond(microseconds)
    assert admin.one(f"SELECT CAST('{written}' AS INTERVAL DAY TO SECOND)") == IntervalDayToSecond(microseconds)


def test_parameters_are_stored_as_what_they_are(admin: Client, schema: str) -> None:
    admin(f"CREATE TABLE {schema}.t (id INTEGER, m INTERVALY2M, d INTERVALD2S)")
    rows = [
        (number, IntervalYearToMonth(months), IntervalDayToSecond(microseconds))
        for number, ((_, months), (_, microseconds)) in enumerate(zip(MONTHS, MICROSECONDS, strict=True))
    ]
    for row in rows:
        admin(f"INSERT INTO {schema}.t VALUES (%s, %s, %s)", *row)
    admin(f"INSERT INTO {schema}.t (id) VALUES (99)")
    assert admin(f"SELECT id, m, d FROM {schema}.t ORDER BY id") == [*rows, (99, None, None)]


def test_columns_have_redshift_s_type_numbers_and_an_interval_without_fields_keeps_its_own(admin: Client) -> None:
    with admin.connection.cursor() as cursor:
        cursor.execute("SELECT '1-1'::intervaly2m AS m, '1 day'::intervald2s AS d, INTERVAL '1 day' AS i")
        assert [one[1] for one in cursor.description] == [1188, 1190, 1186]


def test_psql_shows_intervals_as_texts(engine: Engine) -> None:
    assert psql(engine, "SELECT '1-1'::intervaly2m, '1 02:03:04'::intervald2s").stdout == (
        "1 year 1 mon|1 day 02:03:04\n"
    )


@pytest.mark.parametrize(
    ("kind", "value"),
    [(intervals.YEAR_TO_MONTH, (7).to_bytes(4, "big")), (intervals.DAY_TO_SECOND, (-DAY - 1).to_bytes(8, "big", signed=True))],
)  # fmt: skip
def test_a_value_comes_back_as_it_was_sent(kind: int, value: bytes) -> None:
    assert intervals.from_server(intervals.to_server(value, kind), kind) == value


def test_a_value_of_another_size_is_malformed() -> None:
    with pytest.raises(ValueError, match="another size"):
        intervals.to_server(b"\0" * 8, intervals.YEAR_TO_MONTH)


def test_a_bind_message_keeps_all_but_the_intervals() -> None:
    months = (13).to_bytes(4, "big")
    values = b"".join(wire.value(each) for each in (b"text", None, months))
    body = b"portal\0name\0" + b"\0\x03\0\0\0\0\0\1" + b"\0\3" + values + b"\0\1\0\1"
    whole = wire.message(b"B", body)
    said = wire.read_bind(whole)
    assert (said.values, said.formats, said.column_formats) == ((b"text", None, months), (0, 0, 1), (1,))
    changed = intervals.bound(whole, said, {1: intervals.DAY_TO_SECOND, 2: intervals.YEAR_TO_MONTH})
    again = wire.read_bind(changed)
    assert again.values == (b"text", None, b"\0" * 12 + months)
    assert changed.endswith(b"\0\1\0\1")
    assert changed[5:].startswith(b"portal\0name\0\0\x03")
    assert intervals.bound(whole, said, {}) == whole

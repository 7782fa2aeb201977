"""VARBYTE on the wire: its number, its digits, and parameters of it."""

from __future__ import annotations

import pytest

from tests.local.conftest import Client
from tests.local.test_wire import psql
from veil.local import Engine


@pytest.mark.parametrize("value", [b"", b"abc", b"\x00\xff\\x", "\U0001f600".encode()])
def test_bytes_come_back_as_the_hexadecimal_digits_that_the_driver_gives(
    admin: Client, schema: str, value: bytes
) -> None:
    admin(f"CREATE TABLE {schema}.t (id INTEGER, v VARBYTE)")
    admin(f"INSERT INTO {schema}.t VALUES (1, %s)", value)
    admin(f"INSERT INTO {schema}.t VALUES (2, NULL)")
    assert admin(f"SELECT v, id FROM {schema}.t ORDER BY id") == [(value.hex(), 1), (None, 2)]


def test_a_literal_is_the_bytes_of_its_text_which_the_driver_decodes(admin: Client) -> None:
    assert admin.one("SELECT 'abc'::varbyte") == "abc"


def test_the_column_has_redshift_s_type_number(admin: Client) -> None:
    with admin.connection.cursor() as cursor:
        cursor.execute("SELECT 'abc'::varbyte AS v, 1 AS n")
        assert [one[1] for one in cursor.description] == [6551, 23]


def test_psql_shows_the_digits(engine: Engine) -> None:
    assert psql(engine, "SELECT 'abc'::varbyte, 1").stdout == "616263|1\n"

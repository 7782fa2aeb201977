"""No text that is computed has more than 65,535 bytes.

Source: Amazon Redshift Database Developer Guide, "Character types" and "LISTAGG function".
"""

from __future__ import annotations

import pytest

from tests.local.conftest import Client, ServerError

# Expressions that give one byte more than there may be, over s.t (v VARCHAR(65535), n INTEGER):
# 65,535 bytes, and 1.
TOO_LONG = (
    "v || 'b'",
    "'b' || v",
    "v || n",
    "CONCAT(v, 'b')",
    "REPEAT('é', 32768)",
    "REPLICATE('ab', 32768)",
    "REPEAT('a', 2000000000)",
    "REPLACE(LEFT(v, 40000), 'a', 'bb')",
    "LPAD('a', 65536, 'b')",
    "RPAD('a', 65536)",
    "TRANSLATE(v, 'a', 'é')",
    "REGEXP_REPLACE(LEFT(v, 40000), 'a', 'bb')",
    "REGEXP_REPLACE(LEFT(v, 40000), 'a', 'bb', 1, 'p')",
)
FIT = (
    "LEFT(v, 65534) || 'b'",
    "LEFT(v, 65534) || n",
    "CONCAT(LEFT(v, 65534), 'b')",
    "REPEAT('é', 32767) || 'a'",
    "REPLACE(v, 'a', 'b')",
    "LPAD('a', 65535, 'b')",
    "LISTAGG(v) WITHIN GROUP (ORDER BY n)",
)


@pytest.fixture
def long(admin: Client, schema: str) -> str:
    admin(f"CREATE TABLE {schema}.t AS SELECT CAST(REPEAT('a', 65535) AS VARCHAR(65535)) AS v, 1 AS n")
    return schema


@pytest.mark.parametrize("expression", TOO_LONG)
def test_a_text_of_more_than_65535_bytes_is_refused(admin: Client, long: str, expression: str) -> None:
    with pytest.raises(ServerError) as refused:
        admin(f"SELECT {expression} FROM {long}.t")
    assert refused.value.code == "22001"
    assert "65535" in refused.value.message


@pytest.mark.parametrize("expression", FIT)
def test_a_text_of_65535_bytes_is_none_too_long(admin: Client, long: str, expression: str) -> None:
    assert admin.one(f"SELECT OCTET_LENGTH({expression}) FROM {long}.t") == 65535


def test_what_listagg_joins_has_the_same_limit(admin: Client, long: str) -> None:
    admin(f"INSERT INTO {long}.t VALUES ('b', 2)")
    with pytest.raises(ServerError) as refused:
        admin(f"SELECT LISTAGG(v) FROM {long}.t")
    assert refused.value.message == "Result size exceeds LISTAGG limit"


def test_a_procedure_cannot_put_more_together_either(admin: Client, long: str) -> None:
    admin(
        f"CREATE PROCEDURE {long}.p(INOUT found INTEGER) AS $$ DECLARE whole VARCHAR(MAX) := ''; BEGIN "
        f"SELECT v INTO whole FROM {long}.t; whole := whole || 'b'; found := 1; END; $$ LANGUAGE plpgsql"
    )
    with pytest.raises(ServerError) as refused:
        admin(f"CALL {long}.p(0)")
    assert refused.value.code == "22001"


def test_the_text_of_a_view_is_no_value(admin: Client, long: str) -> None:
    many = ", ".join(f"CASE WHEN n = {number} THEN v END AS column_number_{number}" for number in range(1500))
    for binding in ("", " WITH NO SCHEMA BINDING"):
        admin(f"CREATE OR REPLACE VIEW {long}.v{len(binding)} AS SELECT {many} FROM {long}.t{binding}")
        assert admin.one(f"SELECT COUNT(column_number_1) FROM {long}.v{len(binding)}") == 1
        assert len(admin.one(f"SHOW VIEW {long}.v{len(binding)}")) > 65535
    admin(f"CREATE VIEW {long}.over AS SELECT * FROM {long}.v{len(' WITH NO SCHEMA BINDING')}")
    assert admin.one(f"SELECT COUNT(column_number_1) FROM {long}.over") == 1

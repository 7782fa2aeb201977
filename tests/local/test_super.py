"""SUPER: parsing, navigation, unnesting, casts, and what a driver reads."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.local.conftest import Client, ServerError


@pytest.fixture
def orders(admin: Client, schema: str) -> str:
    """A table with one SUPER column."""
    admin(f"CREATE TABLE {schema}.t (id INTEGER, doc SUPER)")
    document = '{"a": {"b": [10, {"c": "deep"}]}, "items": [{"n": "x", "q": 1}, {"n": "y", "q": 2}], "s": "text", "yes": true, "no": null}'
    admin(f"INSERT INTO {schema}.t VALUES (1, JSON_PARSE('{document}')), (2, JSON_PARSE('[]')), (3, NULL)")
    return f"{schema}.t"


def test_a_driver_reads_json_text_without_blanks(admin: Client, orders: str) -> None:
    assert admin.one(f"SELECT t.doc.items FROM {orders} AS t WHERE id = 1") == '[{"n":"x","q":1},{"n":"y","q":2}]'
    assert admin(f"SELECT doc FROM {orders} WHERE id > 1 ORDER BY id") == [("[]",), (None,)]


def test_the_type_is_redshift_s_own(admin: Client, orders: str) -> None:
    with admin.connection.cursor() as cursor:
        cursor.execute(f"SELECT doc, id FROM {orders}")
        assert cursor.description[0][1] == 4000


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("t.doc.s", '"text"'),
        ("t.doc.s::varchar", "text"),
        ("t.doc.a.b[0]", "10"),
        ("t.doc.a.b[0]::integer", 10),
        ("t.doc.a.b[1].c::varchar", "deep"),
        ('t."doc"."a"."b"[1]."c"::varchar(2)', "de"),
        ("t.doc.items[0].n::varchar", "x"),
        ("t.doc.absent", None),
        ("t.doc.s.further[3]", None),
        ("t.doc.yes::boolean", True),
        ("t.doc.no::varchar", None),
        ("t.doc.a::varchar", None),
        ("t.doc.s::integer", None),
        ("NVL(t.doc.absent::varchar, 'none')", "none"),
        ("json_typeof(t.doc.a.b)", "array"),
        ("upper(t.doc.s::varchar)", "TEXT"),
    ],
)
def test_a_path_leads_into_a_value(admin: Client, orders: str, path: str, value: object) -> None:
    assert admin.one(f"SELECT {path} FROM {orders} AS t WHERE t.id = 1") == value


def test_a_path_names_its_column_by_its_last_field(admin: Client, orders: str) -> None:
    assert admin(
        f"SELECT x.s::varchar, x.b FROM (SELECT t.doc.s, NVL(t.doc.no, t.doc.yes) AS y, t.doc.a.b FROM {orders} AS t) AS x WHERE x.y::boolean"
    ) == [("text", '[10,{"c":"deep"}]')]


def test_values_compare_by_what_they_hold(admin: Client, orders: str) -> None:
    assert admin(f"SELECT id FROM {orders} AS t WHERE t.doc.s = 'text'") == [(1,)]
    assert admin(f"SELECT id FROM {orders} AS t WHERE t.doc.s = 5") == []
    assert admin(f"SELECT id FROM {orders} AS t WHERE t.doc.a.b[0] = 10") == [(1,)]
    assert admin(f"SELECT COUNT(DISTINCT t.doc) FROM {orders} AS t") == [(2,)]


def test_an_array_in_from_gives_one_row_per_element(admin: Client, orders: str) -> None:
    assert admin(f"SELECT t.id, i.n::varchar, i.q::int FROM {orders} AS t, t.doc.items AS i ORDER BY 2") == [
        (1, "x", 1),
        (1, "y", 2),
    ]
    assert admin(f"SELECT i FROM {orders} t, t.doc.items i WHERE i.n = 'y'") == [('{"n":"y","q":2}',)]
    assert admin(f"SELECT at_i, i.n::varchar FROM {orders} t, t.doc.items AS i AT at_i ORDER BY 1") == [
        (0, "x"),
        (1, "y"),
    ]


def test_arrays_in_arrays_unnest_one_after_the_other(admin: Client) -> None:
    nested = """(SELECT JSON_PARSE('[{"k": [1, 2]}, {"k": [3]}, {}]') AS b) AS t"""
    assert admin(f"SELECT y::int FROM {nested}, t.b AS x, x.k AS y ORDER BY 1") == [(1,), (2,), (3,)]
    assert admin(
        "SELECT e::int FROM (SELECT JSON_PARSE('[[1, 2], [3]]') AS m) AS f, f.m AS arr, arr AS e ORDER BY 1"
    ) == [(1,), (2,), (3,)]


def test_what_is_no_array_gives_no_rows(admin: Client, orders: str) -> None:
    assert admin(f"SELECT x FROM {orders} AS t, t.doc.s AS x") == []
    assert admin(f"SELECT x FROM {orders} AS t, t.doc.absent AS x") == []


def test_a_schema_s_name_is_not_taken_for_an_alias(admin: Client, schema: str) -> None:
    admin(f"CREATE TABLE {schema}.lookup AS SELECT 1 AS id")
    admin(f"CREATE TABLE {schema}.t AS SELECT 1 AS id")
    assert admin(
        f"SELECT {schema}.id FROM {schema}.t AS {schema} WHERE {schema}.id IN (SELECT id FROM {schema}.lookup)"
    ) == [(1,)]
    assert admin(f"SELECT {schema}.t.id FROM {schema}.t") == [(1,)]


def test_a_batch_comes_into_a_procedure_as_one_json_text(admin: Client, schema: str) -> None:
    admin(f"CREATE TABLE {schema}.t (name VARCHAR, kind VARCHAR, expires TIMESTAMP)")
    admin(
        f"""CREATE PROCEDURE {schema}.load(payload VARCHAR(65535)) AS $$
        BEGIN
          INSERT INTO {schema}.t
          SELECT x.name::varchar, k::varchar, x.expires::timestamp
          FROM (SELECT JSON_PARSE(payload) AS b) AS t, t.b AS x, x.kinds AS k;
        END $$ LANGUAGE plpgsql"""
    )
    batch = json.dumps(
        [
            {"name": 'O\'Neil \\ "q" é\n', "kinds": ["a", "b"], "expires": None},
            {"name": "n", "kinds": []},
            {"name": "m", "kinds": ["c"], "expires": "2030-01-01 00:00:00"},
        ]
    )
    literal = batch.replace("\\", "\\\\").replace("'", "''")
    admin(f"CALL {schema}.load('{literal}')")
    rows = admin(f"SELECT name, kind, expires::varchar FROM {schema}.t ORDER BY kind")
    assert rows == [
        ('O\'Neil \\ "q" é\n', "a", None),
        ('O\'Neil \\ "q" é\n', "b", None),
        ("m", "c", "2030-01-01 00:00:00"),
    ]


def test_scalars_become_super_and_text_is_never_read_as_json(admin: Client, orders: str) -> None:
    admin(f"INSERT INTO {orders} VALUES (10, 5), (11, true)")
    assert admin(f"SELECT doc FROM {orders} WHERE id IN (10, 11) ORDER BY id") == [("5",), ("true",)]
    with pytest.raises(ServerError, match="JSON_PARSE") as error:
        admin(f"INSERT INTO {orders} VALUES (12, '{{}}')")
    assert "SUPER" in error.value.message


def test_arrays_are_made_and_searched(admin: Client) -> None:
    assert admin.one("SELECT ARRAY(1, 'a', NULL)") == '[1,"a",null]'
    assert admin.one("SELECT ARRAY()") == "[]"
    assert admin.one("SELECT ARRAY_CONTAINS(ARRAY('a', 'b'), 'b')") is True
    assert admin.one("SELECT ARRAY_CONTAINS(JSON_PARSE('[1, 2]'), 3)") is False
    assert admin.one("SELECT GET_ARRAY_LENGTH(SPLIT_TO_ARRAY('a|b', '|'))") == 2
    assert admin.one("SELECT SUBARRAY(JSON_PARSE('[1,2,3]'), 1, 2)") == "[2,3]"
    assert admin.one("SELECT ARRAY_CONCAT(ARRAY(1), ARRAY(2))") == "[1,2]"


def test_json_in_text_is_checked_and_searched(admin: Client) -> None:
    assert admin.one("SELECT IS_VALID_JSON('{\"a\": 1}')") is True
    assert admin.one("SELECT IS_VALID_JSON('{a}')") is False
    assert admin.one("SELECT CAN_JSON_PARSE('[1')") is False
    assert admin.one("""SELECT JSON_EXTRACT_PATH_TEXT('{"a": {"b": "c"}}', 'a', 'b')""") == "c"
    assert admin.one("""SELECT JSON_EXTRACT_PATH_TEXT('{"a": 1}', 'x')""") == ""
    assert admin.one("SELECT JSON_EXTRACT_PATH_TEXT('nothing', 'x', true)") is None
    for expression in ("JSON_EXTRACT_PATH_TEXT('nothing', 'x')", "JSON_PARSE('{')"):
        with pytest.raises(ServerError):
            admin(f"SELECT {expression}")


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(values)
def test_any_json_value_survives_and_loses_only_blanks(admin: Client, value: object) -> None:
    (row,) = admin("SELECT JSON_PARSE(%s), JSON_SERIALIZE(JSON_PARSE(%s))", json.dumps(value), json.dumps(value))
    assert json.loads(row[0]) == json.loads(row[1]) == value
    if isinstance(value, (list, dict)):
        assert row[0] == row[1]

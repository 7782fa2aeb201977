"""Aliases that are used further on in the SELECT list that gives them."""

from __future__ import annotations

import pytest

from tests.local.conftest import Client, ServerError


@pytest.fixture
def table(admin: Client, schema: str) -> str:
    """A table with the columns a and n, beside one that has a column b."""
    admin(f"CREATE TABLE {schema}.t (a INTEGER, n VARCHAR(10))")
    admin(f"INSERT INTO {schema}.t VALUES (1, 'x'), (2, 'y')")
    admin(f"CREATE TABLE {schema}.other (a INTEGER, b INTEGER)")
    admin(f"INSERT INTO {schema}.other VALUES (1, 100), (2, 200)")
    return f"{schema}.t"


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("SELECT a * 10 AS b, b + 1 AS c FROM {t} ORDER BY a", [(10, 11), (20, 21)]),
        ("SELECT a * 10 b, b + 1 c, c * b FROM {t} ORDER BY a", [(10, 11, 110), (20, 21, 420)]),
        ("SELECT a AS b, b FROM {t} AS q ORDER BY 1", [(1, 1), (2, 2)]),
        ("SELECT 1 AS one, one + 1 AS two, two + one", [(1, 2, 3)]),
        ('SELECT a AS "B", b + 1 FROM {t} ORDER BY 1', [(1, 2), (2, 3)]),
        ("SELECT UPPER(n) AS big, LOWER(big) || big FROM {t} ORDER BY 1", [("X", "xX"), ("Y", "yY")]),
        ("SELECT DISTINCT n AS m, CASE WHEN m = 'x' THEN m ELSE 'z' END FROM {t} ORDER BY 1", [("x", "x"), ("y", "z")]),
        ("SELECT SUM(a) AS s, s * 2 AS d, COUNT(*) AS c, s / c FROM {t}", [(3, 6, 2, 1)]),
        ("SELECT n AS m, MAX(a) AS top_a, top_a + 1 FROM {t} GROUP BY n ORDER BY 1", [("x", 1, 2), ("y", 2, 3)]),
        ("SELECT ROW_NUMBER() OVER (ORDER BY a DESC) AS r, r + 1 FROM {t} ORDER BY r", [(1, 2), (2, 3)]),
        ("SELECT t.a AS k, k + o.b FROM {t} AS t JOIN {o} AS o ON t.a = o.a ORDER BY 1", [(1, 101), (2, 202)]),
        ("SELECT k, m FROM (SELECT a AS k, k * 2 AS m FROM {t}) AS q ORDER BY 1", [(1, 2), (2, 4)]),
        (
            "WITH w AS (SELECT a AS k, k * 2 AS m FROM {t}) SELECT m AS k, k + 1 AS z FROM w ORDER BY 1",
            [(2, 2), (4, 3)],
        ),
        ("SELECT (SELECT MAX(b) FROM {o}) AS b, b + 1 FROM {t} ORDER BY a", [(200, 201), (200, 201)]),
        ("SELECT TOP 1 a AS b, b + 1 FROM {t} ORDER BY a", [(1, 2)]),
    ],
)
def test_an_alias_is_known_further_on_in_its_list(
    admin: Client, table: str, query: str, rows: list[tuple[object, ...]]
) -> None:
    assert admin(query.format(t=table, o=table.replace(".t", ".other"))) == rows


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("SELECT a * 10 AS b, b + 1 AS c FROM {o} ORDER BY a", [(10, 101), (20, 201)]),
        ("SELECT a + 1 AS a, a FROM {o} ORDER BY 2", [(2, 1), (3, 2)]),
        ("SELECT t.a AS b, b FROM {t} AS t JOIN {o} AS o ON t.a = o.a ORDER BY 1", [(1, 100), (2, 200)]),
        ("SELECT a AS b, (SELECT MAX(b) FROM {o}) FROM {t} ORDER BY 1", [(1, 200), (2, 200)]),
        (
            "SELECT a AS at, a AS zone, a AS time, '2024-01-01 00:00+00'::TIMESTAMPTZ AT TIME ZONE 'UTC' = '2024-01-01' "
            "FROM {t} WHERE a = 1",
            [(1, 1, 1, True)],
        ),
        ("SELECT a AS first, ROW_NUMBER() OVER (ORDER BY n NULLS FIRST) FROM {t} ORDER BY 1", [(1, 1), (2, 2)]),
        (
            "SELECT a AS day, DATEDIFF(day, '2024-01-01'::DATE, '2024-01-03'::DATE) FROM {t} ORDER BY 1",
            [(1, 2), (2, 2)],
        ),
    ],
)
def test_a_column_of_from_comes_before_an_alias(
    admin: Client, table: str, query: str, rows: list[tuple[object, ...]]
) -> None:
    assert admin(query.format(t=table, o=table.replace(".t", ".other"))) == rows


@pytest.mark.parametrize("ending", ["", " WITH NO SCHEMA BINDING"])
def test_a_view_may_be_made_so(admin: Client, table: str, schema: str, ending: str) -> None:
    admin(f"CREATE VIEW {schema}.v AS SELECT a * 10 AS b, b + 1 AS c FROM {table}{ending}")
    assert admin(f"SELECT b, c FROM {schema}.v ORDER BY b") == [(10, 11), (20, 21)]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT b + 1 AS c, a AS b FROM {t}",
        "SELECT a AS b, t.b FROM {t} AS t",
        "SELECT a AS b FROM {t} WHERE b = 1",
        "SELECT a AS b, b AS b2, c FROM {t}",
    ],
)
def test_an_alias_is_not_known_elsewhere(admin: Client, table: str, query: str) -> None:
    with pytest.raises(ServerError) as error:
        admin(query.format(t=table))
    assert error.value.code == "42703"


def test_aliases_that_grow_out_of_hand_are_refused(admin: Client) -> None:
    items = ", ".join(f"x{at} || x{at} AS x{at + 1}" for at in range(40))
    with pytest.raises(ServerError) as error:
        admin(f"SELECT 'a' AS x0, {items}")
    assert error.value.code == "54001"

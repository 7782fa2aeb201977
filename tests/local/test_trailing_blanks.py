"""Trailing blanks mean nothing wherever CHAR and VARCHAR values are compared, and only there."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.engine import connect
from veil.local import Engine

ROWS = (
    "(1, 'x', 'x')",
    "(2, 'x ', 'x ')",
    "(3, 'x  y', 'z')",
    "(4, 'x  ', 'z')",
    "(5, NULL, NULL)",
    "(6, '', '')",
    "(7, ' ', ' ')",
)


@pytest.fixture(scope="module")
def cursor(engine: Engine) -> Iterator[Any]:
    address = engine.address()
    assert address is not None
    with connect(address) as connection:
        found = connection.cursor()
        found.execute("CREATE TABLE blanks (n INTEGER, a VARCHAR(10), b CHAR(5))")
        found.execute(f"INSERT INTO blanks VALUES {', '.join(ROWS)}")
        yield found
        found.execute("DROP TABLE blanks")


def ask(cursor: Any, query: str) -> list[tuple[Any, ...]]:
    cursor.execute(query)
    return [tuple(row) for row in cursor.fetchall()]


@pytest.mark.parametrize(
    "test",
    [
        "a = 'x'",
        "a = 'x   '",
        "a IN ('q', 'x ')",
        "NOT a <> 'x'",
        "a BETWEEN 'x ' AND 'x'",
        "NOT (a < 'x' OR a > 'x  ')",
        "NULLIF(a, 'x') IS NULL AND a IS NOT NULL",
        "CASE a WHEN 'x' THEN TRUE END",
        "DECODE(a, 'x', 1) = 1",
        "a IN (SELECT b FROM blanks WHERE n = 1)",
        "EXISTS (SELECT 1 FROM blanks AS o WHERE o.n = 1 AND o.b = blanks.a)",
        "NOT a IN (SELECT o.a FROM blanks AS o WHERE o.a <> 'x')",
    ],
)
def test_a_comparison_ignores_them(cursor: Any, test: str):
    assert ask(cursor, f"SELECT n FROM blanks WHERE {test} ORDER BY n") == [(1,), (2,), (4,)]


@pytest.mark.parametrize("off", [(), ("hashjoin",), ("hashjoin", "mergejoin")], ids=["hash", "merge", "nested loop"])
def test_a_join_ignores_them(cursor: Any, off: tuple[str, ...]):
    for method in off:
        cursor.execute(f"SET enable_{method} TO off")
    try:
        same = "SELECT o.n, i.n FROM blanks AS o JOIN blanks AS i ON o.a = i.a AND o.n < i.n ORDER BY 1, 2"
        assert ask(cursor, same) == [(1, 2), (1, 4), (2, 4), (6, 7)]
        assert ask(cursor, same.replace("= i.a", "= i.b")) == [(1, 2), (6, 7)]
    finally:
        for method in off:
            cursor.execute(f"RESET enable_{method}")


def test_groups_and_sets_ignore_them(cursor: Any):
    assert ask(cursor, "SELECT MIN(n), COUNT(*) FROM blanks GROUP BY a ORDER BY 1") == [(1, 3), (3, 1), (5, 1), (6, 2)]
    assert ask(cursor, "SELECT COUNT(DISTINCT a), COUNT(DISTINCT b) FROM blanks") == [(3, 3)]
    assert len(ask(cursor, "SELECT DISTINCT a FROM blanks")) == 4
    assert len(ask(cursor, "SELECT a FROM blanks UNION SELECT b FROM blanks")) == 5
    assert len(ask(cursor, "SELECT a FROM blanks INTERSECT SELECT 'x   '")) == 1
    ranked = "SELECT n, RANK() OVER (ORDER BY a), COUNT(*) OVER (PARTITION BY a) FROM blanks WHERE n < 5 ORDER BY n"
    assert ask(cursor, ranked) == [(1, 1, 3), (2, 1, 3), (3, 4, 1), (4, 1, 3)]


def test_what_is_no_comparison_sees_them(cursor: Any):
    assert ask(cursor, "SELECT n FROM blanks WHERE a LIKE 'x' ORDER BY n") == [(1,)]
    assert ask(cursor, "SELECT LEN(a), LEN(b), a || '|' FROM blanks WHERE n IN (2, 4) ORDER BY n") == [
        (2, 1, "x |"),
        (3, 1, "x  |"),
    ]
    assert ask(cursor, "SELECT n FROM blanks WHERE a || '|' = 'x |'") == [(2,)]
    assert ask(cursor, "SELECT n FROM blanks WHERE SHA2(a, 256) = SHA2('x ', 256)") == [(2,)]

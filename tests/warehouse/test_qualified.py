"""No statement that the provider sends leaves a name to the search_path."""

import pytest

from tests.qualified import unqualified
from tests.warehouse import sending


@pytest.mark.parametrize("statements", [sending.installing, sending.templates, sending.writing, sending.views])
def test_every_name_in_a_fixed_statement_has_its_schema(statements: object) -> None:
    assert callable(statements)
    given = list(statements())
    assert len(given) > 10
    assert {each: found for each in given if (found := unqualified(each))} == {}


def test_every_name_in_a_statement_that_is_put_together_in_code_has_its_schema() -> None:
    given = list(sending.in_code())
    assert len(given) > 40
    assert {where: found for where, text in given if (found := unqualified(text))} == {}


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("SELECT QUOTE_IDENT(n.nspname) FROM pg_catalog.pg_namespace AS n", ["the function QUOTE_IDENT"]),
        ("SELECT evil.count(1)", ["the function evil.COUNT"]),
        ('SELECT 1 FROM "s".t AS a, pg_user AS b WHERE a.x IN (1, 2)', ["the relation pg_user"]),
        ('SELECT 1 FROM "s".t LEFT JOIN runtime ON TRUE', ["the relation runtime"]),
        ('WITH a AS (SELECT 1 FROM "s".t), b AS (SELECT 2 FROM a) SELECT 3 FROM b, c', ["the relation c"]),
        ("INSERT INTO salt (a) VALUES (1)", ["the function SALT", "the relation salt"]),
        ("UPDATE revision SET revision = 1", ["the relation revision"]),
        ("LOCK TABLE writer", ["the relation writer"]),
        ('SELECT o.a FROM "s".t AS x, x.items AS o', ["the alias x, which a schema may be called as well"]),
        ('SELECT o.a FROM "s".t AS pg_batch, pg_batch.items AS o', []),
        ("SELECT CAST(1 AS text), 'x'::regclass", ["the type text", "the type regclass"]),
        (
            'CREATE PROCEDURE "p".f() AS $$ BEGIN SELECT MAX(a) INTO b FROM x; END; $$ LANGUAGE plpgsql',
            ["the function MAX", "the relation x"],
        ),
        ("REVOKE SELECT (a) ON \"s\".t FROM PUBLIC", []),
        ("SELECT CAST(EXTRACT(year FROM t.d) AS INTEGER) FROM \"s\".t AS t", []),
        ("SELECT 'evil(1) FROM evil', pg_catalog.count(1)", []),
        ('SELECT r.a FROM (SELECT b FROM "s".t) AS r (a)', []),
        ('SELECT r.a FROM (SELECT evil(b) FROM "s".t) AS r (a)', ["the function EVIL"]),
    ],
)  # fmt: skip
def test_what_is_left_to_the_search_path_is_found(sql: str, found: list[str]) -> None:
    assert sorted(unqualified(sql)) == sorted(found)

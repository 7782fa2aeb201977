"""SHOW VIEW, SHOW TABLES and their kin, answered by functions and views of the catalog."""

from __future__ import annotations

from veil.local.rewrite.edits import Sql
from veil.local.rewrite.errors import unsupported
from veil.local.rewrite.lexer import Kind, quote_string
from veil.local.rewrite.result import Rewritten

OBJECTS = frozenset(
    {
        "view",
        "table",
        "tables",
        "columns",
        "schemas",
        "databases",
        "procedure",
        "procedures",
        "functions",
        "grants",
        "external",
        "model",
    }
)


def show_object(sql: Sql, start: int, end: int) -> Rewritten:
    """SHOW VIEW s.v, SHOW DATABASES, SHOW SCHEMAS FROM DATABASE d, SHOW TABLES FROM SCHEMA d.s, SHOW COLUMNS FROM TABLE d.s.t."""
    kind = sql.word(start + 1)
    if kind == "view":
        name = quote_string(sql.render(start + 2, end))
        return Rewritten(f'SELECT pg_veil.view_text({name}::regclass) AS "View Definition"', "SHOW")
    if kind == "procedure":
        name = quote_string(sql.render(start + 2, end))
        return Rewritten(
            f'SELECT pg_veil.procedure_text({name}::regprocedure) AS "Stored Procedure Definition"', "SHOW"
        )
    if kind in ("databases", "schemas", "tables", "columns"):
        return Rewritten(_listing(sql, kind, start + 2, end), "SHOW")
    raise unsupported(f"SHOW {kind.upper()}", "This limit is the local engine's, not Redshift's.")


def _listing(sql: Sql, kind: str, at: int, end: int) -> str:
    parts: list[str] = []
    if sql.word(at) == "from":
        at += 2
        while at < end and sql.is_name(at) and sql.word(at) not in ("like", "limit"):
            parts.append(sql.name(at))
            at += 2 if sql.word(at + 1) == "." else 1
    pattern = sql.raw(at + 1, at + 2) if sql.word(at) == "like" else "'%'"
    limit = next(
        (
            sql.raw(k + 1, k + 2)
            for k in range(at, end - 1)
            if sql.word(k) == "limit" and sql.tokens[k + 1].kind is Kind.NUMBER
        ),
        "10000",
    )
    wanted = dict(zip(("table_name", "schema_name", "database_name"), [*reversed(parts)], strict=False))
    if kind == "tables":
        wanted = dict(zip(("schema_name", "database_name"), [*reversed(parts)], strict=False))
    elif kind == "schemas":
        wanted = dict(zip(("database_name",), parts, strict=False))
    elif kind == "databases":
        wanted = {}
    tests = [f"{column} = {quote_string(value)}" for column, value in wanted.items()]
    name = {"databases": "database_name", "schemas": "schema_name", "tables": "table_name", "columns": "column_name"}[
        kind
    ]
    tests.append(f"{name} LIKE {pattern}")
    order = "ordinal_position" if kind == "columns" else name
    return f"SELECT * FROM pg_veil.show_{kind} WHERE {' AND '.join(tests)} ORDER BY {order} LIMIT {limit}"

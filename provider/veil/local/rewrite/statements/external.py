"""External schemas and tables (Spectrum); external functions are those of `lambdas`.

Source: Amazon Redshift Database Developer Guide, CREATE EXTERNAL SCHEMA, CREATE EXTERNAL TABLE,
ALTER TABLE, DROP SCHEMA.
"""

from __future__ import annotations

import json

from veil.local.rewrite.edits import Sql
from veil.local.rewrite.errors import LOCAL_LIMIT, RefusalError, unsupported
from veil.local.rewrite.lexer import Kind, quote_string, string_value
from veil.local.rewrite.result import Rewritten
from veil.local.rewrite.statements import lambdas
from veil.local.rewrite.statements.external_table import column, table_definition

_NOT_SUPPORTED = RefusalError("0A000", "Operation not supported on external tables")


def create_external(sql: Sql, start: int, end: int) -> Rewritten:
    """CREATE EXTERNAL SCHEMA, CREATE EXTERNAL TABLE and CREATE [OR REPLACE] EXTERNAL FUNCTION."""
    at = start + (3 if sql.words(start + 1, 2) == ("or", "replace") else 1)
    kind = sql.word(at + 1)
    if kind == "function":
        return lambdas.create_function(sql, start, at + 2, end)
    if kind in ("schema", "table") and at == start + 1:
        return (_create_schema if kind == "schema" else _create_table)(sql, at + 2, end)
    raise unsupported(f"CREATE EXTERNAL {kind.upper()}", LOCAL_LIMIT)


def _create_schema(sql: Sql, at: int, end: int) -> Rewritten:
    if_not_exists = sql.words(at, 3) == ("if", "not", "exists")
    if if_not_exists:
        at += 3
    name = sql.name(at)
    if sql.words(at + 1, 4) != ("from", "data", "catalog", "database"):
        raise unsupported("An external schema from anything but DATA CATALOG DATABASE", LOCAL_LIMIT)
    database = string(sql, at + 5).lower()
    make = False
    options: dict[str, str] = {}
    at += 6
    while at < end:
        if sql.words(at, 3) == ("create", "external", "database"):
            make = True
            at += 6 if sql.words(at + 3, 3) == ("if", "not", "exists") else 3
        elif sql.word(at) in ("iam_role", "region", "catalog_id", "catalog_role"):
            options[sql.word(at).upper()] = "default" if sql.word(at + 1) == "default" else string(sql, at + 1)
            at += 2
        else:
            raise RefusalError("42601", f'syntax error at or near "{sql.raw(at, at + 1)}"')
    if "IAM_ROLE" not in options:
        raise RefusalError("42601", "CREATE EXTERNAL SCHEMA needs an IAM_ROLE", "Any will do for the local engine.")
    names = f"{quote_string(name)}, {str(if_not_exists).lower()}, {quote_string(database)}"
    arguments = f"{names}, {str(make).lower()}, {quote_string(json.dumps(options))}"
    return Rewritten(f"CALL pg_veil.create_external_schema({arguments})", "CREATE SCHEMA")


def _create_table(sql: Sql, at: int, end: int) -> Rewritten:
    schema, name, at = qualified(sql, at)
    change: dict[str, object] = {
        "kind": "create_external_table",
        "table": name,
        "definition": table_definition(sql, at, end),
    }
    return _change(schema, change, "CREATE EXTERNAL TABLE")


def alter_table(sql: Sql, start: int, end: int) -> Rewritten:
    """ALTER TABLE of an external table: its partitions, columns and location."""
    schema, name, at = qualified(sql, start + 2)
    change: dict[str, object] = {"kind": "alter_external_table", "table": name}
    action = sql.words(at, 2)
    if sql.word(at) in ("add", "drop") and "partition" in sql.words(at + 1, 4):
        change |= {"action": f"{sql.word(at)} partition", "if_not_exists": sql.word(at + 1) == "if"}
        change["partitions"] = _partitions(sql, at + 1, end)
    elif action == ("set", "location"):
        change |= {"action": "set location", "location": string(sql, at + 2)}
    elif action == ("add", "column"):
        change |= {"action": "add column", "column": column(sql, at + 2, end)}
    elif action == ("drop", "column"):
        change |= {"action": "drop column", "column": sql.name(at + 2)}
    else:
        raise _NOT_SUPPORTED
    return _change(schema, change, "ALTER TABLE")


def _partitions(sql: Sql, at: int, end: int) -> list[dict[str, object]]:
    partitions: list[dict[str, object]] = []
    while at < end:
        if sql.word(at) == "partition":
            values = {sql.name(first): _partition_value(sql, first + 2, last) for first, last in sql.arguments(at + 1)}
            at = sql.closing(at + 1) + 1
            partitions.append({"values": values, "location": ""})
        elif sql.word(at) == "location" and partitions:
            partitions[-1]["location"] = string(sql, at + 1)
            at += 2
        else:
            at += 1
    return partitions


def _partition_value(sql: Sql, start: int, end: int) -> str:
    return string(sql, start) if sql.tokens[start].kind is Kind.STRING else sql.raw(start, end)


def drop_table(sql: Sql, start: int, end: int) -> Rewritten:
    """DROP TABLE of an external table: the data catalog forgets it, its files stay."""
    at = start + 2
    if_exists = sql.words(at, 2) == ("if", "exists")
    schema, name, following = qualified(sql, at + 2 if if_exists else at)
    if sql.word(following) == ",":
        raise unsupported("DROP TABLE of several external tables", LOCAL_LIMIT)
    return _change(schema, {"kind": "drop_external_table", "table": name, "if_exists": if_exists}, "DROP TABLE")


def drop_schema(sql: Sql, start: int, end: int) -> Rewritten:
    """DROP SCHEMA of an external schema: its tables stay in the data catalog unless DROP EXTERNAL
    DATABASE is said, too.
    """
    at = start + 2
    if_exists = sql.words(at, 2) == ("if", "exists")
    at += 2 if if_exists else 0
    name = sql.name(at)
    if sql.word(at + 1) == ",":
        raise unsupported("DROP SCHEMA of several schemas with an external one", LOCAL_LIMIT)
    with_database = any(sql.words(k, 3) == ("drop", "external", "database") for k in range(at, end))
    arguments = f"{quote_string(name)}, {str(if_exists).lower()}, {str(with_database).lower()}"
    return Rewritten(f"CALL pg_veil.drop_external_schema({arguments})", "DROP SCHEMA")


def is_external(sql: Sql, at: int) -> bool:
    """True if the name at a position is in an external schema of this database."""
    return sql.word(at + 1) == "." and sql.is_name(at) and sql.name(at) in sql.scope.external


def is_grant_on_all_tables(sql: Sql, start: int, end: int) -> bool:
    """True for GRANT and REVOKE ... ON ALL TABLES IN SCHEMA of an external schema, which change
    nothing.
    """
    return any(
        sql.words(at, 4) == ("all", "tables", "in", "schema") and sql.name(at + 4) in sql.scope.external
        for at in range(start, end - 4)
        if sql.is_name(at + 4)
    )


def refuse_write(sql: Sql, start: int, end: int) -> None:
    """Refuses what would change an external table's rows, its permissions or the kind of things in
    its schema.

    Raises:
        RefusalError: the statement would.
    """
    first = sql.word(start)
    skipped = ("into", "from", "table", "only", "if", "not", "exists", "or", "replace", "temp", "temporary", "view")
    if first in ("grant", "revoke"):
        named = [at + 1 for at in range(start, end) if sql.word(at) in ("on", "table", ",")]
    else:
        at = start + 1
        while sql.word(at) in skipped:
            at += 1
        named = [at]
    if any(is_external(sql, at) for at in named):
        if first == "insert":
            raise unsupported("INSERT into an external table", LOCAL_LIMIT)
        raise _NOT_SUPPORTED


def refuse_bound_view() -> RefusalError:
    """The refusal of a view over external tables that is not late-binding."""
    return RefusalError(
        "0A000",
        "External tables are not supported in views",
        "Please use late binding view and add 'with no schema binding' at the query end.",
    )


def qualified(sql: Sql, at: int) -> tuple[str, str, int]:
    """The schema and name at a position, and the token after them."""
    if sql.word(at + 1) != ".":
        raise RefusalError("42601", "an external table needs the name of its schema", "Write schema.table.")
    return sql.name(at), sql.name(at + 2), at + 3


def string(sql: Sql, at: int) -> str:
    """The value of the string at a position."""
    if at >= len(sql.tokens) or sql.tokens[at].kind is not Kind.STRING:
        raise RefusalError("42601", f'syntax error at or near "{sql.raw(at, at + 1) if at < len(sql.tokens) else ""}"')
    return string_value(sql.tokens[at].word)


def _change(schema: str, change: dict[str, object], tag: str) -> Rewritten:
    arguments = f"{quote_string(schema)}, {quote_string(json.dumps(change))}"
    return Rewritten(f"CALL pg_veil.change_external_table({arguments})", tag)

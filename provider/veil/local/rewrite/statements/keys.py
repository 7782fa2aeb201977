"""PRIMARY KEY, UNIQUE and FOREIGN KEY: Redshift enforces none of them and lists them all, so they
become notes beside the table.

Source: Amazon Redshift Database Developer Guide, "CREATE TABLE" (r_CREATE_TABLE_NEW) and "Defining
table constraints".
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from veil.local.rewrite.edits import Sql
from veil.local.rewrite.lexer import quote_name, quote_string
from veil.local.rewrite.result import Rewritten

WORDS = frozenset({"primary", "unique", "foreign", "constraint"})


@dataclass(frozen=True)
class Key:
    """A key as it was declared: its kind (p, u or f), its columns, its name if it was given one,
    and what a foreign key refers to.
    """

    kind: str
    columns: tuple[str, ...]
    name: str | None = None
    referenced: str | None = None  # a relation in SQL
    referenced_columns: tuple[str, ...] = ()

    def to_json(self) -> dict[str, object]:
        """What `pg_veil.note_keys` reads."""
        return {
            "kind": self.kind,
            "columns": self.columns,
            "name": self.name,
            "referenced": self.referenced,
            "referenced_columns": self.referenced_columns or None,
        }


def of_table(sql: Sql, at: int) -> list[Key]:
    """The keys that the bracket at `at` of a CREATE TABLE declares, for the table and for
    columns.
    """
    keys: list[Key] = []
    for start, end in sql.arguments(at):
        if is_constraint(sql, start):
            key = of_table_item(sql, start)
            keys += [key] if key is not None else []
        elif end > start + 1:
            keys += _of_column(sql, start, end)
    return keys


def is_constraint(sql: Sql, at: int) -> bool:
    """Whether a key stands here, with its name perhaps, and no column."""
    if sql.word(at) == "constraint":
        return sql.word(at + 2) in WORDS
    return sql.word(at) in WORDS and sql.word(at + 1) in ("key", "(")


def of_table_item(sql: Sql, at: int) -> Key | None:
    """The key of a table that is declared here; None if this is something else."""
    if not is_constraint(sql, at):
        return None
    name = None
    if sql.word(at) == "constraint":
        name, at = sql.name(at + 1), at + 2
    kind = sql.word(at)[0]
    bracket = at + (1 if kind == "u" else 2)
    if sql.word(bracket) != "(":
        return None
    columns = _names(sql, bracket)
    if kind != "f":
        return Key(kind, columns, name)
    return _referring(sql, sql.closing(bracket) + 2, columns, name)


def _of_column(sql: Sql, start: int, end: int) -> list[Key]:
    column = (sql.name(start),)
    keys: list[Key] = []
    for at in range(start + 1, end):
        if sql.words(at, 2) == ("primary", "key"):
            keys.append(Key("p", column))
        elif sql.word(at) == "unique":
            keys.append(Key("u", column))
        elif sql.word(at) == "references":
            keys.append(_referring(sql, at + 1, column, None))
    return keys


def _referring(sql: Sql, at: int, columns: tuple[str, ...], name: str | None) -> Key:
    after = _after_name(sql, at)
    referenced = _names(sql, after) if sql.word(after) == "(" else ()
    return Key("f", columns, name, relation(sql, at), referenced)


def after_reference(sql: Sql, at: int) -> int:
    """The token after `table [(columns)]`."""
    at = _after_name(sql, at)
    return sql.closing(at) + 1 if sql.word(at) == "(" else at


def relation(sql: Sql, at: int) -> str:
    """The dotted name at a position in SQL."""
    parts = [quote_name(sql.name(at))]
    while sql.word(at + 1) == ".":
        at += 2
        parts.append(quote_name(sql.name(at)))
    return ".".join(parts)


def _after_name(sql: Sql, at: int) -> int:
    at += 1
    while sql.word(at) == ".":
        at += 2
    return at


def _names(sql: Sql, bracket: int) -> tuple[str, ...]:
    return tuple(sql.name(first) for first, _ in sql.arguments(bracket))


def creating(statement: str, table: str, keys: Iterable[Key]) -> Rewritten:
    """A CREATE TABLE, and notes of its keys."""
    call = f"CALL pg_veil.create_table({quote_string(statement)}, {quote_string(table)}, {_json(keys)})"
    return Rewritten(call, "CREATE TABLE")


def adding(sql: Sql, at: int, table: str) -> Rewritten:
    """ALTER TABLE ... ADD [CONSTRAINT name] key."""
    key = of_table_item(sql, at)
    listed = [] if key is None else [key]
    return Rewritten(f"CALL pg_veil.add_keys({quote_string(table)}, {_json(listed)})", "ALTER TABLE")


def dropping(sql: Sql, at: int, table: str) -> Rewritten:
    """ALTER TABLE ... DROP CONSTRAINT name."""
    return Rewritten(f"CALL pg_veil.drop_key({quote_string(table)}, {quote_string(sql.name(at))})", "ALTER TABLE")


def _json(keys: Iterable[Key]) -> str:
    return quote_string(json.dumps([key.to_json() for key in keys])) + "::jsonb"

"""CREATE TABLE and ALTER TABLE: what concerns storage on a cluster goes, keys are informational and
become notes.
"""

from __future__ import annotations

from veil.local.rewrite.decimals import TYPE_MARK
from veil.local.rewrite.edits import OPENING, Sql
from veil.local.rewrite.errors import unsupported
from veil.local.rewrite.query import plan_query
from veil.local.rewrite.reserved import check_column
from veil.local.rewrite.result import Rewritten, nothing
from veil.local.rewrite.statements import keys
from veil.local.rewrite.statements.keys import Key, relation
from veil.local.rewrite.statements.types import column_type
from veil.local.rewrite.statements.views import typed


def create_table(sql: Sql, start: int, end: int) -> Rewritten:
    """CREATE [TEMP] TABLE [IF NOT EXISTS] name (...) attributes, or ... AS query."""
    at = next(k for k in range(start, end) if sql.word(k) == "table") + 1
    if sql.words(at, 3) == ("if", "not", "exists"):
        at += 3
    name = at
    at += 1
    while sql.word(at) == ".":
        at += 2
    head = sql.render(start, at)
    if sql.word(name).startswith("#") and not any(sql.word(k) in ("temp", "temporary") for k in range(start, name)):
        head = head.replace("table", "TEMP TABLE", 1) if "table" in head else head.replace("TABLE", "TEMP TABLE", 1)
    columns = ""
    noted: list[Key] = []
    if sql.word(at) == "(":
        noted = keys.of_table(sql, at)
        columns = " " + _columns(sql, at, sql.name(at - 1))
        at = sql.closing(at) + 1
    query = next((k for k in range(at, end) if sql.word(k) == "as"), None)
    if query is not None:
        # In a procedure the query may name variables, which no text of its own would have.
        plan_query(sql, query + 1, end, made=start == 0)
        text = f"{head}{columns} AS {sql.render(query + 1, end)}"
        return typed(Rewritten(text, "SELECT")) if TYPE_MARK in text and start == 0 else Rewritten(text)
    if not columns:
        return Rewritten(sql.render(start, end))
    if noted:
        return keys.creating(head + columns, relation(sql, name), noted)
    return Rewritten(head + columns)


def _columns(sql: Sql, at: int, table: str) -> str:
    items = sql.arguments(at)
    required = {name for start, _ in items for name in _primary_key(sql, start)}
    written = [text for item in items if (text := _item(sql, *item, table, required=required))]
    return "(" + ", ".join(written) + ")"


def _primary_key(sql: Sql, at: int) -> tuple[str, ...]:
    key = keys.of_table_item(sql, at)
    return key.columns if key is not None and key.kind == "p" else ()


def _item(sql: Sql, start: int, end: int, table: str, *, required: set[str]) -> str:
    if keys.is_constraint(sql, start):
        return ""
    if sql.word(start) in ("check", "exclude"):
        raise unsupported(sql.word(start).upper())
    if sql.word(start) == "like" or end == start + 1:
        return sql.render(start, end)  # LIKE another table, or a name in CREATE TABLE t (a, b) AS
    return column(sql, start, end, table, required=sql.name(start) in required)


def column(sql: Sql, start: int, end: int, table: str = "", *, required: bool = False) -> str:
    """The definition of a column: its name, type and those attributes that mean something here."""
    check_column(sql, start)
    kind, at = column_type(sql, start + 1, end, f"{table}.{sql.name(start)}" if table else "")
    parts = [sql.render(start, start + 1), kind]
    while at < end:
        if kind.lower() == "super" and sql.word(at) in ("distkey", "sortkey"):
            raise unsupported(f"A SUPER column as {sql.word(at).upper()}")
        text, at = _attribute(sql, at, end)
        required = required and text != "NOT NULL"
        parts.append(text)
    if required:
        parts.append("NOT NULL")
    return " ".join(part for part in parts if part)


def _attribute(sql: Sql, at: int, end: int) -> tuple[str, int]:
    word = sql.word(at)
    if word in ("distkey", "sortkey", "unique"):
        return "", at + 1
    if word in ("encode", "collate"):
        return "", at + 2
    if sql.words(at, 2) == ("primary", "key"):
        return "NOT NULL", at + 2
    if sql.words(at, 2) == ("not", "null"):
        return "NOT NULL", at + 2
    if word == "references":
        return "", keys.after_reference(sql, at + 1)
    if word in ("identity", "generated"):
        return _identity(sql, at)
    if word == "default":
        following = _default_end(sql, at + 1, end)
        return sql.render(at, following), following
    if word == "check":
        raise unsupported("CHECK")
    if word == "array":
        raise unsupported("An array type", "Redshift has no arrays. Use SUPER.")
    return sql.render(at, at + 1), at + 1


def _identity(sql: Sql, at: int) -> tuple[str, int]:
    kind = "ALWAYS"
    if sql.word(at) == "generated":
        kind = "BY DEFAULT"
        while sql.word(at) != "identity":
            if sql.word(at) == "(":
                raise unsupported("A generated column")
            at += 1
    if sql.word(at + 1) != "(":
        return f"GENERATED {kind} AS IDENTITY", at + 1
    seed, step = (sql.raw(*one) for one in sql.arguments(at + 1))
    return f"GENERATED {kind} AS IDENTITY (START WITH {seed} INCREMENT BY {step} MINVALUE {seed})", sql.closing(
        at + 1
    ) + 1


def _default_end(sql: Sql, at: int, end: int) -> int:
    while at < end and sql.word(at) not in (
        "distkey",
        "sortkey",
        "encode",
        "not",
        "primary",
        "unique",
        "references",
        "identity",
    ):
        if sql.word(at) == "null" and sql.word(at - 1) != "default":
            break
        at = sql.closing(at) + 1 if sql.word(at) in OPENING else at + 1
    return at


def alter_table(sql: Sql, start: int, end: int) -> Rewritten:
    """ALTER TABLE: of tables and, as Redshift has it, of views."""
    at = start + 3
    while sql.word(at) == ".":
        at += 2
    action = sql.words(at, 2)
    if action[0] == "add" and action[1] not in keys.WORDS:
        first = at + (2 if action[1] == "column" else 1)
        return Rewritten(f"{sql.render(start, at)} ADD COLUMN {column(sql, first, end, sql.name(at - 1))}")
    if action[0] == "add":
        return keys.adding(sql, at + 1, relation(sql, start + 2))
    if action == ("drop", "constraint"):
        return keys.dropping(sql, at + 2, relation(sql, start + 2))
    if action[0] == "alter" and action[1] in ("distkey", "diststyle", "sortkey", "compound", "encode"):
        return nothing("ALTER TABLE")
    if action[0] == "alter" and any(sql.word(k) == "encode" for k in range(at, end)):
        return nothing("ALTER TABLE")
    if action[0] == "alter" and (kind := next((k for k in range(at, end) if sql.word(k) == "type"), None)) is not None:
        return Rewritten(f"{sql.render(start, kind + 1)} {column_type(sql, kind + 1, end)[0]}")
    if action[0] == "append" or action == ("row", "level"):
        raise unsupported(
            f"ALTER TABLE {' '.join(action).upper()}", "This limit is the local engine's, not Redshift's."
        )
    if action == ("owner", "to"):
        sql.as_written.add(at + 2)
    return Rewritten(sql.render(start, end), changed=False)

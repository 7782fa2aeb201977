"""CREATE VIEW, bound or late-binding."""

from __future__ import annotations

import json

from veil.local.refusals import QUALIFIED_FUNCTIONS, QUALIFIED_WINDOWS
from veil.local.rewrite.decimals import TYPE_MARK
from veil.local.rewrite.edits import OPENING, Sql
from veil.local.rewrite.errors import RefusalError, unsupported
from veil.local.rewrite.lexer import Kind, quote_name, quote_string
from veil.local.rewrite.query import foreign_relation, plan_deferred, plan_query
from veil.local.rewrite.result import Rewritten
from veil.local.rewrite.sources import Source
from veil.local.rewrite.statements import external

FOREIGN_MARK = "\x01"  # pg_veil.expanded cuts the query at it
_NO_BINDING = ("with", "no", "schema", "binding")


def create_view(sql: Sql, start: int, end: int) -> Rewritten:
    """CREATE [OR REPLACE] VIEW name [(columns)] AS query [WITH NO SCHEMA BINDING]."""
    replace = sql.words(start + 1, 2) == ("or", "replace")
    name = start + (4 if replace else 2)
    if sql.words(name, 3) == ("if", "not", "exists"):
        raise RefusalError("42601", 'syntax error at or near "NOT"', "Redshift has no CREATE VIEW IF NOT EXISTS.")
    at = name + 1
    while sql.word(at) == ".":
        at += 2
    columns = at
    if sql.word(at) == "(":
        at = sql.closing(at) + 1
    if sql.word(at) != "as":
        raise RefusalError("42601", f'syntax error at or near "{sql.raw(at, at + 1) if at < end else ""}"')
    if sql.words(end - 4, 4) == _NO_BINDING:
        return _late_binding(sql, start, end, name=name, columns=columns, query=at + 1, replace=replace)
    tables = plan_query(sql, at + 1, end, made=True)
    if any(len(table.parts) == 2 and table.parts[0] in sql.scope.external for table in tables):
        raise external.refuse_bound_view()
    query = sql.render(at + 1, end)
    if sql.foreign:
        raise unsupported(
            "A view that is bound to relations of another database", "Add WITH NO SCHEMA BINDING at its end."
        )
    made = Rewritten(f"{sql.render(start, at)} WITH (security_barrier = true) AS {query}", "CREATE VIEW")
    if not replace:
        return typed(made)
    target = quote_string(sql.render(name, columns))
    return Rewritten(f"CALL pg_veil.replace_bound_view({target}, {quote_string(made.sql)})", made.tag)


def typed(made: Rewritten) -> Rewritten:
    """A statement that makes a table or view, its columns of the types that stand between marks in
    it.
    """
    if TYPE_MARK not in made.sql:
        return made
    return Rewritten(f"CALL pg_veil.make_typed({quote_string(made.sql)})", made.tag)


def _late_binding(sql: Sql, start: int, end: int, *, name: int, columns: int, query: int, replace: bool) -> Rewritten:
    stop = end - 4
    tables = plan_query(sql, query, stop, made=True)
    _check_qualified(tables)
    if any(not table.is_catalog for table in tables):
        _check_unqualified_functions(sql, query, stop)
    if FOREIGN_MARK in sql.text or TYPE_MARK in sql.text:
        raise RefusalError("42601", "a control character is not allowed in a view")
    plan_deferred(sql, tables, FOREIGN_MARK)
    local = [table for table in tables if foreign_relation(sql, table) is None]
    listed = [sql.name(first) for first, _ in sql.arguments(columns)] if sql.word(columns) == "(" else []
    definition = {
        "source": sql.raw(start, end),
        "query": sql.render(query, stop),
        "column_list": "(" + ", ".join(quote_name(one) for one in listed) + ")" if listed else "",
        "output_names": listed or _output_names(sql, query, stop),
        "names": _names(sql, tables, query, stop),
    }
    target = sql.render(name, columns)
    schemas = ", ".join(quote_string(schema) for schema in sorted({table.parts[-2] for table in local}))
    text = json.dumps(definition)
    call = (
        f"CALL pg_veil.create_late_view({quote_string(target)}, {str(replace).lower()}, "
        f"ARRAY[{schemas}]::text[], {quote_string(text)}, '{sql.scope.sign(text)}')"
    )
    return Rewritten(call, "CREATE VIEW")


def listed_names(sql: Sql, at: int) -> tuple[list[str], int]:
    """The names from `at` on, with commas between them, as PostgreSQL reads them, and what
    follows.
    """
    names: list[str] = []
    while sql.is_name(at):
        first, at = at, at + 1
        while sql.word(at) == "." and sql.is_name(at + 1):
            at += 2
        names.append(sql.render(first, at))
        if sql.word(at) != ",":
            break
        at += 1
    return names, at


def locking_readers(made: Rewritten, names: list[str], tag: str, *, outside_blocks: bool = False) -> Rewritten:
    """A statement that changes or drops relations, after a lock on the late-binding views that read
    them. `outside_blocks`: it may not run in a transaction block.
    """
    if made.tag is not None or not names:
        return made
    listed = ", ".join(map(quote_string, names))
    procedure = "change_relations_outside_blocks" if outside_blocks else "change_relations"
    return Rewritten(f"CALL pg_veil.{procedure}(ARRAY[{listed}], {quote_string(made.sql)})", tag)


def _check_qualified(tables: list[Source]) -> None:
    if any(len(table.parts) == 1 for table in tables):
        raise RefusalError(
            "0A000", "All the relation names inside should be qualified when creating VIEW WITH NO SCHEMA BINDING."
        )


def _check_unqualified_functions(sql: Sql, start: int, end: int) -> None:
    """What is told to be refused of calls. A cluster would find this when the view is queried, and
    not before.
    """
    refused = sql.scope.refused
    if not refused & {QUALIFIED_FUNCTIONS, QUALIFIED_WINDOWS}:
        return
    for at in range(start, end):
        called = sql.word(at) == "pg_catalog" and sql.word(at + 1) == "." and sql.word(at + 3) == "("
        is_window = called and sql.word(sql.closing(at + 3) + 1) == "over"
        if called and (QUALIFIED_FUNCTIONS in refused or (is_window and QUALIFIED_WINDOWS in refused)):
            raise RefusalError("42883", f"function pg_catalog.{sql.name(at + 2)} does not exist")


def _names(sql: Sql, tables: list[Source], start: int, end: int) -> list[tuple[str, str]]:
    """The schema and name of every table and function that the query names: what the view depends
    on.
    """
    relations = ((foreign_relation(sql, table), table) for table in tables)
    named = {("pg_veil", one.stand_in) if one else (table.parts[-2], table.parts[-1]) for one, table in relations}
    calls = (at for at in range(start + 1, end - 2) if sql.word(at) == "." and sql.word(at + 2) == "(")
    functions = {(sql.name(at - 1), sql.name(at + 1)) for at in calls if sql.is_name(at - 1) and sql.is_name(at + 1)}
    return sorted(functions | named)


def _output_names(sql: Sql, start: int, end: int) -> list[str]:
    """What the SELECT list calls its columns, as far as the text shows; empty if it does not
    (`*`).
    """
    at = start
    while at < end and sql.word(at) != "select":
        at = sql.closing(at) + 1 if sql.word(at) in OPENING else at + 1
    names: list[str] = []
    item = at = at + (2 if sql.word(at + 1) in ("distinct", "all") else 1)
    while at <= end:
        if at == end or sql.word(at) in (",", "from"):
            if at > item:
                names.append(_output_name(sql, item, at))
            item = at + 1
            if sql.word(at) == "from":
                break
        at = sql.closing(at) + 1 if sql.word(at) in OPENING else at + 1
    return [] if "*" in names else names


def _output_name(sql: Sql, start: int, end: int) -> str:
    last = end - 1
    if sql.word(last) == "*":
        return "*"
    if sql.is_name(last) and not (sql.tokens[last].kind is Kind.WORD and sql.word(last) == "end"):
        return sql.name(last)
    if sql.is_name(start) and sql.word(start + 1) == "(":
        return sql.name(start)
    return "?column?"

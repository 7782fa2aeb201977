"""Whether a query rests on what Redshift documents: its relations and their columns, its functions
and their arguments, where each of them runs, and what it is written with.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import cache

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.scope import Scope, traverse_scope

from tests.surface import load, load_list
from tests.surface.forms import undocumented_forms
from tests.surface.grammar import tokens
from tests.surface.subqueries import unsupported_subqueries
from veil.warehouse import expected_columns

_CATALOG_SCHEMAS = ("pg_catalog", "information_schema", "")
_CATALOG_NAME = re.compile(r"^(pg|svv|svl|stv|stl|svcs|sys)_")
_NOT_CALLED = frozenset(
    [
        "ADD",
        "ALL",
        "AND",
        "ANY",
        "AS",
        "BETWEEN",
        "BY",
        "CASE",
        "CHAR",
        "CHARACTER",
        "CROSS",
        "DECIMAL",
        "DISTINCT",
        "ELSE",
        "EXCEPT",
        "FROM",
        "GROUP",
        "HAVING",
        "IN",
        "INNER",
        "INSERT",
        "INTERSECT",
        "INTO",
        "IS",
        "JOIN",
        "LEFT",
        "LIKE",
        "ILIKE",
        "LIMIT",
        "NOT",
        "NUMERIC",
        "ON",
        "OR",
        "ORDER",
        "OUTER",
        "OVER",
        "PARTITION",
        "PROCEDURE",
        "RETURNS",
        "RIGHT",
        "SELECT",
        "SET",
        "SOME",
        "TABLE",
        "THEN",
        "TIMESTAMP",
        "TO",
        "UNION",
        "USING",
        "VALUES",
        "VARCHAR",
        "VARYING",
        "WHEN",
        "WHERE",
        "WITH",
    ]
)
_PSEUDO = frozenset({"CURRENT_USER", "CURRENT_USER_ID", "SESSION_USER", "USER", "SYSDATE", "DEFAULT", "OID"})
"""Reserved words that stand for values, and parse as columns; and the column `oid`, which pages
that list it as reserved join by without quotes (PG_TABLE_DEF, PG_PROC_INFO).
"""

_FORMS = frozenset({"CAST", "EXTRACT", "EXISTS", "CASE"})
"""What reads like a call and has a grammar of its own."""


def findings(statement: str, variables: Collection[str] | None = None) -> list[str]:
    """What of a SELECT, INSERT, UPDATE, DELETE or CREATE VIEW no page documents, in words; empty
    where all is. `variables` are those of the procedure that it stands in: a name without its
    relation's may be one of them.
    """
    try:
        parsed = sqlglot.parse_one(statement, dialect="redshift")
    except sqlglot.errors.ParseError:
        return ["no query that can be read"]
    reads = sorted({_name(table) for table in parsed.find_all(exp.Table) if _is_catalog(table)})
    names = {cte.alias for cte in parsed.find_all(exp.CTE)}
    own = [
        table
        for table in parsed.find_all(exp.Table)
        if not _is_catalog(table) and table.name and not (table.name in names and not table.db)
    ]
    calls = list(_calls(tokens(statement)))
    return [
        *(f"no relation {name}" for name in reads if name not in load("catalog")),
        *(f"{name}, which shows the system account nothing" for name in reads if _is_hidden(name)),
        *_unknown_columns(parsed, {each.lower() for each in variables or ()}),
        *_unknown_calls(calls),
        *_odd_unnests(parsed, [name for name, _ in calls]),
        *_misplaced(reads, [name for name, _ in calls], _bare_words(parsed), over_tables=bool(own)),
        *undocumented_forms(parsed, statement),
        *unsupported_subqueries(parsed),
        *_reserved(parsed),
    ]


def _is_catalog(table: exp.Table) -> bool:
    return table.db in ("pg_catalog", "information_schema") or (not table.db and bool(_CATALOG_NAME.match(table.name)))


def _name(table: exp.Table) -> str:
    return f"information_schema.{table.name}" if table.db == "information_schema" else table.name


def _is_hidden(name: str) -> bool:
    """Whether only superusers or security administrators see rows: the system account is
    neither.
    """
    visible = str(load("catalog").get(name, {}).get("visible_to", ""))
    return "superusers only" in visible or ("sys:secadmin" in visible and "ACCESS SYSTEM TABLE" not in visible)


def _unknown_columns(parsed: exp.Expression, variables: Collection[str]) -> Iterator[str]:
    for scope in traverse_scope(parsed):
        catalogs = {
            alias: load("catalog").get(_name(source)) if _is_catalog(source) else _own_table(source)
            for alias, source in scope.sources.items()
            if isinstance(source, exp.Table) and (_is_catalog(source) or _own_table(source))
        }
        for column in _columns(scope):
            relation = catalogs.get(column.table)
            if not column.table and len(scope.sources) == 1 and len(catalogs) == 1:
                (relation,) = catalogs.values()
            if relation is not None and column.name.lower() not in _documented(relation) | variables:
                yield f"no column {column.sql()}"


def _own_table(table: exp.Table) -> dict[str, list[list[str]]] | None:
    """A table of an integration's system schema, as the catalog describes others; None where it is
    something else.
    """
    columns = expected_columns().get(table.name) if table.db == "system" or table.db.endswith("_system") else None
    return None if columns is None else {"columns": [[each.name, ""] for each in columns]}


def _columns(scope: Scope) -> Sequence[exp.Column]:
    # Those of the scope itself, and not of the queries within it, which have scopes of their own.
    return [column for column in scope.find_all(exp.Column) if not isinstance(column.this, exp.Star)]


def _documented(relation: dict[str, list[list[str]]]) -> set[str]:
    # CURRENT_USER and its like parse as columns where they have no parentheses.
    return {name for name, _ in relation["columns"]} | {"current_user", "session_user"}


def _calls(found: list[str]) -> Iterator[tuple[str, int]]:
    """The functions that are called, and with how many arguments."""
    for at, text in enumerate(found[:-1]):
        if found[at + 1] != "(" or not re.match(r"[A-Z_]", text) or text in _NOT_CALLED or text in _FORMS:
            continue
        if found[at - 1] == "." and found[at - 2] != "PG_CATALOG":
            continue
        if at and found[at - 1] in ("AS", "TABLE", "VIEW", "INTO", "WITH"):
            continue
        yield text.lower(), _arguments(found, at + 1)


def _bare_words(parsed: exp.Expression) -> list[str]:
    """What may be a function without parentheses: CURRENT_SCHEMA and its kin."""
    nodes = (exp.CurrentSchema, exp.CurrentTime, exp.CurrentTimestamp, exp.Localtime, exp.Localtimestamp)
    found = [node.sql(dialect="redshift").lower().partition("(")[0] for node in parsed.find_all(*nodes)]
    columns = (each for each in parsed.find_all(exp.Column) if not each.table and not each.this.quoted)
    return [*found, *(each.name.lower() for each in columns if each.name.lower().startswith(("current_", "local")))]


def _arguments(found: list[str], opening: int) -> int:
    depth, commas = 0, 0
    for at in range(opening, len(found)):
        depth += {"(": 1, ")": -1}.get(found[at], 0)
        if depth == 0:
            return commas + 1 if at > opening + 1 else 0
        commas += depth == 1 and found[at] == ","
    return commas + 1


def _unknown_calls(calls: list[tuple[str, int]]) -> Iterator[str]:
    functions = load("functions")
    for name, count in sorted(set(calls)):
        documented = functions.get(name)
        if documented is None or documented.get("unsupported"):
            yield f"no function {name}"
        elif not any(low <= count <= high for low, high in _counts(name)):
            yield f"{name} does not take {count} arguments"


@cache
def _counts(name: str) -> tuple[tuple[int, float], ...]:
    """The least and most arguments of each documented signature."""
    found = []
    for signature in load("functions")[name]["signatures"]:
        text = signature.partition("(")[2].rpartition(")")[0]
        text = re.sub(r"'[^']*'", "x", text).replace("\u2026", "...")
        endless = "..." in text or name in ("coalesce", "greatest", "least", "nvl")
        bare = text
        while (shorter := re.sub(r"\[[^\[\]]*\]", "", bare)) != bare:
            bare = shorter
        bare = re.sub(r"\s+", " ", bare).strip(" ,")
        low = len([part for part in bare.split(",") if part.strip(" .")])
        high = len([part for part in text.replace("[", " ").replace("]", " ").split(",") if part.strip(" .")])
        # A sole argument in brackets is optional, and `RTRIM(string, trim_chars)` is documented
        # with a default.
        found.append((0 if not text else min(low, 1) if "trim" in name else low, float("inf") if endless else high))
    return tuple(found)


def _odd_unnests(parsed: exp.Expression, calls: list[str]) -> Iterator[str]:
    """Source: "Querying semistructured data" and "Limitations": an unnest iterates over an array of
    a table, and volatile functions do not stand beside one.
    """
    for unnest in parsed.find_all(exp.Unnest):
        select = unnest.find_ancestor(exp.Select, exp.Delete, exp.Update)
        array = unnest.expressions[0]
        if select is not None and any(each.alias == array.table for each in select.find_all(exp.Subquery)):
            yield f"an unnest of {array.table}, which is a sub-select"
        for name in sorted({name for name in calls if load("functions").get(name, {}).get("volatile")}):
            yield f"{name}, which is volatile, beside an unnest"


def _misplaced(reads: list[str], calls: list[str], words: list[str], *, over_tables: bool) -> Iterator[str]:
    """What runs on the leader node alone, beside what is read from compute nodes.

    Source: "SQL functions supported on the leader node": such a query over user tables or system
    views of the compute nodes is an error.
    """
    catalog, functions = load("catalog"), load("functions")
    distributed = [name for name in reads if catalog.get(name, {}).get("node") == "compute"]
    if over_tables:
        distributed.append("a table")
    on_leader = [name for name in reads if catalog.get(name, {}).get("node") == "leader"]
    on_leader += [name for name in (*calls, *words) if functions.get(name, {}).get("leader_node_only")]
    if distributed and on_leader:
        yield f"{', '.join(sorted(set(on_leader)))} of the leader node beside {', '.join(distributed)}"
    for name in calls:
        if functions.get(name, {}).get("compute_node_only") and not distributed:
            yield f"{name} runs on compute nodes only, and nothing there is read"


def _reserved(parsed: exp.Expression) -> Iterator[str]:
    """Source: "Reserved words": they are names between double quotes only."""
    names = {each.name for each in parsed.find_all(exp.Identifier) if not each.quoted}
    yield from (f"{name} is a reserved word" for name in sorted(names) if name.upper() in reserved_words() - _PSEUDO)


@cache
def reserved_words() -> frozenset[str]:
    """What is a name between double quotes only, in capitals. Source: "Reserved words"."""
    (rule,) = (each for each in load_list("restrictions") if each["about"] == "reserved words")
    return frozenset(rule["words"])

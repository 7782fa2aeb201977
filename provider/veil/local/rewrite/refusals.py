"""Expressions that PostgreSQL would run and Redshift refuses.

Source: Amazon Redshift Database Developer Guide, "Unsupported PostgreSQL features" and the pages of each statement.
"""

from __future__ import annotations

from veil.local.rewrite.calls import Edit, Rule
from veil.local.rewrite.edits import Sql
from veil.local.rewrite.errors import RefusalError, unsupported

# Functions of the leader node: they run alone or over catalog tables, never over a user's tables.
LEADER_ONLY = frozenset({"age", "current_schema", "current_schemas", "isfinite", "now", "substr", "has_database_privilege",
    "has_schema_privilege", "has_table_privilege", "getbit", "get_bit", "set_bit", "localtime", "localtimestamp",
    "current_time", "current_timestamp", "pg_get_viewdef", "inet_server_addr"})  # fmt: skip
_ABSENT_FUNCTIONS = ("array_agg", "string_agg", "regexp_matches", "regexp_split_to_array", "regexp_split_to_table",
    "generate_subscripts", "jsonb_agg", "json_agg", "format", "quote_nullable", "unnest", "jsonb_array_elements",
    "to_jsonb", "to_json", "gen_random_uuid")  # fmt: skip


def _is_built_in(sql: Sql, at: int) -> bool:
    """Whether the word is no part of a longer name but pg_catalog's."""
    return sql.word(at - 1) != "." or (sql.word(at - 2) == "pg_catalog" and sql.word(at - 3) != ".")


def _absent_function(sql: Sql, at: int) -> Edit:
    if sql.word(at + 1) == "(" and _is_built_in(sql, at):
        raise RefusalError("42883", f"function {sql.word(at)}() does not exist", "Redshift has no such function.")
    return None


def _lateral(sql: Sql, at: int) -> Edit:
    if sql.word(at - 1) in (",", "join", "from"):
        raise unsupported("LATERAL")
    return None


def _filter(sql: Sql, at: int) -> Edit:
    if sql.word(at - 1) == ")" and sql.words(at + 1, 2) == ("(", "where"):
        raise unsupported("FILTER on an aggregate", "Use CASE inside the aggregate.")
    return None


def _distinct(sql: Sql, at: int) -> Edit:
    if sql.word(at + 1) == "from" and sql.word(at - 1) in ("is", "not"):
        raise unsupported("IS DISTINCT FROM")
    if sql.word(at - 1) == "select" and sql.words(at + 1, 2) == ("on", "("):
        raise unsupported("SELECT DISTINCT ON")
    return None


def _conflict(sql: Sql, at: int) -> Edit:
    if sql.word(at - 1) == "on" and sql.word(at + 1) in ("do", "(", "on"):
        raise unsupported("ON CONFLICT")
    return None


def _returning(sql: Sql, at: int) -> Edit:
    if sql.word(0) in ("insert", "update", "delete", "with") and sql.word(at - 1) not in (".", "as", ",", "select"):
        raise unsupported("RETURNING")
    return None


def _values(sql: Sql, at: int) -> Edit:
    if sql.word(at - 1) == "(" and sql.word(at + 1) == "(" and sql.word(at - 2) in ("from", ",", "join", "as"):
        raise unsupported("VALUES as a table")
    return None


_ABSENT: dict[str, Rule] = {}.fromkeys(_ABSENT_FUNCTIONS, _absent_function)
RULES = _ABSENT | {
    "conflict": _conflict,
    "distinct": _distinct,
    "filter": _filter,
    "lateral": _lateral,
    "returning": _returning,
    "values": _values,
}


def check_leader_only(sql: Sql, start: int, end: int) -> None:
    """Refuses a leader node's function in a query over users' tables.

    Raises:
        RefusalError: with the words that Redshift has for it.
    """
    for at in range(start, end):
        name = sql.word(at)
        if (
            name in LEADER_ONLY
            and sql.word(at - 1) != "as"
            and _is_built_in(sql, at)
            and (sql.word(at + 1) == "(" or "current" in name)
        ):
            raise RefusalError(
                "0A000",
                "Specified types or functions (one per INFO message) not supported on Redshift tables.",
                f'Function "{name}" runs on the leader node only.',
            )

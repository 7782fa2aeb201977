"""SET, RESET and SHOW of parameters, and transactions."""

from __future__ import annotations

from veil.local.cluster.settings import REDSHIFT_PARAMETERS
from veil.local.rewrite.edits import Sql
from veil.local.rewrite.errors import RefusalError, unsupported
from veil.local.rewrite.lexer import Kind, quote_name, quote_string, string_value
from veil.local.rewrite.result import Rewritten, nothing

# Parameters that Redshift does not have; the first three would change what a literal means.
_UNKNOWN = frozenset({"standard_conforming_strings", "backslash_quote", "escape_string_warning", "row_security", "jit"})
_OF_BOTH = ("datestyle", "extra_float_digits", "search_path", "statement_timeout", "timezone")
"""Those of Redshift's documented parameters that PostgreSQL has under the same names."""
_ALL = " UNION ALL ".join(
    f"SELECT {quote_string(name)}::varchar AS name, pg_catalog.current_setting({quote_string(setting)})::varchar AS setting"
    for name, setting in sorted(
        [*((name, name) for name in _OF_BOTH), *((name, f"veil.{name}") for name in REDSHIFT_PARAMETERS)]
    )
)
"""SHOW ALL. Source: Amazon Redshift Database Developer Guide, SHOW (r_SHOW) and "Configuration
reference" (cm_chap_ConfigurationRef).
"""
_FIXED = {"server_version": "8.0.2", "server_encoding": "UNICODE"}


def set_parameter(sql: Sql, start: int, end: int) -> Rewritten:
    """SET [SESSION | LOCAL] parameter, SET SESSION AUTHORIZATION, SET TRANSACTION."""
    at = start + 1
    if sql.words(at, 2) == ("session", "authorization") or sql.words(at + 1, 2) == ("session", "authorization"):
        sql.as_written.update(range(at, end))
        return Rewritten(sql.render(start, end), changed=False)
    if sql.word(at) == "transaction" or sql.words(at, 2) == ("session", "characteristics"):
        return nothing("SET")
    if sql.word(at) in ("session", "local"):
        at += 1
    name = sql.name(at)
    check_known(name)
    value = sql.tokens[at + 2] if at + 2 < end else None
    if name not in REDSHIFT_PARAMETERS or value is None:
        return Rewritten(sql.render(start, end), changed=False)
    given = string_value(value.word) if value.kind is Kind.STRING else value.word
    sql.replace(at, at + 1, f"veil.{name}")
    if sql.word(at + 2) == "default":
        return Rewritten(sql.render(start, end), setting=(name, None))
    sql.replace(at + 2, at + 3, quote_string(given))
    return Rewritten(sql.render(start, end), setting=(name, given))


def reset(sql: Sql, start: int, end: int) -> Rewritten:
    """RESET parameter."""
    name = sql.name(start + 1)
    check_known(name)
    if name in REDSHIFT_PARAMETERS:
        return Rewritten(f"RESET veil.{name}", setting=(name, None))
    return Rewritten(sql.render(start, end), changed=False)


def show(sql: Sql, start: int, end: int) -> Rewritten:
    """SHOW { parameter | ALL }."""
    if sql.word(start + 1) == "all" and start + 2 == end:
        return Rewritten(_ALL, "SHOW")
    name = sql.name(start + 1)
    check_known(name)
    if name in REDSHIFT_PARAMETERS:
        return Rewritten(f"SELECT pg_catalog.current_setting('veil.{name}') AS {quote_name(name)}", "SHOW")
    if name in _FIXED:
        return Rewritten(f"SELECT {quote_string(_FIXED[name])}::varchar AS {quote_name(name)}", "SHOW")
    return Rewritten(sql.render(start, end), changed=False)


def check_known(name: str) -> None:
    """Refuses a parameter that PostgreSQL has and Redshift has not.

    Raises:
        RefusalError: as Redshift says it of any unknown one.
    """
    if name in _UNKNOWN or name.startswith("veil."):
        raise RefusalError("42704", f'unrecognized configuration parameter "{name}"')


def begin(sql: Sql, start: int, end: int) -> Rewritten:
    """BEGIN and START TRANSACTION: an isolation level is accepted and has no effect, as on
    Redshift.
    """
    if any(sql.word(at) == "isolation" for at in range(start, end)):
        return Rewritten("BEGIN", "BEGIN" if sql.word(start) == "begin" else "START TRANSACTION")
    return Rewritten(sql.render(start, end), changed=False)


def savepoint(sql: Sql, start: int, end: int) -> Rewritten:
    """SAVEPOINT, which Redshift does not have."""
    raise unsupported("SAVEPOINT")

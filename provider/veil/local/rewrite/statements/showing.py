"""SHOW VIEW, SHOW TABLES and their kin, answered by functions and views of the catalog.

Source: Amazon Redshift Database Developer Guide, the page of each command (r_SHOW_DATABASES,
r_SHOW_SCHEMAS, r_SHOW_TABLES, r_SHOW_COLUMNS, r_SHOW_CONSTRAINTS, r_SHOW_PROCEDURES,
r_SHOW_FUNCTIONS, r_SHOW_PARAMETERS, r_SHOW_GRANTS, r_SHOW_COLUMN_GRANTS).
"""

from __future__ import annotations

from dataclasses import dataclass

from veil.local.rewrite.edits import Sql
from veil.local.rewrite.errors import LOCAL_LIMIT, RefusalError, unsupported
from veil.local.rewrite.lexer import Kind, quote_string
from veil.local.rewrite.result import Rewritten

OBJECTS = frozenset(
    {
        "view",
        "table",
        "tables",
        "columns",
        "column",
        "constraints",
        "schemas",
        "databases",
        "procedure",
        "procedures",
        "functions",
        "parameters",
        "grants",
        "external",
        "model",
    }
)


@dataclass(frozen=True)
class Listing:
    """What one of these commands lists: the words before the object's name, the view that answers,
    the columns that the parts of the name stand for (the last part first), the one that LIKE is
    about, the order, and how many parts may be left out, the database first. A list that is `ended`
    is an error where it has more rows than these commands list; of the others their pages do not
    say so.
    """

    words: tuple[str, ...]
    view: str
    parts: tuple[str, ...]
    filtered: str = ""
    order: str = "1"
    optional: int = 1
    ended: bool = True


_TABLE = ("table_name", "schema_name", "database_name")
_LISTINGS = (
    Listing(("databases",), "show_databases", (), "database_name", ended=False),
    Listing(
        ("schemas", "from", "database"), "show_schemas", ("database_name",), "schema_name", "schema_name", optional=0
    ),
    Listing(("tables", "from", "schema"), "show_tables", ("schema_name", "database_name"), "table_name", "table_name"),
    Listing(("columns", "from", "table"), "show_columns", _TABLE, "column_name", "ordinal_position"),
    Listing(
        ("constraints", "primary", "keys", "from", "table"), "show_primary_keys", _TABLE, order="table_name, key_seq"
    ),
    Listing(
        ("constraints", "foreign", "keys", "from", "table"),
        "show_foreign_keys",
        ("fk_table_name", "fk_schema_name", "fk_database_name"),
        order="fk_name, key_seq",
    ),
    Listing(
        ("constraints", "foreign", "keys", "exported", "from", "table"),
        "show_foreign_keys",
        ("pk_table_name", "pk_schema_name", "pk_database_name"),
        order="fk_table_name, fk_name, key_seq",
    ),
    Listing(
        ("procedures", "from", "schema"),
        "show_procedures",
        ("schema_name", "database_name"),
        "procedure_name",
        "procedure_name, argument_list",
    ),
    Listing(
        ("functions", "from", "schema"),
        "show_functions",
        ("schema_name", "database_name"),
        "function_name",
        "function_name, argument_list",
    ),
    Listing(
        ("parameters", "of", "procedure"),
        "show_procedure_parameters",
        ("procedure_name", "schema_name", "database_name"),
        "parameter_name",
        "ordinal_position",
    ),
    Listing(
        ("parameters", "of", "function"),
        "show_function_parameters",
        ("function_name", "schema_name", "database_name"),
        "parameter_name",
        "ordinal_position",
    ),
    Listing(
        ("grants", "on", "table"),
        "show_table_grants",
        ("object_name", "schema_name", "database_name"),
        order="privilege_type, identity_name",
        optional=2,
    ),
    Listing(
        ("column", "grants", "on", "table"),
        "show_column_grants",
        _TABLE,
        order="column_name, privilege_type, identity_name",
        ended=False,
    ),
)
_PARAMETERS = "database_name, schema_name, {kind}_name, parameter_name, ordinal_position, parameter_type, data_type, character_maximum_length, numeric_precision, numeric_scale, remarks"


def show_object(sql: Sql, start: int, end: int) -> Rewritten:
    """SHOW VIEW, SHOW PROCEDURE, and the commands that list what there is.

    Raises:
        RefusalError: there is no such command, or this engine does not answer it.
    """
    kind = sql.word(start + 1)
    if kind == "view":
        name = quote_string(sql.render(start + 2, end))
        return Rewritten(f'SELECT pg_veil.view_text({name}::regclass) AS "View Definition"', "SHOW")
    if kind == "procedure":
        name = quote_string(sql.render(start + 2, end))
        return Rewritten(
            f'SELECT pg_veil.procedure_text({name}::regprocedure) AS "Stored Procedure Definition"', "SHOW"
        )
    listing = next((one for one in _LISTINGS if sql.words(start + 1, len(one.words)) == one.words), None)
    if listing is None and kind in ("schemas", "tables", "columns"):
        expected = next(one.words for one in _LISTINGS if one.words[0] == kind)
        at = next(k for k in range(len(expected)) if sql.word(start + 1 + k) != expected[k])
        raise _near(sql, start + 1 + at, end)
    if listing is None:
        named = sql.words(start + 1, 2 if kind in ("external", "grants", "column") else 1)
        raise unsupported(f"SHOW {' '.join(named).upper().strip()}", LOCAL_LIMIT)
    return _listed(sql, listing, start + 1 + len(listing.words), end)


def _listed(sql: Sql, listing: Listing, at: int, end: int) -> Rewritten:
    values, at = _name(sql, listing, at, end)
    tests = [
        f"{column} = {value}" for column, value in zip(reversed(listing.parts[: len(values)]), values, strict=True)
    ]
    if len(values) < len(listing.parts):
        tests.append(f"{listing.parts[-1]} = pg_catalog.current_database()")
    shown = "*"
    if listing.words[0] == "parameters":
        shown = _PARAMETERS.format(kind=listing.words[-1])
        types, at = _argument_types(sql, at)
        tests.append(f"argument_list = pg_veil.argument_list({types})")
    at = _narrowed(sql, listing, at, end, tests)
    order = listing.order
    if at < end and sql.word(at) == "limit":
        if at + 1 == end or sql.tokens[at + 1].kind not in (Kind.NUMBER, Kind.PARAMETER):
            raise _near(sql, at + 1, end)
        order += f" LIMIT pg_veil.row_limit({sql.raw(at + 1, at + 2)})"
        at += 2
    elif listing.ended:
        # As a key to sort by it is asked for each row, and adds no column.
        order += ", pg_veil.listed(pg_catalog.count(*) OVER ())"
    if at < end:
        raise _near(sql, at, end)
    where = f" WHERE {' AND '.join(tests)}" if tests else ""
    return Rewritten(f"SELECT {shown} FROM pg_veil.{listing.view}{where} ORDER BY {order}", "SHOW")


def _name(sql: Sql, listing: Listing, at: int, end: int) -> tuple[list[str], int]:
    """The parts of the object's name, and the token after them."""
    values: list[str] = []
    while _is_part(sql, at, end) and len(values) < len(listing.parts):
        values.append(_value(sql, at))
        at += 1
        if sql.word(at) != "." or len(values) == len(listing.parts):
            break
        at += 1
        if not _is_part(sql, at, end):
            raise _near(sql, at, end)
    if len(values) + listing.optional < len(listing.parts):
        raise _near(sql, at, end)
    return values, at


def _is_part(sql: Sql, at: int, end: int) -> bool:
    if at >= end or sql.word(at) in ("like", "limit", "for"):
        return False
    return sql.is_name(at) or sql.tokens[at].kind is Kind.PARAMETER


def _near(sql: Sql, at: int, end: int) -> RefusalError:
    where = f'at or near "{sql.raw(at, at + 1)}"' if at < end else "at end of input"
    return RefusalError("42601", f"syntax error {where}")


def _narrowed(sql: Sql, listing: Listing, at: int, end: int, tests: list[str]) -> int:
    """Adds the tests of LIKE 'pattern' and of FOR somebody; gives the token after them."""
    if at < end and sql.word(at) == "like" and listing.filtered:
        tests.append(f"{listing.filtered} LIKE {_text(sql, at + 1)}")
        return at + 2
    if at < end and sql.word(at) == "for" and "grants" in listing.words:
        if sql.word(at + 1) == "public":
            tests.append("identity_type = 'public'")
            return at + 2
        kind = "role" if sql.word(at + 1) == "role" else "user"
        named = at + (2 if kind == "role" else 1)
        tests.append(f"identity_type = '{kind}' AND identity_name = {quote_string(sql.name(named))}")
        return named + 1
    return at


def _value(sql: Sql, at: int) -> str:
    """One part of the object's name: a name, or a parameter whose value is one."""
    return _text(sql, at) if sql.tokens[at].kind is Kind.PARAMETER else quote_string(sql.name(at))


def _text(sql: Sql, at: int) -> str:
    """A string, or a parameter that is one."""
    return f"{sql.raw(at, at + 1)}::varchar"


def _argument_types(sql: Sql, at: int) -> tuple[str, int]:
    """The types in brackets after a routine's name as the arguments of a call, and the token after
    them.
    """
    if sql.word(at) != "(":
        raise RefusalError(
            "42601", "SHOW PARAMETERS needs the types of the arguments", "Write them in brackets after the name."
        )
    types = [
        _text(sql, first) if sql.tokens[first].kind is Kind.PARAMETER else quote_string(sql.raw(first, last))
        for first, last in sql.arguments(at)
    ]
    return ", ".join(types) if types else "VARIADIC ARRAY[]::text[]", sql.closing(at) + 1

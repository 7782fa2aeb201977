"""Function calls and expressions that PostgreSQL spells differently."""

from __future__ import annotations

from collections.abc import Callable

from veil.local.rewrite.edits import Sql
from veil.local.rewrite.errors import RefusalError, unsupported
from veil.local.rewrite.lexer import Kind, quote_string
from veil.local.rewrite.sources import asks_the_catalog
from veil.local.rewrite.statements.types import INTERVAL_NAMES
from veil.local.rewrite.type_sizes import check_size

Edit = tuple[str, int] | None
Rule = Callable[[Sql, int], Edit]


def _is_call(sql: Sql, at: int) -> bool:
    """True if a function of our own (not one in somebody's schema) is called at this position."""
    return sql.word(at + 1) == "(" and sql.word(at - 1) != "."


def _only_as_call(rule: Rule) -> Rule:
    return lambda sql, at: rule(sql, at) if _is_call(sql, at) else None


def _named(name: str) -> Rule:
    return lambda sql, at: (name, at + 1)


def nvl2(sql: Sql, at: int) -> Edit:
    """NVL2(a, b, c): b where a is there, else c."""
    arguments = sql.arguments(at + 1)
    if len(arguments) != 3:
        return None
    tested, present, absent = (sql.render(*one) for one in arguments)
    return f"CASE WHEN ({tested}) IS NOT NULL THEN {present} ELSE {absent} END", sql.closing(at + 1) + 1


def decode(sql: Sql, at: int) -> Edit:
    """DECODE(e, search, result, ..., default): the first match, where NULL matches NULL."""
    arguments = sql.arguments(at + 1)
    if len(arguments) < 3:
        return None
    value, *rest = (sql.render(*one) for one in arguments)
    pairs = zip(rest[0::2], rest[1::2], strict=False)
    cases = " ".join(f"WHEN ({value}) IS NOT DISTINCT FROM ({search}) THEN {result}" for search, result in pairs)
    default = f" ELSE {rest[-1]}" if len(rest) % 2 else ""
    return f"CASE {cases}{default} END", sql.closing(at + 1) + 1


def with_date_part(name: str) -> Rule:
    """A call whose first argument is a date part, with or without quotes."""

    def rule(sql: Sql, at: int) -> Edit:
        arguments = sql.arguments(at + 1)
        if not arguments or sql.tokens[arguments[0][0]].kind is not Kind.WORD or arguments[0][1] - arguments[0][0] != 1:
            return name, at + 1
        part = quote_string(sql.word(arguments[0][0]))
        others = "".join(", " + sql.render(*one) for one in arguments[1:])
        return f"{name}({part}{others})", sql.closing(at + 1) + 1

    return rule


def without_brackets(sql: Sql, at: int) -> Edit:
    """SYSDATE and CURRENT_USER_ID, which take no brackets."""
    if sql.word(at - 1) in (".", "as") or sql.word(at + 1) in ("(", "."):
        return None
    return f"pg_catalog.{sql.word(at)}()", at + 1


def array(sql: Sql, at: int) -> Edit:
    """ARRAY(a, b): a SUPER array. ARRAY(SELECT ...) is PostgreSQL's and not Redshift's."""
    if sql.word(at + 2) in ("select", "with"):
        if asks_the_catalog(sql):
            return None  # psql does so
        raise unsupported("ARRAY over a query")
    return "pg_veil.make_array", at + 1


def convert(sql: Sql, at: int) -> Edit:
    """CONVERT(type, value)."""
    arguments = sql.arguments(at + 1)
    if len(arguments) != 2:
        return None
    return f"CAST({sql.render(*arguments[1])} AS {sql.render(*arguments[0])})", sql.closing(at + 1) + 1


def median(sql: Sql, at: int) -> Edit:
    """MEDIAN(x)."""
    argument = sql.render(at + 2, sql.closing(at + 1))
    return f"pg_catalog.percentile_cont(0.5) WITHIN GROUP (ORDER BY {argument})", sql.closing(at + 1) + 1


def listagg(sql: Sql, at: int) -> Edit:
    """LISTAGG([DISTINCT] x [, separator]) [WITHIN GROUP (ORDER BY ...)]."""
    arguments = sql.arguments(at + 1)
    end = sql.closing(at + 1) + 1
    start, stop = arguments[0]
    distinct = "DISTINCT " if sql.word(start) == "distinct" else ""
    value = sql.render(start + (1 if distinct else 0), stop)
    separator = sql.render(*arguments[1]) if len(arguments) > 1 else "''"
    order = ""
    if sql.words(end, 3) == ("within", "group", "("):
        closing = sql.closing(end + 2)
        order = " " + sql.render(end + 3, closing).replace(value, f"({value})::varchar" if distinct else value)
        end = closing + 1
    if sql.word(end) == "over":
        raise unsupported("LISTAGG as a window function", "This limit is the local engine's, not Redshift's.")
    return f"pg_veil.within_listagg(pg_catalog.string_agg({distinct}({value})::varchar, {separator}{order}))", end


_CALLS: dict[str, Rule] = {
    "array": array,
    "convert": convert,
    "date_add": with_date_part("pg_catalog.dateadd"),
    "date_diff": with_date_part("pg_catalog.datediff"),
    "date_part": with_date_part("pg_catalog.date_part"),
    "dateadd": with_date_part("pg_catalog.dateadd"),
    "datediff": with_date_part("pg_catalog.datediff"),
    "datepart": with_date_part("pg_catalog.date_part"),
    "decode": decode,
    "json_serialize": _named("pg_catalog.json_serialize"),  # a keyword of PostgreSQL
    "listagg": listagg,
    "median": median,
    "nvl": _named("COALESCE"),
    "nvl2": nvl2,
}

# What PostgreSQL knows only as syntax, so that a schema's name before it would be an error.
_SYNTAX = frozenset({"coalesce", "greatest", "least", "nullif"})


def in_pg_catalog(sql: Sql, at: int) -> Edit:
    """`pg_catalog.nvl(...)` and the like: the qualified spelling of what the gateway writes as
    syntax.
    """
    name = sql.word(at + 2)
    if sql.word(at + 1) != "." or sql.word(at + 3) != "(":
        return None
    if name in _SYNTAX:
        return name, at + 3
    return _CALLS[name](sql, at + 2) if name in _CALLS else None


def minus(sql: Sql, at: int) -> Edit:
    """MINUS between queries."""
    return ("EXCEPT", at + 1) if sql.word(at + 1) in ("select", "(") and sql.word(at - 1) not in (".", ",") else None


def top(sql: Sql, at: int) -> Edit:
    """SELECT TOP n: a LIMIT at the end of the query."""
    before = sql.word(at - 2) if sql.word(at - 1) in ("distinct", "all") else sql.word(at - 1)
    if before != "select" or sql.tokens[at + 1].kind not in (Kind.NUMBER, Kind.PARAMETER):
        return None
    sql.insertions[sql.end_of_query(at)] = f" LIMIT {sql.raw(at + 1, at + 2)}"
    return "", at + 2


def approximate(sql: Sql, at: int) -> Edit:
    """APPROXIMATE COUNT(DISTINCT x): exact here."""
    return ("", at + 1) if sql.word(at + 1) in ("count", "percentile_disc") else None


def _check_cast(sql: Sql, at: int, name: str) -> None:
    """Refuses a cast to a type that is larger than Redshift has it.

    Raises:
        RefusalError: the type at `at` is.
    """
    if sql.word(at + 1) == "(" and sql.word(at - 1) in ("::", "as"):
        closing = sql.closing(at + 1)
        if sql.word(at - 1) == "::" or sql.word(closing + 1) == ")":
            check_size(name, sql.raw(at + 2, closing))


def numeric(sql: Sql, at: int) -> Edit:
    """A cast to NUMERIC without a precision is one to NUMERIC(18, 0)."""
    _check_cast(sql, at, "numeric")
    is_cast = sql.word(at - 1) == "::" or (sql.word(at - 1) == "as" and sql.word(at + 1) == ")")
    return ("numeric(18, 0)", at + 1) if is_cast and sql.word(at + 1) != "(" else None


def character(name: str) -> Rule:
    """VARCHAR(MAX) and the national spellings."""

    def rule(sql: Sql, at: int) -> Edit:
        if sql.words(at + 1, 3) == ("(", "max", ")"):
            return f"{name}(65535)", at + 4
        _check_cast(sql, at, name)
        return (name, at + 1) if sql.word(at) != name and sql.word(at - 1) in ("::", "as") else None

    return rule


def binary(sql: Sql, at: int) -> Edit:
    """A cast to VARBYTE, or to one of its other names; the size is not kept."""
    if sql.word(at - 1) not in ("::", "as"):
        return None
    _check_cast(sql, at, "bytea")
    following = at + (2 if sql.words(at, 2) == ("binary", "varying") else 1)
    return "bytea", sql.closing(following) + 1 if sql.word(following) == "(" else following


def interval(name: str) -> Rule:
    """A cast to one of the two types of intervals, by the name that a cluster gives it."""

    def rule(sql: Sql, at: int) -> Edit:
        return (INTERVAL_NAMES[name], at + 1) if sql.word(at - 1) in ("::", "as") else None

    return rule


def internal(sql: Sql, at: int) -> Edit:
    """Nobody but the gateway names the engine's own schema."""
    raise RefusalError("42501", "permission denied for schema pg_veil")


RULES: dict[str, Rule] = {name: _only_as_call(rule) for name, rule in _CALLS.items()} | {
    "approximate": approximate,
    "binary": binary,
    "current_user_id": without_brackets,
    "char": character("char"),
    "dec": numeric,
    "decimal": numeric,
    **{name: interval(name) for name in INTERVAL_NAMES},
    "minus": minus,
    "nchar": character("char"),
    "numeric": numeric,
    "nvarchar": character("varchar"),
    "pg_catalog": in_pg_catalog,
    "pg_veil": internal,
    "sysdate": without_brackets,
    "top": top,
    "varbinary": binary,
    "varbyte": binary,
    "varchar": character("varchar"),
}

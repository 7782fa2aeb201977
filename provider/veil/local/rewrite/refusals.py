"""Expressions that PostgreSQL would run and Redshift refuses.

Source: Amazon Redshift Database Developer Guide, "Unsupported PostgreSQL features" and the pages of
each statement.
"""

from __future__ import annotations

from collections.abc import Sequence, Set

from veil.local.cluster.settings import REDSHIFT_PARAMETERS
from veil.local.rewrite.absent_functions import ABSENT_FUNCTIONS
from veil.local.rewrite.calls import Edit, Rule
from veil.local.rewrite.edits import Sql
from veil.local.rewrite.errors import LOCAL_LIMIT, RefusalError, unsupported
from veil.local.rewrite.functions_not_here import FUNCTIONS_NOT_HERE
from veil.local.rewrite.lexer import Kind, quote_string
from veil.local.rewrite.reserved import check_name
from veil.local.rewrite.settings import CASE_SENSITIVE, DOWNCASE
from veil.local.rewrite.sources import Source, asks_the_catalog
from veil.local.rewrite.windows import check_window, plan_nulls

# Functions of the leader node: they run alone or over catalog tables, never over a user's tables.
LEADER_ONLY = frozenset({"age", "current_schema", "current_schemas", "isfinite", "now", "substr", "has_database_privilege",
    "has_schema_privilege", "has_table_privilege", "getbit", "get_bit", "set_bit", "localtime", "localtimestamp",
    "current_time", "current_timestamp", "pg_get_viewdef", "inet_client_addr", "inet_client_port", "inet_server_addr",
    "inet_server_port", "generate_series", "pg_sleep", "version", "quote_nullable",
    "array_to_string", "col_description", "factorial", "format_type", "obj_description", "oidvectortypes",
    "pg_get_constraintdef", "pg_get_expr", "pg_get_userbyid", "pg_table_is_visible", "set_byte", "to_ascii"})  # fmt: skip
# Types of the leader node's own catalogs: what is cast to one comes from them, or from no table at
# all.
_LEADER_TYPES = frozenset(
    {"oid", "regclass", "regtype", "regproc", "regprocedure", "regoper", "regoperator", "name", "xid", "cid", "tid"}
)
# Types that a value may be cast to in PostgreSQL and not on Redshift. Those of the leader node are
# not among them.
_TYPE_NAMES = """
    json jsonb uuid xml bytea money inet cidr macaddr line lseg box path polygon circle tsvector tsquery int4range int8range
    numrange tsrange tstzrange daterange hstore
"""
_ABSENT_TYPES = frozenset(_TYPE_NAMES.split())


def _is_built_in(sql: Sql, at: int) -> bool:
    """Whether the word is no part of a longer name but pg_catalog's."""
    return sql.word(at - 1) != "." or (sql.word(at - 2) == "pg_catalog" and sql.word(at - 3) != ".")


# What a relation, a type or an alias of that name may come after, with its columns or sizes in
# brackets.
_BEFORE_A_NAME = frozenset(
    {"into", "table", "view", "exists", "as", "references", "procedure", "function", "call", "on", "recursive"}
)


def _absent_function(sql: Sql, at: int) -> Edit:
    if sql.word(at + 1) == "(" and _is_built_in(sql, at) and not _is_relation(sql, at):
        raise RefusalError("42883", f"function {sql.word(at)}() does not exist", "Redshift has no such function.")
    return None


def _function_not_here(sql: Sql, at: int) -> Edit:
    if sql.word(at + 1) == "(" and _is_built_in(sql, at) and not _is_relation(sql, at):
        raise unsupported(sql.word(at).upper(), LOCAL_LIMIT)
    return None


def _is_relation(sql: Sql, at: int) -> bool:
    """Whether a name with brackets behind it, and nothing of a schema before it, is a relation's
    and no function's.
    """
    if sql.word(at - 1) in _BEFORE_A_NAME:
        return True
    return sql.word(at - 1) in ("with", ",") and sql.words(sql.closing(at + 1) + 1, 2) == ("as", "(")


def _current_setting(sql: Sql, at: int) -> Edit:
    """CURRENT_SETTING('name' [, error_if_undefined]): the second argument is for session context
    variables (r_CURRENT_SETTING).
    """
    if sql.word(at + 1) != "(" or not _is_built_in(sql, at):
        return None
    arguments = sql.arguments(at + 1)
    name = sql.raw(*arguments[0]) if len(arguments) == 2 else ""
    if name.startswith("'") and "." not in name:
        raise RefusalError("42601", f"CURRENT_SETTING takes no second argument for the parameter {name}")
    return _of_parameter(sql, at, REDSHIFT_PARAMETERS.keys())


def _set_config(sql: Sql, at: int) -> Edit:
    """SET_CONFIG('name', 'value', is_local) of a parameter that Redshift alone has. Those by which
    names are read stay unknown to it: the rewriter learns of them by SET.
    """
    if sql.word(at + 1) != "(" or not _is_built_in(sql, at):
        return None
    return _of_parameter(sql, at, REDSHIFT_PARAMETERS.keys() - {CASE_SENSITIVE, DOWNCASE})


def _of_parameter(sql: Sql, at: int, parameters: Set[str]) -> Edit:
    """A call whose first argument names one of these parameters, by the name that it has here."""
    first, *others = sql.arguments(at + 1) or [(at, at)]
    name = sql.raw(*first).strip("'").lower()
    if not sql.raw(*first).startswith("'") or name not in parameters:
        return None
    rest = "".join(f", {sql.render(*each)}" for each in others)
    return f"{sql.word(at)}({quote_string(f'veil.{name}')}{rest})", sql.closing(at + 1) + 1


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
    if sql.words(at - 2, 2) == ("group", "by"):
        raise RefusalError("42601", 'syntax error at or near "DISTINCT"', "Redshift has no GROUP BY DISTINCT.")
    return None


def _over(sql: Sql, at: int) -> Edit:
    check_window(sql, at)
    return None


def _all(sql: Sql, at: int) -> Edit:
    """INTERSECT ALL, EXCEPT ALL and MINUS ALL (r_UNION)."""
    if sql.word(at - 1) in ("intersect", "except", "minus") and sql.word(at + 1) in ("select", "(", "with"):
        raise unsupported(f"{sql.word(at - 1).upper()} ALL")
    return None


def _using(sql: Sql, at: int) -> Edit:
    if sql.word(at + 1) in ("<", ">", "<=", ">=", "operator") and sql.word(0) != "create":
        raise RefusalError("42601", 'syntax error at or near "USING"', "Write ORDER BY ... ASC or DESC.")
    return None


def _local_limit(sql: Sql, at: int) -> Edit:
    """What Redshift has and the local engine has not, where it stands as no name."""
    follows = {
        "qualify": sql.is_name(at + 1) and sql.word(at - 1) != ".",
        "exclude": sql.word(at - 1) == "*",
        "try_cast": sql.word(at + 1) == "(" and sql.word(at - 1) != ".",
    }
    if follows[sql.word(at)]:
        raise unsupported(sql.word(at).upper(), LOCAL_LIMIT)
    return None


def _unpivot(sql: Sql, at: int) -> Edit:
    if sql.word(at - 1) in (",", "from", "join") and sql.is_name(at + 1):
        raise unsupported("UNPIVOT", LOCAL_LIMIT)
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


def _absent_type(sql: Sql, at: int) -> Edit:
    in_cast = sql.word(at - 1) == "as" and sql.word(at + 1) in (")", "[", "array")
    if sql.word(at - 1) == "::" or in_cast:
        raise RefusalError("0A000", f'type "{sql.word(at)}" is not supported', "Amazon Redshift has no such data type.")
    return None


def _only(sql: Sql, at: int) -> Edit:
    """ONLY before a table: PostgreSQL's inheritance, which Redshift does not have."""
    if sql.word(at - 1) in ("from", "update", "join", "table", "truncate"):
        raise RefusalError("42601", 'syntax error at or near "ONLY"', "Redshift has no inheritance of tables.")
    return None


def _for(sql: Sql, at: int) -> Edit:
    """FOR UPDATE and FOR SHARE. What a procedure's loop or cursor is for comes after other
    words.
    """
    if (
        sql.word(at + 1) in ("update", "share")
        and at > 0
        and sql.word(at - 1) not in (";", "begin", "loop", "then", "else")
    ):
        raise unsupported(f"SELECT ... FOR {sql.word(at + 1).upper()}")
    return None


def _row(sql: Sql, at: int) -> Edit:
    if sql.word(at + 1) == "(" and sql.word(at - 1) not in (".", "each", "as"):
        raise unsupported("A row constructor")
    return None


def _tablesample(sql: Sql, at: int) -> Edit:
    if sql.word(at + 1) in ("system", "bernoulli"):
        raise unsupported("TABLESAMPLE")
    return None


def _fetch(sql: Sql, at: int) -> Edit:
    if (
        sql.word(at + 1) in ("first", "next")
        and at > 0
        and sql.word(0) != "fetch"
        and sql.words(at + 2, 1)[0] != "from"
    ):
        raise RefusalError("42601", f'syntax error at or near "{sql.raw(at, at + 1)}"', "Use LIMIT.")
    return None


def _recursive(sql: Sql, at: int) -> Edit:
    """WITH RECURSIVE in a subquery (r_WITH_clause) or in a late-binding view (r_CREATE_VIEW)."""
    if sql.word(at - 1) != "with":
        return None
    if sql.word(at - 2) == "(":
        raise unsupported("WITH RECURSIVE in a subquery")
    if sql.words(len(sql.tokens) - 4, 4) == ("with", "no", "schema", "binding"):
        raise unsupported("WITH RECURSIVE in a late-binding view")
    return None


def check_arrays(sql: Sql, start: int, end: int) -> None:
    """Refuses PostgreSQL's arrays: their constructor and their types.

    Raises:
        RefusalError: there is one between the two tokens.
    """
    for at in range(start, end):
        if sql.word(at) != "[" or asks_the_catalog(sql):
            continue
        if sql.word(at - 1) == "array":
            raise unsupported("ARRAY[...]", "Redshift has no arrays; ARRAY(...) gives a SUPER.")
        if sql.word(at + 1) == "]":
            raise unsupported("An array type", "Redshift has no arrays. Use SUPER.")


def check_aliases(sql: Sql, sources: Sequence[Source]) -> None:
    """Refuses reserved words as the aliases of what a query reads.

    Raises:
        RefusalError: one is, without quotation marks.
    """
    for source in sources:
        if source.end > source.name_end:
            alias = source.name_end + (sql.word(source.name_end) == "as")
            if sql.word(alias) in ("pivot", "unpivot"):
                raise unsupported(sql.word(alias).upper(), LOCAL_LIMIT)
            if sql.is_name(alias):
                check_name(sql, alias)


_ABSENT: dict[str, Rule] = {}.fromkeys(ABSENT_FUNCTIONS, _absent_function)
_NOT_HERE: dict[str, Rule] = {}.fromkeys(FUNCTIONS_NOT_HERE, _function_not_here)
_TYPES: dict[str, Rule] = {}.fromkeys(_ABSENT_TYPES, _absent_type)
RULES = (
    _ABSENT
    | _NOT_HERE
    | _TYPES
    | {
        "all": _all,
        "conflict": _conflict,
        "current_setting": _current_setting,
        "distinct": _distinct,
        "exclude": _local_limit,
        "fetch": _fetch,
        "filter": _filter,
        "for": _for,
        "ignore": plan_nulls,
        "lateral": _lateral,
        "only": _only,
        "over": _over,
        "qualify": _local_limit,
        "recursive": _recursive,
        "row": _row,
        "set_config": _set_config,
        "tablesample": _tablesample,
        "respect": plan_nulls,
        "returning": _returning,
        "try_cast": _local_limit,
        "unpivot": _unpivot,
        "using": _using,
        "values": _values,
    }
)


def check_leader_only(sql: Sql, start: int, end: int) -> None:
    """Refuses a leader node's function, and a cast to a type of its catalogs, in a query over
    users' tables (c_SQL_functions_leader_node_only, c_unsupported-postgresql-datatypes).

    Raises:
        RefusalError: with the words that Redshift has for it.
    """
    for at in range(start, end):
        name = sql.word(at)
        if (name in _LEADER_TYPES or _is_internal_char(sql, at)) and _is_cast(sql, at):
            raise RefusalError(
                "0A000",
                "Specified types or functions (one per INFO message) not supported on Redshift tables.",
                f'The type "{name or "char"}" is known on the leader node only.',
            )
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


def _is_internal_char(sql: Sql, at: int) -> bool:
    """Whether it is "char", in quotation marks: a byte of the catalogs, and no CHAR."""
    return sql.tokens[at].kind is Kind.QUOTED and sql.tokens[at].word == "char"


def _is_cast(sql: Sql, at: int) -> bool:
    """Whether a type stands at the end of a CAST, or behind ::."""
    first = at - 2 if sql.words(at - 2, 2) == ("pg_catalog", ".") else at
    if sql.word(first - 1) == "::":
        return True
    if sql.word(first - 1) != "as" or sql.word(at + 1) != ")":
        return False
    opening = next(k for k in range(first, -1, -1) if sql.word(k) == "(" and sql.closing(k) == at + 1)
    return sql.word(opening - 1) == "cast"

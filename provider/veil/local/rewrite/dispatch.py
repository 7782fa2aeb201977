"""Finds the rule for a statement by its first words."""

from __future__ import annotations

from collections.abc import Callable

from veil.local.rewrite.edits import OPENING, Sql
from veil.local.rewrite.errors import LOCAL_LIMIT, RefusalError, unsupported
from veil.local.rewrite.forms import check_form
from veil.local.rewrite.lexer import quote_string
from veil.local.rewrite.query import plan_query, rewrite_query
from veil.local.rewrite.result import Rewritten, nothing
from veil.local.rewrite.statements import copying, external, principals, routines, settings, showing, tables, views

Handler = Callable[[Sql, int, int], Rewritten]


def _query(sql: Sql, start: int, end: int) -> Rewritten:
    return Rewritten(rewrite_query(sql, start, end))


def _as_is(sql: Sql, start: int, end: int) -> Rewritten:
    return Rewritten(sql.render(start, end))


def _materialized(sql: Sql, start: int, end: int) -> Rewritten:
    """CREATE MATERIALIZED VIEW ... AS query."""
    query = next((at for at in range(start, end) if sql.word(at) == "as"), end)
    plan_query(sql, query + 1, end)
    return Rewritten(sql.render(start, end))


def _refused(what: str, hint: str = "") -> Handler:
    def refuse(sql: Sql, start: int, end: int) -> Rewritten:
        raise unsupported(what, hint)

    return refuse


def _schema(sql: Sql, start: int, end: int) -> Rewritten:
    for at in range(start, end):
        if sql.word(at) in ("authorization", "to"):
            sql.as_written.add(at + 1)
        if sql.word(at) == "quota":
            return nothing("ALTER SCHEMA") if sql.word(start) == "alter" else Rewritten(sql.render(start, at))
    return Rewritten(sql.render(start, end))


def _database(sql: Sql, start: int, end: int) -> Rewritten:
    if sql.word(start + 3) in ("set", "reset"):
        raise unsupported("ALTER DATABASE ... SET", "Parameters are those of the cluster, of a user or of a session.")
    for at in range(start, end):
        if sql.word(at) == "owner":
            sql.as_written.add(at + 1)
        elif sql.words(at, 2) == ("isolation", "level"):
            sql.remove(at, at + 3)
        elif sql.word(at) == "collate":
            sql.remove(at, at + 2)
        elif sql.words(at, 3) == ("connection", "limit", "unlimited"):
            sql.replace(at + 2, at + 3, "-1")
    return Rewritten(sql.render(start, end))


def _drop(sql: Sql, start: int, end: int) -> Rewritten:
    """DROP TABLE and DROP VIEW."""
    at = start + (4 if sql.words(start + 2, 2) == ("if", "exists") else 2)
    names, following = views.listed_names(sql, at)
    if following != end and sql.word(following) not in ("cascade", "restrict"):
        return _as_is(sql, start, end)  # for PostgreSQL to refuse
    return views.locking_readers(_as_is(sql, start, end), names, f"DROP {sql.word(start + 1).upper()}")


def _alter_table(sql: Sql, start: int, end: int) -> Rewritten:
    names, _ = views.listed_names(sql, start + 2)
    retyping = "type" in (sql.word(at) for at in range(start, end)) and "alter" in sql.words(
        _after_name(sql, start + 2), 1
    )
    return views.locking_readers(tables.alter_table(sql, start, end), names, "ALTER TABLE", outside_blocks=retyping)


def _after_name(sql: Sql, at: int) -> int:
    at += 1
    while sql.word(at) == ".":
        at += 2
    return at


def _owner(sql: Sql, start: int, end: int) -> Rewritten:
    """ALTER FUNCTION and ALTER PROCEDURE: the new owner keeps the case of a quoted name."""
    if sql.words(end - 3, 2) == ("owner", "to"):
        sql.as_written.add(end - 1)
    return Rewritten(sql.render(start, end))


def _procedure(sql: Sql, start: int, end: int) -> Rewritten:
    return routines.create_procedure(sql, start, end, embedded)


def _explain(sql: Sql, start: int, end: int) -> Rewritten:
    first = start + (2 if sql.word(start + 1) in ("verbose", "analyze") else 1)
    return Rewritten(f"{sql.render(start, first)} {statement(sql, first, end).sql}")


def _show(sql: Sql, start: int, end: int) -> Rewritten:
    return (showing.show_object if sql.word(start + 1) in showing.OBJECTS else settings.show)(sql, start, end)


def _analyze(sql: Sql, start: int, end: int) -> Rewritten:
    return nothing("ANALYZE")


def _comment(sql: Sql, start: int, end: int) -> Rewritten:
    """COMMENT; on columns, only where they are not a late-binding view's."""
    if sql.words(start + 1, 2) != ("on", "column"):
        return _as_is(sql, start, end)
    dots = [at for at in range(start, end) if sql.word(at) == "."]
    relation = sql.render(start + 3, dots[-1]) if dots else ""
    return _unless(_as_is(sql, start, end), [relation], "late", "COMMENT on a column of a late-binding view", "COMMENT")


def _grant(sql: Sql, start: int, end: int) -> Rewritten:
    """GRANT and REVOKE; on columns, only where they are not a late-binding view's."""
    made = principals.grant(sql, start, end)
    on = next((at for at in range(start, end) if sql.word(at) == "on"), end)
    if not any(sql.word(at) == "(" for at in range(start, on)) or made.tag is not None:
        return made
    names, _ = views.listed_names(sql, on + (2 if sql.word(on + 1) == "table" else 1))
    return _unless(made, names, "late", "A column-level privilege on a late-binding view", sql.word(start).upper())


def _lock(sql: Sql, start: int, end: int) -> Rewritten:
    """LOCK [TABLE] table, ...: no views. Outside a block it means nothing, and is no error
    (r_LOCK).
    """
    names, _ = views.listed_names(sql, start + (2 if sql.word(start + 1) == "table" else 1))
    return _unless(_as_is(sql, start, end), names, "view", "LOCK of a view", "LOCK TABLE")


def _unless(made: Rewritten, names: list[str], kind: str, what: str, tag: str) -> Rewritten:
    """A statement that is refused where one of these relations is a view ("view") or a late-binding
    one ("late").
    """
    listed = ", ".join(map(quote_string, names))
    call = f"CALL pg_veil.unless(ARRAY[{listed}]::text[], '{kind}', {quote_string(what)}, {quote_string(made.sql)})"
    return Rewritten(call, tag)


def _delete(sql: Sql, start: int, end: int) -> Rewritten:
    """DELETE [FROM] table ... (r_DELETE)."""
    if sql.word(start + 1) != "from":
        sql.insertions[start + 1] = " FROM "
    return _query(sql, start, end)


def _vacuum(sql: Sql, start: int, end: int) -> Rewritten:
    return Rewritten("CALL pg_veil.nothing_outside_blocks()", "VACUUM")


_CREATE: dict[str, Handler] = {
    "database": _database,
    "external": external.create_external,
    "function": routines.create_function,
    "group": principals.group,
    "materialized": _materialized,
    "procedure": _procedure,
    "role": principals.role,
    "schema": _schema,
    "table": tables.create_table,
    "user": principals.user,
    "view": views.create_view,
} | {
    word: _refused(f"CREATE {word.upper()}", LOCAL_LIMIT)
    for word in ("library", "masking", "rls", "datashare", "model", "identity")
}
_ALTER: dict[str, Handler] = {
    "database": _database,
    "default": principals.default_privileges,
    "function": _owner,
    "group": principals.group,
    "procedure": _owner,
    "role": principals.role,
    "schema": _schema,
    "table": _alter_table,
    "user": principals.user,
}
_DROP: dict[str, Handler] = {
    "database": _as_is,
    "function": _as_is,
    "group": _as_is,
    "materialized": _as_is,
    "procedure": _as_is,
    "role": principals.role,
    "schema": _as_is,
    "table": _drop,
    "user": principals.drop_user,
    "view": _drop,
}
_FIRST: dict[str, Handler] = (
    {
        "begin": settings.begin,
        "call": routines.call,
        "delete": _delete,
        "copy": copying.copy,
        "explain": _explain,
        "comment": _comment,
        "grant": _grant,
        "lock": _lock,
        "reset": settings.reset,
        "revoke": _grant,
        "savepoint": settings.savepoint,
        "set": settings.set_parameter,
        "show": _show,
        "start": settings.begin,
        "vacuum": _vacuum,
        "analyze": _analyze,
    }
    | {
        word: _refused(word.upper())
        for word in (
            "checkpoint",
            "discard",
            "do",
            "listen",
            "load",
            "notify",
            "unlisten",
            "reindex",
            "cluster",
            "import",
            "security",
            "reassign",
        )
    }
    | {word: _refused(word.upper(), LOCAL_LIMIT) for word in ("attach", "detach", "unload", "use")}
)


def statement(sql: Sql, start: int, end: int) -> Rewritten:
    """Rewrites one statement.

    Raises:
        RefusalError: Redshift would not accept it, or the local engine cannot.
    """
    first = sql.word(start)
    check_form(sql, start, end)
    if sql.scope.external:
        about_external = _external(sql, start, end)
        if about_external is not None:
            return about_external
    if first in ("create", "alter", "drop"):
        return _definition(sql, start, end)
    return _FIRST.get(first, _query)(sql, start, end)


def _external(sql: Sql, start: int, end: int) -> Rewritten | None:
    """What becomes of a statement about an external table or schema; None if it is about something
    else.
    """
    first, kind = sql.words(start, 2)
    name = start + (4 if sql.words(start + 2, 2) == ("if", "exists") else 2)
    if (first, kind) == ("drop", "schema") and sql.is_name(name) and sql.name(name) in sql.scope.external:
        return external.drop_schema(sql, start, end)
    if kind == "table" and first in ("drop", "alter") and external.is_external(sql, name):
        return (external.drop_table if first == "drop" else external.alter_table)(sql, start, end)
    if first in ("grant", "revoke") and external.is_grant_on_all_tables(sql, start, end):
        return nothing(first.upper())
    if first in ("insert", "update", "delete", "truncate", "grant", "revoke", "create", "drop"):
        external.refuse_write(sql, start, end)
    return None


def _definition(sql: Sql, start: int, end: int) -> Rewritten:
    first = sql.word(start)
    at = start + 1
    if sql.words(at, 2) == ("or", "replace"):
        at += 2
    while sql.word(at) in ("temp", "temporary", "local"):
        at += 1
    handlers = {"create": _CREATE, "alter": _ALTER, "drop": _DROP}[first]
    kind = sql.word(at)
    if kind not in handlers:
        raise RefusalError(
            "0A000", f"{first.upper()} {kind.upper()} is not supported", "Amazon Redshift has no such statement."
        )
    return handlers[kind](sql, start, end)


def embedded(sql: Sql, start: int, end: int) -> str:
    """Rewrites one statement of a procedure's body."""
    if start >= end:
        return ""
    first = sql.word(start)
    _check_in_procedure(sql, start)
    dynamic = _dynamic_statement(sql, start, end)
    if dynamic is not None:
        _plan_dynamic(sql, dynamic, end)
    elif first in ("create", "alter", "drop", "grant", "revoke", "set", "reset", "call", "copy", "comment"):
        return statement(sql, start, end).sql
    return rewrite_query(sql, start, end)


_NOT_IN_PROCEDURES = (
    ("create", "database"),
    ("drop", "database"),
    ("create", "external"),
    ("set", "local"),
    ("vacuum",),
    ("prepare",),
    ("savepoint",),
)


def _check_in_procedure(sql: Sql, start: int) -> None:
    """Source: "Stored procedure limitations" (stored-procedure-constraints)."""
    for words in _NOT_IN_PROCEDURES:
        if sql.words(start, len(words)) == words:
            raise unsupported(f"{' '.join(words).upper()} in a stored procedure")
    if sql.word(start) == "raise":
        _check_raise(sql, start)


def _check_raise(sql: Sql, start: int) -> None:
    """RAISE level 'format' [, variable [, ...]] (c_PLpgSQL-statements): its arguments are simple
    variables.
    """
    at = start + 1
    while at < len(sql.tokens) and sql.word(at) != ";":
        if sql.word(at) == "," and not (sql.is_name(at + 1) and sql.word(at + 2) in (",", ";", ".", "")):
            raise RefusalError(
                "42601", "RAISE takes variables only, no expressions", "Assign the value to a variable first."
            )
        at += 1


def _dynamic_statement(sql: Sql, start: int, end: int) -> int | None:
    """Where EXECUTE stands in EXECUTE text, FOR row IN EXECUTE text and OPEN cursor FOR EXECUTE
    text.
    """
    if sql.word(start) == "execute":
        return start
    if sql.word(start) in ("for", "open"):
        return next(
            (at for at in range(start, end) if sql.word(at) == "execute" and sql.word(at - 1) in ("in", "for")), None
        )
    return None


def _plan_dynamic(sql: Sql, at: int, end: int) -> None:
    """EXECUTE text [INTO target]: the text is rewritten when it is run."""
    if any(sql.word(k) == "using" for k in range(at, end)):
        raise RefusalError(
            "42601",
            'syntax error at or near "USING"',
            "Redshift has no EXECUTE ... USING; build the text with quote_ident and quote_literal.",
        )
    stop = at + 1
    while stop < end and sql.word(stop) != "into":
        stop = sql.closing(stop) + 1 if sql.word(stop) in OPENING else stop + 1
    sql.replace(at + 1, stop, f"pg_veil.rewritten({sql.render(at + 1, stop)})")

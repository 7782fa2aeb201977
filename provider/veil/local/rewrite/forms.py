"""Forms of statements that PostgreSQL has and Redshift has not.

Source: Amazon Redshift Database Developer Guide, "SQL commands": the page of each statement, and
"Unsupported PostgreSQL features".
"""

from __future__ import annotations

from collections.abc import Callable

from veil.local.rewrite.edits import OPENING, Sql
from veil.local.rewrite.errors import LOCAL_LIMIT, RefusalError, unsupported
from veil.local.rewrite.reserved import check_name

_COMMENTED = frozenset({"table", "column", "constraint", "database", "view", "schema"})
_WITHOUT_IF_EXISTS = frozenset({"function", "procedure", "group", "role"})
_POLICIES = "The local engine has no row-level security and no dynamic data masking; a cluster has."
_NOT_DONE = frozenset(
    {"attach", "cluster", "detach", "disable", "enable", "inherit", "no", "replica", "reset", "validate"}
)
_VARYING = frozenset({"varchar", "nvarchar", "text"})
_NOT_GRANTED_ON = frozenset({"domain", "foreign", "large", "parameter", "routine", "sequence", "tablespace", "type"})
_OF_POSTGRESQL = frozenset({"inherits", "partition", "tablespace", "with", "using", "on"})


_LEVELS = (("serializable",), ("repeatable", "read"), ("read", "committed"), ("read", "uncommitted"), ("snapshot",))
_TRANSACTION = (("read", "only"), ("read", "write"), *(("isolation", "level", *level) for level in _LEVELS))
_OF_DATABASE = frozenset({"template", "encoding", "locale", "lc_collate", "lc_ctype", "tablespace", "strategy", "oid"})
_PRIVILEGES = frozenset({"connect", "maintain", "trigger", "rule"})
"""What PostgreSQL grants, and Redshift calls unsupported or does not have."""


def check_form(sql: Sql, start: int, end: int) -> None:
    """Refuses a form that Redshift's grammar does not have.

    Raises:
        RefusalError: a syntax error where Redshift would see one; policies by their names.
    """
    _check_policies(sql, start, end)
    check = _CHECKS.get(sql.word(start))
    if check is not None:
        check(sql, start, end)


def _near(sql: Sql, at: int, hint: str) -> RefusalError:
    return RefusalError("42601", f'syntax error at or near "{sql.raw(at, at + 1).upper()}"', hint)


def _check_policies(sql: Sql, start: int, end: int) -> None:
    first, at = sql.word(start), start + 1
    if first not in ("create", "alter", "drop", "attach", "detach", "show"):
        return
    if sql.word(at) in ("rls", "masking") and sql.word(at + 1) in ("policy", "policies"):
        raise unsupported(" ".join(sql.words(start, 3)).upper(), _POLICIES)
    if sql.words(start, 2) == ("show", "policies"):
        raise unsupported("SHOW POLICIES", _POLICIES)
    if first == "alter" and any(sql.words(k, 3) == ("row", "level", "security") for k in range(start, end)):
        raise unsupported("ALTER TABLE ... ROW LEVEL SECURITY", _POLICIES)
    if first == "alter" and any(sql.words(k, 2) in (("masking", "on"), ("masking", "off")) for k in range(start, end)):
        raise unsupported("ALTER TABLE ... MASKING", _POLICIES)


def _comment(sql: Sql, start: int, end: int) -> None:
    if sql.word(start + 1) == "on" and sql.word(start + 2) not in _COMMENTED:
        raise _near(
            sql, start + 2, "Redshift has comments on tables, columns, constraints, databases, views and schemas."
        )


def _drop(sql: Sql, start: int, end: int) -> None:
    if sql.word(start + 1) in _WITHOUT_IF_EXISTS and sql.words(start + 2, 2) == ("if", "exists"):
        raise _near(sql, start + 3, f"Redshift has no DROP {sql.word(start + 1).upper()} IF EXISTS.")
    if sql.word(start + 1) == "procedure" and sql.word(end - 1) in ("cascade", "restrict"):
        raise _near(sql, end - 1, "Redshift has no DROP PROCEDURE ... CASCADE.")


def _revoke(sql: Sql, start: int, end: int) -> None:
    _check_granted_kind(sql, start, end)
    if sql.word(end - 1) == "cascade":
        raise _near(sql, end - 1, "Redshift has no REVOKE ... CASCADE.")


def _check_granted_kind(sql: Sql, start: int, end: int) -> None:
    """Refuses what PostgreSQL grants things on and Redshift has not."""
    on = next((at for at in range(start, end) if sql.word(at) == "on"), end)
    if sql.words(on + 1, 2) == ("all", "sequences"):
        raise _near(sql, on + 2, "Redshift has no sequences.")
    if sql.word(on + 1) in _NOT_GRANTED_ON and sql.is_name(on + 2) and sql.word(on + 2) not in ("to", "from"):
        raise _near(sql, on + 1, "Redshift grants nothing on that.")


def _grant(sql: Sql, start: int, end: int) -> None:
    _check_granted_kind(sql, start, end)
    if sql.word(start + 1) in _PRIVILEGES and sql.word(start + 2) in ("on", ","):
        raise _near(sql, start + 1, "Redshift has no such privilege.")
    towards = max((at for at in range(start, end) if sql.word(at) == "to"), default=end)
    if sql.word(towards + 1) in ("current_user", "session_user", "current_role"):
        raise _near(sql, towards + 1, "Name the user.")
    if (granted := next((at for at in range(towards, end) if sql.words(at, 2) == ("granted", "by")), None)) is not None:
        raise _near(sql, granted, "Redshift has no GRANTED BY.")
    to_others = any(sql.word(at) in ("group", "public") for at in range(towards, end))
    if sql.words(end - 3, 3) == ("with", "grant", "option") and to_others:
        raise RefusalError("0LP01", "grant options can only be granted to users")


def _alter(sql: Sql, start: int, end: int) -> None:
    if sql.words(start, 3) == ("alter", "default", "privileges"):
        _revoke(sql, start, end)
        if sql.words(start + 3, 2) == ("for", "role"):
            raise _near(sql, start + 4, "Redshift has ALTER DEFAULT PRIVILEGES FOR USER.")
    if sql.word(start + 1) != "table":
        return
    if sql.words(start + 2, 2) in (("if", "exists"), ("only",)):
        raise _near(sql, start + 2, "Redshift has ALTER TABLE name.")
    _check_action(sql, start, end)
    at = start
    while at < end:
        if sql.word(at) == ",":
            raise _near(sql, at, "ALTER TABLE does one thing at a time on Redshift.")
        at = sql.closing(at) + 1 if sql.word(at) in OPENING else at + 1


def _check_action(sql: Sql, start: int, end: int) -> None:
    """Refuses what PostgreSQL does to a table and Redshift does not: of a column it changes the
    size of a VARCHAR and no other type.
    """
    at = start + 3
    while sql.word(at) == ".":
        at += 2
    if sql.word(at) in _NOT_DONE or sql.words(at, 2) in (
        ("set", "schema"),
        ("set", "("),
        ("set", "tablespace"),
        ("set", "logged"),
    ):
        raise _near(sql, at, "It is PostgreSQL's.")
    if sql.words(at, 2) == ("add", "check") or (
        sql.words(at, 2) == ("add", "constraint") and sql.word(at + 3) in ("check", "exclude")
    ):
        raise unsupported(f"{sql.word(at + (3 if sql.word(at + 1) == 'constraint' else 1)).upper()} constraints")
    if sql.word(at) == "add" and sql.word(at + 1) not in ("constraint", "primary", "unique", "foreign", "check"):
        keyed = next((k for k in range(at + 2, end) if sql.word(k) in ("unique", "primary", "references")), None)
        if keyed is not None:
            raise _near(sql, keyed, "A column is added without a key; add that by ADD CONSTRAINT.")
    column = at + (2 if sql.words(at, 2) == ("alter", "column") else 1)
    if sql.word(at) == "alter" and sql.word(column + 1) in ("set", "drop"):
        raise _near(
            sql, column + 1, "Redshift alters the type of a column and its compression, and nothing else of it."
        )
    varying = sql.word(column + 2) in _VARYING or sql.words(column + 2, 2) == ("character", "varying")
    if sql.word(at) == "alter" and sql.word(column + 1) == "type" and not varying:
        what = f'type of column "{sql.name(column)}" cannot be altered'
        raise RefusalError("0A000", what, "Redshift alters the size of a VARCHAR only.")


def _set(sql: Sql, start: int, end: int) -> None:
    """SET and RESET: whoever has a role has it all the time, and acts as nobody else for that
    (r_CREATE_ROLE, r_SET).
    """
    at = start + (2 if sql.word(start + 1) in ("local", "session") else 1)
    if sql.word(at) == "role":
        raise _near(sql, at, "Redshift has no SET ROLE: the roles that a user holds are in force.")


def _after_name(sql: Sql, at: int) -> int:
    at += 1
    while sql.word(at) == ".":
        at += 2
    return at


def _insert(sql: Sql, start: int, end: int) -> None:
    """INSERT INTO table [(columns)] ...: the table has no alias (r_INSERT_30)."""
    at = _after_name(sql, start + 2)
    if sql.words(start, 2) == ("insert", "into") and sql.word(at) == "as":
        raise _near(sql, at, "The table of an INSERT has no alias.")


def _update(sql: Sql, start: int, end: int) -> None:
    """UPDATE ... SET column = value, ...: one by one (r_UPDATE)."""
    at = start
    while at < end:
        if sql.word(at) == "set" and sql.word(at + 1) == "(":
            raise _near(sql, at + 1, "Set each column by itself.")
        at = sql.closing(at) + 1 if sql.word(at) in OPENING else at + 1


def _prepare(sql: Sql, start: int, end: int) -> None:
    if sql.words(start, 2) == ("prepare", "transaction"):
        raise _near(sql, start + 1, "Redshift has no two-phase commit.")


def _begin(sql: Sql, start: int, end: int) -> None:
    """BEGIN [WORK | TRANSACTION] [ISOLATION LEVEL level] [READ WRITE | READ ONLY], and START
    TRANSACTION (r_BEGIN).
    """
    at = start + (2 if sql.word(start + 1) in ("work", "transaction") else 1)
    while at < end:
        taken = next((len(option) for option in _TRANSACTION if sql.words(at, len(option)) == option), 0)
        if not taken:
            raise _near(sql, at, "Redshift has BEGIN [ISOLATION LEVEL level] [READ WRITE | READ ONLY].")
        at += taken + (sql.word(at + taken) == ",")


def _declare(sql: Sql, start: int, end: int) -> None:
    """DECLARE name CURSOR FOR query (declare). WITHOUT HOLD is what that means; psycopg2 says it,
    and a cluster takes it (sqlalchemy-redshift/sqlalchemy-redshift, issue 116).
    """
    if sql.word(start + 2) in ("scroll", "binary", "insensitive", "no", "asensitive"):
        raise _near(sql, start + 2, "Redshift has DECLARE name CURSOR FOR query.")
    if sql.words(start + 2, 1) == ("cursor",) and sql.word(start + 3) == "with":
        raise _near(sql, start + 3, "Redshift has DECLARE name CURSOR FOR query.")


def _merge(sql: Sql, start: int, end: int) -> None:
    """MERGE: what matches is updated or deleted, what does not is inserted, and nothing is asked
    besides (r_MERGE).
    """
    for at in range(start, end):
        if sql.words(at, 2) == ("do", "nothing") and sql.word(at - 1) == "then":
            raise _near(sql, at, "Redshift updates or deletes what matches, and inserts what does not.")
        if sql.words(at, 2) == ("matched", "and"):
            raise _near(sql, at + 1, "Redshift asks nothing besides whether rows match.")
    if sql.words(end - 2, 2) == ("remove", "duplicates"):
        raise unsupported("MERGE ... REMOVE DUPLICATES", LOCAL_LIMIT)


def _truncate(sql: Sql, start: int, end: int) -> None:
    """TRUNCATE [TABLE] table (r_TRUNCATE)."""
    at = start + (2 if sql.word(start + 1) == "table" else 1)
    following = next(
        (k for k in range(at, end) if sql.word(k) in (",", "cascade", "restrict", "restart", "continue")), None
    )
    if following is not None:
        raise _near(sql, following, "Redshift truncates one table, and nothing with it.")


def _explain(sql: Sql, start: int, end: int) -> None:
    """EXPLAIN [VERBOSE] query (r_EXPLAIN)."""
    if sql.word(start + 1) in ("analyze", "("):
        raise _near(sql, start + 1, "Redshift has EXPLAIN [VERBOSE] query.")


def _lock(sql: Sql, start: int, end: int) -> None:
    mode = next((at for at in range(start, end) if sql.word(at) in ("in", "nowait")), None)
    if mode is not None:
        raise _near(sql, mode, "Redshift has one kind of LOCK: ACCESS EXCLUSIVE.")


def _values(sql: Sql, start: int, end: int) -> None:
    raise _near(sql, start, "Redshift has VALUES in INSERT only.")


def _table(sql: Sql, start: int, end: int) -> None:
    raise _near(sql, start, "Write SELECT * FROM the table.")


def _create(sql: Sql, start: int, end: int) -> None:
    at = start + 1
    while sql.word(at) in ("or", "replace", "temp", "temporary", "local", "materialized"):
        at += 1
    kind, name = sql.word(at), at + 1
    if sql.words(name, 3) == ("if", "not", "exists"):
        name += 3
    if kind in ("table", "view", "role", "group", "database") and sql.is_name(name):
        while sql.word(name + 1) == "." and sql.is_name(name + 2):
            name += 2
        if sql.word(name - 1) != ".":  # after a dot any word is a name
            check_name(sql, name)
    if kind == "role" and sql.name(name).lower().startswith(("sys:", "ds:")):
        raise RefusalError(
            "42939", f'role name "{sql.name(name)}" is reserved', "Names with sys: and ds: are Redshift's own."
        )
    if kind == "database" and (option := next((k for k in range(name, end) if sql.word(k) in _OF_DATABASE), None)):
        raise _near(sql, option, "It is PostgreSQL's.")
    if kind == "table":
        _create_table(sql, name + 1, end)
    if kind == "user" and not any(sql.word(k) == "password" for k in range(name, end)):
        raise RefusalError("42601", "CREATE USER needs a PASSWORD", "PASSWORD DISABLE makes a user without one.")


def _create_table(sql: Sql, at: int, end: int) -> None:
    """What stands after the columns: Redshift has storage attributes there, PostgreSQL much else.
    One column distributes the rows.
    """
    if sql.word(at) == "(":
        keyed = [k for first, last in sql.arguments(at) for k in range(first + 1, last) if sql.word(k) == "distkey"]
        if len(keyed) > 1:
            raise RefusalError("42P16", "multiple DISTKEYs are not allowed", "A table has one column for a DISTKEY.")
        at = sql.closing(at) + 1
        by_key = any(sql.words(k, 2) == ("diststyle", "key") for k in range(at, end))
        if by_key and not keyed and not any(sql.word(k) == "distkey" for k in range(at, end)):
            raise RefusalError("42P16", "DISTSTYLE KEY needs a DISTKEY", "Name the column that distributes the rows.")
    if sql.word(at) in _OF_POSTGRESQL:
        raise _near(sql, at, "It is PostgreSQL's.")


_CHECKS: dict[str, Callable[[Sql, int, int], None]] = {
    "alter": _alter,
    "begin": _begin,
    "comment": _comment,
    "create": _create,
    "declare": _declare,
    "drop": _drop,
    "explain": _explain,
    "grant": _grant,
    "insert": _insert,
    "lock": _lock,
    "merge": _merge,
    "prepare": _prepare,
    "reset": _set,
    "revoke": _revoke,
    "set": _set,
    "start": _begin,
    "table": _table,
    "truncate": _truncate,
    "update": _update,
    "values": _values,
}

"""Users, groups and roles, and what is granted to them.

On PostgreSQL all three are roles in one namespace. A user can sign in, a group is a role that
cannot, and a role of Redshift's own kind is one that cannot and has a connection limit of 0, which
marks it.
"""

from __future__ import annotations

import re

from veil.local.cluster.settings import REDSHIFT_PARAMETERS
from veil.local.rewrite.edits import Sql
from veil.local.rewrite.errors import RefusalError, unsupported
from veil.local.rewrite.lexer import Kind, quote_string, string_value
from veil.local.rewrite.result import Rewritten
from veil.local.rewrite.statements.settings import check_known

_DIGEST = re.compile(r"md5[0-9a-f]{32}")
_SYSTEM_PERMISSIONS = {
    ("access", "system", "table"): "pg_read_all_stats",
    ("access", "catalog"): "pg_read_all_settings",
}
"""What a role of PostgreSQL's own stands for; the views of sql/21_principals.sql read them back."""

_SYSLOG = "pg_checkpoint"
"""The role of PostgreSQL's own that stands for SYSLOG ACCESS UNRESTRICTED, which users have and not
roles.
"""

_SCOPED_PRIVILEGES = ("select", "insert", "update", "delete")

_UNSUPPORTED_PRIVILEGES = frozenset({"drop", "alter"})


def user(sql: Sql, start: int, end: int) -> Rewritten:
    """CREATE USER and ALTER USER."""
    sql.as_written.add(start + 2)
    at = start + 3
    if sql.word(at) in ("set", "reset"):
        check_known(sql.name(at + 1))
        if sql.word(at + 1) in REDSHIFT_PARAMETERS:
            return _parameter_of_user(sql, start, end)
    if sql.word(start) == "alter" and sql.words(at, 2) == ("syslog", "access") and at + 3 == end:
        name, unrestricted = sql.render(start + 2, start + 3), sql.word(at + 2) == "unrestricted"
        return Rewritten(
            f"GRANT {_SYSLOG} TO {name}" if unrestricted else f"REVOKE {_SYSLOG} FROM {name}", "ALTER USER"
        )
    while at < end:
        at = _user_option(sql, at)
    if sql.words(start + 3, 2) == ("rename", "to"):
        sql.as_written.add(start + 5)
    return Rewritten(sql.render(start, end))


def _parameter_of_user(sql: Sql, start: int, end: int) -> Rewritten:
    """ALTER USER u SET parameter { TO | = } value, and RESET parameter: what the user's next
    sessions begin with.
    """
    sql.replace(start + 4, start + 5, f"veil.{sql.word(start + 4)}")
    if sql.word(start + 3) == "set" and sql.word(start + 6) != "default":
        value = sql.tokens[start + 6]
        given = string_value(value.word) if value.kind is Kind.STRING else value.word
        sql.replace(start + 6, start + 7, quote_string(given))
    return Rewritten(sql.render(start, end))


def _user_option(sql: Sql, at: int) -> int:
    word = sql.word(at)
    if word == "password":
        return _password(sql, at + 1)
    if word in ("createuser", "nocreateuser"):
        sql.replace(at, at + 1, "SUPERUSER" if word == "createuser" else "NOSUPERUSER")
    elif word in (
        "superuser",
        "nosuperuser",
        "createrole",
        "nocreaterole",
        "bypassrls",
        "replication",
        "inherit",
        "encrypted",
    ):
        raise RefusalError("42601", f'syntax error at or near "{word}"')
    elif sql.words(at, 2) in (("syslog", "access"), ("session", "timeout"), ("reset", "session")):
        sql.remove(at, at + 3)
        return at + 3
    elif word == "externalid":
        sql.remove(at, at + 2)
        return at + 2
    elif sql.words(at, 3) == ("connection", "limit", "unlimited"):
        sql.replace(at + 2, at + 3, "-1")
        return at + 3
    return at + 1


def _password(sql: Sql, at: int) -> int:
    if sql.word(at) == "disable":
        sql.replace(at, at + 1, "NULL")
    elif sql.tokens[at].kind is Kind.STRING:
        value = string_value(sql.tokens[at].word)
        if value.startswith("sha256|"):
            raise unsupported("A password as a SHA-256 digest", "This limit is the local engine's, not Redshift's.")
        if not _DIGEST.fullmatch(value) and not _is_strong(value):
            raise RefusalError(
                "22023",
                "password must have 8 to 64 characters, with an upper-case letter, a lower-case letter and a number",
                "Printable ASCII except ' \" \\ / @ and blanks.",
            )
    return at + 1


def _is_strong(password: str) -> bool:
    """Redshift's rule for passwords in the clear (CREATE USER)."""
    kinds = (str.isupper, str.islower, str.isdigit)
    allowed = all("!" <= letter <= "~" and letter not in "'\"\\/@" for letter in password)
    return allowed and 8 <= len(password) <= 64 and all(any(kind(letter) for letter in password) for kind in kinds)


def group(sql: Sql, start: int, end: int) -> Rewritten:
    """CREATE GROUP and ALTER GROUP: the users in them keep the case of their quoted names."""
    users = next((at for at in range(start + 3, end) if sql.word(at) == "user"), end)
    sql.as_written.update(range(users, end))
    return Rewritten(sql.render(start, end))


def role(sql: Sql, start: int, end: int) -> Rewritten:
    """CREATE ROLE, ALTER ROLE and DROP ROLE."""
    if sql.word(start) == "create":
        if end > start + 3 and sql.word(start + 3) != "externalid":
            raise RefusalError("42601", f'syntax error at or near "{sql.raw(start + 3, start + 4)}"')
        return Rewritten(f"{sql.render(start, start + 3)} CONNECTION LIMIT 0")
    if sql.word(start) == "drop" and sql.word(end - 1) in ("force", "restrict"):
        end -= 1
    return Rewritten(sql.render(start, end))


def drop_user(sql: Sql, start: int, end: int) -> Rewritten:
    """DROP USER."""
    sql.as_written.update(range(start, end))
    return Rewritten(sql.render(start, end))


def grant(sql: Sql, start: int, end: int) -> Rewritten:
    """GRANT and REVOKE, and the part of ALTER DEFAULT PRIVILEGES that begins with one of them."""
    if (scoped := _scoped(sql, start, end)) is not None:
        return scoped
    if not _plan_system_permission(sql, start):
        plan_grant(sql, start, end)
    return Rewritten(sql.render(start, end))


def _scoped(sql: Sql, start: int, end: int) -> Rewritten | None:
    """GRANT privilege FOR TABLES IN SCHEMA s TO user | ROLE r, ..., and its REVOKE; None where this
    is none of them.
    """
    given = sql.word(start)
    if sql.words(start + 2, 4) != ("for", "tables", "in", "schema") or sql.word(start + 1) not in _SCOPED_PRIVILEGES:
        return None
    at, grantees = start + 8, []
    if sql.word(start + 7) != ("to" if given == "grant" else "from"):
        raise unsupported("This scoped GRANT", "The local engine has FOR TABLES IN SCHEMA s TO users and roles.")
    while at < end:
        if sql.word(at) in ("group", "public"):
            raise RefusalError("0A000", "Scoped permissions are granted to users and roles only")
        at += sql.word(at) == "role"
        token = sql.tokens[at]
        grantees.append(token.word if token.kind is Kind.QUOTED else sql.name(at))
        at += 2
    names = ", ".join(map(quote_string, grantees))
    wanted, schema = quote_string(sql.word(start + 1).upper()), quote_string(sql.name(start + 6))
    giving = "true" if given == "grant" else "false"
    return Rewritten(f"CALL pg_veil.scope({giving}, {wanted}, {schema}, ARRAY[{names}])", given.upper())


def _plan_system_permission(sql: Sql, start: int) -> bool:
    """Whether this is about a system permission, which goes to a role and to nobody else; plans the
    edits if so.
    """
    for words, marker in _SYSTEM_PERMISSIONS.items():
        role_word = start + 2 + len(words)
        if sql.words(start + 1, len(words)) == words:
            if sql.word(role_word) != "role":
                raise RefusalError("42601", "system permissions are granted to roles only")
            sql.replace(start + 1, role_word - 1, marker)
            sql.remove(role_word, role_word + 1)
            return True
    return False


def plan_grant(sql: Sql, start: int, end: int) -> None:
    """Plans the edits of a GRANT or REVOKE."""
    towards = "to" if sql.word(start) == "grant" else "from"
    grantees = next((at for at in range(end - 1, start, -1) if sql.word(at) == towards), end)
    objects = next((at for at in range(start, grantees) if sql.word(at) == "on"), None)
    if objects is None and not any(sql.word(at) == "role" for at in range(start, grantees)):
        raise RefusalError(
            "42601", "GRANT needs ON an object or a ROLE", "System permissions are not supported by the local engine."
        )
    _check_granted(sql, start, objects if objects is not None else grantees, grantees)
    for at in range(start, end):
        if sql.word(at) == "role" and sql.is_name(at + 1) and sql.word(at - 1) != ".":
            sql.remove(at, at + 1)
    for at in range(grantees, end):
        if sql.tokens[at].kind is Kind.QUOTED and sql.word(at - 1) not in ("group", "role"):
            sql.as_written.add(at)


def _check_granted(sql: Sql, start: int, objects: int, grantees: int) -> None:
    scoped = ("schemas", "tables", "functions", "procedures", "languages", "copy")
    if any(sql.word(at) == "for" and sql.word(at + 1) in scoped for at in range(start, grantees)):
        raise unsupported("A scoped GRANT", "This limit is the local engine's, not Redshift's.")
    for at in range(start + 1, objects):
        if sql.word(at) in _UNSUPPORTED_PRIVILEGES:
            raise unsupported(
                f"The privilege {sql.word(at).upper()}", "This limit is the local engine's, not Redshift's."
            )


def default_privileges(sql: Sql, start: int, end: int) -> Rewritten:
    """ALTER DEFAULT PRIVILEGES [FOR USER u] [IN SCHEMA s] GRANT | REVOKE ... ON TABLES | FUNCTIONS
    | PROCEDURES ...
    """
    action = next((at for at in range(start, end) if sql.word(at) in ("grant", "revoke")), end)
    for at in range(start, action):
        if sql.word(at) == "user":
            sql.as_written.add(at + 1)
    plan_grant(sql, action, end)
    for at in range(action, end):
        if sql.word(at) == "procedures" and sql.word(at - 1) == "on":
            sql.replace(at, at + 1, "ROUTINES")
    return Rewritten(sql.render(start, end))

"""Privileges on what veil made that nobody should hold: in words, and the statements that take them
back.
"""

from collections.abc import Iterable

from veil.warehouse import EVERYBODY_READS, PUBLIC, Grant, Grantee, ViewState, identifier, qualified


def excess(state: ViewState, *, public: bool = True) -> list[Grant]:
    """What is granted on a view of ours beyond what its owner holds, and, where it is `public`,
    that everybody may select from it.
    """
    strange = state.grants - {EVERYBODY_READS} if public else state.grants
    return sorted(each for each in strange if each.grantee != Grantee("user", state.owner))


def was_granted(grant: Grant, what: str) -> str:
    """One line about a grant on `what`, such as "the view governed.customers"."""
    whole = f"the column {grant.column} of {what}" if grant.column else what
    onward = ", who may grant it to others" if grant.grantable else ""
    return f"{grant.privilege} on {whole} was granted to {named(grant.grantee)}{onward}"


def named(grantee: Grantee) -> str:
    """A grantee for people to read."""
    return grantee.name if grantee == PUBLIC else f"{grantee.type} {grantee.name}"


def may_be_passed_on(grants: Iterable[Grant]) -> bool:
    """Whether some holder may have granted a privilege on to others.

    What a holder granted, only that holder revokes, and the holder's own privilege is revoked only
    after that: REVOKE has no CASCADE in Redshift's documentation. What is made anew has no grants
    at all.
    """
    return any(each.grantable for each in grants)


def take_back(grants: Iterable[Grant], place: tuple[str, str]) -> list[str]:
    """Statements that leave the grantees of these grants without any privilege on a table or view,
    where none of them may have passed it on.
    """
    given, name = sorted(grants), qualified(*place)
    columns = sorted({(each.column, each.grantee) for each in given if each.column})
    return [
        *(f"REVOKE ALL ({identifier(column)}) ON {name} FROM {grantee.sql}" for column, grantee in columns),
        *(f"REVOKE ALL ON {name} FROM {grantee.sql}" for grantee in sorted({each.grantee for each in given})),
    ]


def take_back_table(grants: Iterable[Grant], place: tuple[str, str]) -> list[str]:
    """Statements that leave the grantees of these grants without any privilege on a table of ours.
    Where one may have passed it on, the table is made anew with its rows, and nobody but its owner
    holds anything on it.
    """
    given = list(grants)
    if not may_be_passed_on(given):
        return take_back(given, place)
    schema, table = place
    name, former = qualified(schema, table), f"{table}_made_anew"
    return [
        f"ALTER TABLE {name} RENAME TO {identifier(former)}",
        f"CREATE TABLE {name} (LIKE {qualified(schema, former)})",
        f"REVOKE ALL ON {name} FROM PUBLIC",
        f"INSERT INTO {name} SELECT * FROM {qualified(schema, former)}",
        f"DROP TABLE {qualified(schema, former)}",
    ]


def take_back_schema(grants: Iterable[Grant], schema: str) -> list[str]:
    """Statements that take these privileges on a schema itself, which nobody passed on, and no
    others.
    """
    return [
        f"REVOKE {each.privilege} ON SCHEMA {identifier(schema)} FROM {each.grantee.sql}"
        for each in sorted(grants)
        if each.privilege in _ON_SCHEMAS
    ]


_ON_SCHEMAS = frozenset({"CREATE", "USAGE", "ALTER", "DROP"})
"""Source: Amazon Redshift Developer Guide, "GRANT"."""

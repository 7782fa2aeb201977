"""What the account of a session may do."""

from collections.abc import Iterable
from dataclasses import dataclass

from veil.warehouse.memberships import read_memberships
from veil.warehouse.quoting import literals
from veil.warehouse.session import Session
from veil.warehouse.templates import render_one

SEES_GRANTS = "ACCESS SYSTEM TABLE"
"""The permission without which the catalog shows only what concerns oneself. Source: Amazon Redshift Database Developer
Guide, SVV_RELATION_PRIVILEGES and its kin.
"""
SEES_OBJECTS = "ACCESS CATALOG"
"""The permission without which metadata security hides what one has no rights on. Source: the same, Metadata security."""

_SYSTEM_ROLES = frozenset({"sys:monitor", "sys:operator", "sys:dba", "sys:superuser"})
"""Redshift's own roles that hold both."""


@dataclass(frozen=True, slots=True)
class Account:
    """Who is signed in. `permissions` are the system permissions of its roles; `creates_schemas` is about the
    session's database.
    """

    name: str
    is_superuser: bool
    creates_schemas: bool
    permissions: frozenset[str] = frozenset()

    @property
    def sees_grants(self) -> bool:
        """Whether the catalog shows what others are granted."""
        return self.is_superuser or SEES_GRANTS in self.permissions

    @property
    def sees_objects(self) -> bool:
        """Whether the catalog shows what the account has no rights on."""
        return self.is_superuser or SEES_OBJECTS in self.permissions


def read_account(session: Session) -> Account:
    """The account of this session. One query; four more where it is no superuser."""
    ((name, is_superuser, creates),) = session.query(render_one("reads/account", {}))
    if is_superuser:
        return Account(str(name), True, True)
    roles = {role for kind, role in read_memberships(session).get(str(name), frozenset()) if kind == "role"}
    rows = session.query(render_one("reads/system_permissions", {}))
    held = {str(permission).upper() for role, permission in rows if role in roles}
    if roles & _SYSTEM_ROLES:
        held |= {SEES_GRANTS, SEES_OBJECTS}
    return Account(str(name), False, bool(creates), frozenset(held))


def readable_tables(session: Session, schemas: Iterable[str]) -> frozenset[tuple[str, str]]:
    """The tables and views of these schemas of the session's database that its account may read. One query."""
    rows = session.query(render_one("reads/readable", {"schemas": literals(schemas)}))
    return frozenset((str(schema), str(table)) for schema, table in rows)

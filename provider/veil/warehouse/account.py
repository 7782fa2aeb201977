"""What the account of a session may do."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from veil.warehouse.layout import PROBE
from veil.warehouse.memberships import read_memberships
from veil.warehouse.quoting import literals
from veil.warehouse.session import Session
from veil.warehouse.templates import render_one

SEES_GRANTS = "ACCESS SYSTEM TABLE"
"""The permission without which the catalog shows only what concerns oneself. Source: Amazon
Redshift Database Developer Guide, SVV_SCHEMA_PRIVILEGES and its kin. SVV_RELATION_PRIVILEGES alone
names SYSLOG ACCESS UNRESTRICTED instead, so that holding it proves nothing: what is seen does.
"""
SEES_RELATIONS = "SYSLOG ACCESS UNRESTRICTED"
"""What may be needed besides. Source: the same, SVV_RELATION_PRIVILEGES. It shows the text of
everybody's queries, too.
"""
SEES_OBJECTS = "ACCESS CATALOG"
"""The permission without which metadata security hides what one has no rights on. Source: the same,
Metadata security.
"""

_SYSTEM_ROLES = frozenset({"sys:monitor", "sys:operator", "sys:dba", "sys:superuser"})
"""Redshift's own roles that hold both."""


@dataclass(frozen=True, slots=True)
class Account:
    """Who is signed in. `permissions` are the system permissions of its roles; `creates_schemas` is
    about the session's database; `sees_relations` is whether the catalog showed what the probe's
    role is granted on a relation.
    """

    name: str
    is_superuser: bool
    creates_schemas: bool
    permissions: frozenset[str] = frozenset()
    sees_relations: bool = False

    @property
    def may_see_grants(self) -> bool:
        """Whether the account has the permission with which the catalog is to show what others are
        granted.
        """
        return self.is_superuser or SEES_GRANTS in self.permissions

    @property
    def sees_grants(self) -> bool:
        """Whether the catalog shows what others are granted: for relations that is seen, and not
        concluded.
        """
        return self.is_superuser or (self.may_see_grants and self.sees_relations)

    @property
    def sees_objects(self) -> bool:
        """Whether the catalog shows what the account has no rights on."""
        return self.is_superuser or SEES_OBJECTS in self.permissions


def read_account(session: Session, *, sees_relations: bool | None = None) -> Account:
    """The account of this session. One query; five more where it is no superuser, four where it is
    known whether it `sees_relations`: it sees them in all databases or in none.
    """
    ((name, is_superuser, creates),) = session.query(render_one("reads/account", {}))
    if is_superuser:
        return Account(str(name), True, True)
    roles = {role for kind, role in read_memberships(session).get(str(name), frozenset()) if kind == "role"}
    rows = session.query(render_one("reads/system_permissions", {}))
    held = {str(permission).upper() for role, permission in rows if role in roles}
    if roles & _SYSTEM_ROLES:
        held |= {SEES_GRANTS, SEES_OBJECTS}
    seen = _sees_relations(session, roles) if sees_relations is None else sees_relations
    return Account(str(name), False, bool(creates), frozenset(held), seen)


def _sees_relations(session: Session, own_roles: AbstractSet[str]) -> bool:
    """Whether the probe's grant is seen, by an account that is not in the probe's role."""
    rows = session.query(render_one("reads/probe_grants", {}))
    return any(str(role).endswith(PROBE) and role not in own_roles for (role,) in rows)


def readable_tables(session: Session, schemas: Iterable[str]) -> frozenset[tuple[str, str]]:
    """The tables and views of these schemas of the session's database that its account may read.
    One query, where there are any.
    """
    wanted = frozenset(schemas)
    rows = session.query(readable_question(wanted)) if wanted else ()
    return frozenset((str(schema), str(table)) for schema, table in rows)


def readable_question(schemas: Iterable[str]) -> str:
    """The statement of `readable_tables`."""
    return render_one("reads/readable", {"schemas": literals(schemas)})

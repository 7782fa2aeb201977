"""Which groups and roles of the warehouse a user is in."""

from veil.warehouse.quoting import literal
from veil.warehouse.session import Session
from veil.warehouse.templates import render_one


def read_memberships(session: Session, user: str) -> frozenset[tuple[str, str]]:
    """The user's groups and roles, as ("group", name) and ("role", name); roles held through roles included.

    Four queries: groups, role grants, grants of roles to roles, and one that says whether the user is a
    superuser, who shows as the member ("superuser", user).
    """
    name = {"user": literal(user)}
    groups = {("group", str(row[0])) for row in session.query(render_one("reads/groups_of_user", name))}
    held = {str(row[0]) for row in session.query(render_one("reads/roles_of_user", name))}
    granted = [(str(row[0]), str(row[1])) for row in session.query(render_one("reads/roles_of_roles", {}))]
    while more := {inner for outer, inner in granted if outer in held} - held:
        held |= more
    is_super = session.query(render_one("reads/is_superuser", name))
    supers = {("superuser", user)} if is_super and is_super[0][0] else set()
    return frozenset(groups | {("role", role) for role in held} | supers)

"""Which groups and roles of the warehouse its users are in."""

from collections.abc import Iterable, Mapping

from veil.warehouse.session import Row, Session
from veil.warehouse.templates import render_one

Memberships = Mapping[str, frozenset[tuple[str, str]]]
"""By user, groups as ("group", name) and roles as ("role", name). A user in none of either may be
left out.
"""


def read_memberships(session: Session) -> Memberships:
    """The memberships of all users, roles held through roles included. Three queries."""
    groups = _by_first(session.query(render_one("reads/members_of_groups", {})))
    roles = _by_first(session.query(render_one("reads/members_of_roles", {})))
    granted = _by_first(session.query(render_one("reads/roles_of_roles", {})))
    return {
        user: frozenset(
            {("group", name) for name in groups.get(user, ())}
            | {("role", name) for name in _reached(roles.get(user, ()), granted)}
        )
        for user in groups.keys() | roles.keys()
    }


def _by_first(rows: Iterable[Row]) -> dict[str, set[str]]:
    grouped: dict[str, set[str]] = {}
    for first, second in rows:
        grouped.setdefault(str(first), set()).add(str(second))
    return grouped


def _reached(roles: Iterable[str], granted: Mapping[str, set[str]]) -> set[str]:
    held = set(roles)
    while more := {inner for outer in held for inner in granted.get(outer, ())} - held:
        held |= more
    return held

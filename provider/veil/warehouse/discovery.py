"""Finding what is installed, and what stands where we would install."""

from veil.warehouse.errors import WarehouseError
from veil.warehouse.layout import Layout
from veil.warehouse.quoting import literals
from veil.warehouse.session import Session
from veil.warehouse.templates import names, render_one

_WITH_READ_ONLY_ROLE = 2
"""The version of the schemas from which on the mark names such a role."""


def find_layouts(session: Session) -> tuple[Layout, ...]:
    """The integrations of this database, by the mark that each leaves in its system schema.

    Anybody who may create schemas can leave such a mark. So where some of them are ours, only those count; a user that
    owns none (a read-only one) gets all, each with its `owner`.
    """
    markers = session.query(render_one("reads/markers", {}))
    ours = [row for row in markers if row[1] == row[2]]
    found = (_layout(session, str(row[0]), str(row[1])) for row in ours or markers)
    return tuple(layout for layout in found if layout is not None)


def _layout(session: Session, system: str, owner: str) -> Layout | None:
    prefix = system.removesuffix("_system")
    try:
        probe = Layout(prefix, view_schema="-")
        rows = session.query(render_one("reads/integration", {"system": f'"{probe.system}"'}))
        (mark,) = rows
        return Layout(
            prefix,
            view_schema=str(mark[2]),
            owner=owner,
            impersonation_group=mark[3],
            read_only_role=_read_only_role(session, probe) if int(mark[0]) >= _WITH_READ_ONLY_ROLE else None,
        )
    except (ValueError, WarehouseError):
        return None  # a table of that name that is not our mark, or one that we may not read


def _read_only_role(session: Session, layout: Layout) -> str | None:
    (row,) = session.query(render_one("reads/read_only_role", names(layout)))
    return None if row[0] is None else str(row[0])


def check_foreign(session: Session, layout: Layout) -> list[str]:
    """What stands in the places of this layout and belongs to somebody else, as sentences. Empty: we may install.

    Looks at the view schema itself and at the three schemas of our own with everything in them.
    """
    me = str(session.query(render_one("reads/current_user", {}))[0][0])
    own = literals(layout.own_schemas)
    schemas = session.query(
        render_one("reads/schema_owners", {"schemas": literals((*layout.own_schemas, layout.view_schema))})
    )
    relations = session.query(render_one("reads/relation_owners", {"schemas": own}))
    routines = session.query(render_one("reads/routines", {"schemas": own}))
    found = [(f"The schema {name}", owner) for name, owner in schemas]
    found += [(f"The table or view {schema}.{name}", owner) for schema, name, owner in relations]
    found += [(f"The procedure or function {schema}.{name}", owner) for schema, name, _, owner, *_ in routines]
    return sorted(f"{what} belongs to {owner}, not to {me}." for what, owner in found if owner != me)

"""Removing an integration, and nothing else: its objects one by one, and each schema in which
nothing is left then.
"""

from collections.abc import Collection

from veil.warehouse.install import expected_routines, expected_tables, expected_views
from veil.warehouse.installed import Installed
from veil.warehouse.layout import Layout
from veil.warehouse.quoting import identifier, qualified
from veil.warehouse.relations import RelationKind

Place = tuple[str, str]


def uninstall_statements(layout: Layout, installed: Installed, views: Collection[Place]) -> list[str]:
    """Everything that removes an integration of which `installed` is still there, to be run in ONE
    transaction. `views` are the governed views to go with it. What others made stays, and the
    schemas that it is in.
    """
    tables, own_views = _own(layout, installed)
    # Where they are bound, one depends on those that were made before it.
    last_first = [place for place in reversed(expected_views(layout)) if place in own_views]
    routines = sorted(expected_routines(layout).keys() & installed.routines.keys())
    emptied = [schema for schema in _schemas(layout, installed) if not _left(layout, installed, views, schema)]
    return [
        *(f"DROP VIEW IF EXISTS {qualified(*place)}" for place in sorted(views)),
        *(f"DROP {each.sql}" for each in routines),
        *(f"DROP VIEW {qualified(*place)}" for place in last_first),
        *(f"DROP TABLE {qualified(*place)}" for place in sorted(tables)),
        *(f"DROP SCHEMA {identifier(schema)} RESTRICT" for schema in emptied),
    ]


def schemas_left(layout: Layout, installed: Installed, views: Collection[Place]) -> list[str]:
    """The schemas of the layout that stay, because something of others is in them or they are
    somebody else's.
    """
    removed = [schema for schema in _schemas(layout, installed) if not _left(layout, installed, views, schema)]
    return [
        each
        for each in (*layout.own_schemas, layout.view_schema)
        if each in installed.schema_owners.keys() - {*removed}
    ]


def _own(layout: Layout, installed: Installed) -> tuple[set[Place], set[Place]]:
    """Our tables and our views, as far as they are there and are no other thing of that name."""
    tables = {place for place in expected_tables(layout) if installed.kinds.get(place) is RelationKind.TABLE}
    views = {place for place in expected_views(layout) if installed.kinds.get(place) is RelationKind.VIEW}
    return tables, views


def _schemas(layout: Layout, installed: Installed) -> list[str]:
    """The schemas that are there and ours to drop. That of the views may have been somebody's
    before.
    """
    ours = {layout.owner, installed.account}
    view_schema = [layout.view_schema] if installed.schema_owners.get(layout.view_schema) in ours else []
    return [schema for schema in (*layout.own_schemas, *view_schema) if schema in installed.schema_owners]


def _left(layout: Layout, installed: Installed, views: Collection[Place], schema: str) -> bool:
    """Whether something is in a schema once all of ours is gone."""
    tables, own_views = _own(layout, installed)
    relations = {place for place in installed.kinds if place[0] == schema} - tables - own_views - set(views)
    routines = {each for each in installed.routines if each.schema == schema} - expected_routines(layout).keys()
    return bool(relations or routines)

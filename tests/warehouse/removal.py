"""What an installation is made of, for tests that remove it."""

from veil.warehouse import (
    Installed,
    Layout,
    RelationKind,
    RoutineState,
    ViewState,
    expected_routines,
    expected_tables,
    expected_views,
    identifier,
)

OWNER = "veil"


def complete(layout: Layout) -> Installed:
    """A whole installation that nobody else put anything into."""
    schemas = (*layout.own_schemas, layout.view_schema)
    kinds = dict.fromkeys(expected_tables(layout), RelationKind.TABLE)
    kinds |= dict.fromkeys(expected_views(layout), RelationKind.VIEW)
    return Installed(
        account=OWNER,
        schema_owners=dict.fromkeys(schemas, OWNER),
        schema_privileges={},
        owners=dict.fromkeys(kinds, OWNER),
        kinds=kinds,
        table_grants={},
        views={place: ViewState(text, OWNER) for place, text in expected_views(layout).items()},
        routines={each: RoutineState(body, OWNER, False, True) for each, body in expected_routines(layout).items()},
        group_exists=True,
    )


def clearing(layout: Layout) -> list[str]:
    """Drops the schemas of a layout with everything in them, whatever tests left there."""
    return [f"DROP SCHEMA IF EXISTS {identifier(each)} CASCADE" for each in (*layout.own_schemas, layout.view_schema)]

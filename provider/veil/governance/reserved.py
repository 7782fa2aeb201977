"""What lies in veil's own schemas: neither a data source, nor a lookup, nor a place for views."""

from veil.governance.errors import GovernanceError
from veil.model import DataSource, Integration
from veil.model.names import dotted, folded


def is_own_schema(schema: str, integration: Integration) -> bool:
    """Whether a schema of the integration's database is one of its own. Redshift folds names,
    quoted or not.
    """
    return folded(schema) in integration.own_schemas


def require_foreign_table(schema: str, table: str, integration: Integration) -> None:
    """Raise GovernanceError where the table of a data source is veil's own: it may hold what every
    user is.
    """
    if integration.other_database is None and is_own_schema(schema, integration):
        raise GovernanceError(
            "A table of veil's own cannot be a data source",
            f"{dotted(schema, table)} holds what veil decides by. Register the tables that hold your data.",
            ("schema",),
        )


def require_foreign_lookup(schema: str, table: str, integration: Integration, path: tuple[str | int, ...]) -> None:
    """Raise GovernanceError where a lookup reads what is veil's own, such as salts."""
    if is_own_schema(schema, integration):
        raise GovernanceError(
            "A table of veil's own cannot be a lookup",
            f"{dotted(schema, table)} holds what veil decides by. To ask about the user write @isInGroups, @hasAttribute "
            "or @attributeValuesContains.",
            path,
        )


def require_foreign_view(source: DataSource, integration: Integration) -> None:
    """Raise GovernanceError where a view would stand among veil's own."""
    if is_own_schema(source.view_schema, integration):
        raise GovernanceError(
            "A view cannot go into veil's own schemas",
            f"{source.view_schema} holds what veil decides by. Choose another view_schema.",
            ("view_schema",),
        )

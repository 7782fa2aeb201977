"""`data.veil_integration`: how another configuration finds the integration by name."""

from typing import TYPE_CHECKING

from veil.model import Integration
from veil.plugin import Context, DataSource, Model, PluginError, attribute, computed
from veil.resources.hcl.names import Name
from veil.resources.refusals import refused

if TYPE_CHECKING:
    from veil.resources.client import Client


class IntegrationDataModel(Model):
    """An integration that another configuration made, in the provider's database."""

    name: Name = attribute("Name of the integration.")
    id: str = computed("What `integration` of every resource takes.")
    mode: str = computed("Where the raw tables are: `single_database`, `multi_database` or `spectrum`.")
    database: str = computed("The database of the views and of veil's own schemas.")
    source_database: str | None = computed("With `multi_database`: the database of the raw tables.")
    view_schema: str = computed("Where views go unless a data source says otherwise.")
    schema_prefix: str = computed("Prefix of veil's own schemas.")


class IntegrationData(DataSource[IntegrationDataModel]):
    type_name = "veil_integration"
    model = IntegrationDataModel

    def read(self, config: IntegrationDataModel, ctx: Context) -> IntegrationDataModel:
        client: Client = ctx.client
        with refused():
            deployed = client.here.require()
        stored = deployed.integration
        if stored is None or stored.key != config.name or not isinstance(stored.thing, Integration):
            there = f" It has {stored.key!r}." if stored else ""
            raise PluginError(
                "No such integration",
                f"The provider's database has no integration {config.name!r}.{there}",
                path=("name",),
            )
        integration = stored.thing
        return config.model_copy(
            update={
                "id": stored.id,
                "mode": integration.mode,
                "database": integration.database,
                "source_database": integration.source_database,
                "view_schema": integration.view_schema,
                "schema_prefix": integration.schema_prefix,
            }
        )

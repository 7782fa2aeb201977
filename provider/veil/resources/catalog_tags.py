"""`data.veil_catalog_tags`: the tags that a data catalog gives tables and columns."""

from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator

from veil.model.names import split
from veil.plugin import Context, DataSource, Model, attribute, computed, importing
from veil.resources.hcl.names import Text
from veil.resources.tags.tables import TaggedTableModel, merged, models

if TYPE_CHECKING:
    from veil.resources.client import Client


def _of_two_parts(name: str) -> str:
    if len(split(name)) != 2:
        raise ValueError(f"{name!r} is not a table of a schema, such as src.customers.")
    return name


class CatalogTagsModel(Model):
    """Tags and descriptions that a data catalog holds, in the form that `veil_data_source` takes.
    The catalog is that of the provider's `catalog` block and speaks Immuta's custom REST catalog
    interface: veil sends `POST <url>/dataSource` for each table, with the table under
    `handlerInfo`, and reads `description`, `tags` and `dictionary` of the answer. A table that the
    catalog does not know is an error.
    """

    table_names: frozenset[Annotated[Text, AfterValidator(_of_two_parts)]] = attribute(
        'The tables to ask for, as `schema.table`: `["src.customers"]`.', min_length=1
    )
    database: Text | None = attribute("The database they are in. Default: the provider's.")
    tables: dict[str, TaggedTableModel] = computed(
        'By `schema.table`: `columns = data.veil_catalog_tags.all.tables["src.customers"].columns`.'
    )


class CatalogTags(DataSource[CatalogTagsModel]):
    type_name = "veil_catalog_tags"
    model = CatalogTagsModel

    def read(self, config: CatalogTagsModel, ctx: Context) -> CatalogTagsModel:
        # Here and not above: nothing else needs an HTTP library.
        with importing():
            from veil.resources.tags.rest_catalog import ask

        client: Client = ctx.client
        settings = client.catalog()
        database = config.database or (client.settings.database if client.settings else "")
        places = sorted(split(name) for name in config.table_names)
        ctx.log.info("asking %s for the tags of %d tables", settings.url, len(places))
        return config.model_copy(
            update={"tables": models(merged(ask(settings, database, schema, table) for schema, table in places))}
        )

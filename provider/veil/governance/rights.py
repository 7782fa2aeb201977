"""What is known of who may read base tables around their views, kept as new as an answer about it needs it."""

from collections.abc import Callable
from dataclasses import replace

from veil.governance.base_tables import tables_of
from veil.governance.deployed import Deployed
from veil.model import DataSource
from veil.warehouse import Rights, Session, WarehouseError, read_rights

Look = Callable[[Callable[[Session], Rights]], Rights]


def with_rights(deployed: Deployed, look: Look) -> Deployed:
    """The same with the rights on base tables as they are now; where they cannot be read, with the reason."""
    schemas = {source.schema for source in deployed.world.data_sources.values()}
    tables = tables_of(deployed.world.integration)
    try:
        base = look(lambda session: read_rights(session, schemas, tables))
    except WarehouseError as error:
        base = Rights(unread=f"{error.title}. {error.detail}")
    return replace(deployed, snapshot=replace(deployed.snapshot, base=base))


def lacks_rights(deployed: Deployed, *things: object) -> bool:
    """Whether the tables of some of these data sources were not there, or not asked about, when rights were read."""
    base = deployed.snapshot.base
    return any(isinstance(each, DataSource) and not base.tell_of(each.schema, each.table) for each in things)

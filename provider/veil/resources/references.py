"""Between the ids by which configurations name data sources and the keys by which the governed
model does.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from veil.model import Kind
from veil.plugin import PluginError

if TYPE_CHECKING:
    from veil.governance import DeployedState


def source_keys(ids: Iterable[str], deployed: "DeployedState | None") -> frozenset[str]:
    """The keys of these data sources. Raises PluginError where an id is not that of a data source
    of this integration.
    """
    return frozenset(source_key(each, deployed, ("data_sources",)) for each in ids)


def source_key(token: str, deployed: "DeployedState | None", path: tuple[str, ...]) -> str:
    """The key of one data source. Raises PluginError, at `path`, where the id is none."""
    source = deployed.by_id.get((Kind.DATA_SOURCE, token)) if deployed else None
    if source is None:
        raise PluginError(
            "Not a data source",
            f"{token!r} is not the id of a data source of this integration. Write veil_data_source.<name>.id.",
            path=path,
        )
    return str(source.key)


def source_ids(keys: Iterable[str], deployed: "DeployedState") -> frozenset[str]:
    """The ids of these data sources, as far as they are still there."""
    sources = (deployed.stored.get((Kind.DATA_SOURCE, key)) for key in keys)
    return frozenset(each.id for each in sources if each is not None)

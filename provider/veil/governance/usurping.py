"""What stands under the name of a governed view and is none."""

from veil.governance.metadata.deployed import DeployedState
from veil.governance.showing import shown
from veil.model import DataSource
from veil.model.names import dotted
from veil.warehouse import NOUN_OF


def usurper(deployed: DeployedState, source: DataSource) -> str | None:
    """In a sentence, that something that is no view stands where a data source's view is to be;
    None where nothing does.
    """
    place, snapshot = (source.view_schema, source.view_name), deployed.snapshot
    if not source.enabled or place not in snapshot.kinds or place in snapshot.views:
        return None
    noun = NOUN_OF[snapshot.kinds[place]]
    return (
        f"The {noun} {source.view} of {shown(snapshot.owners.get(place, ''))} stands where the view of "
        f"{dotted(source.schema, source.table)} is to be, and nothing that it shows is governed. veil leaves it alone: rename or "
        "drop it, or choose another view_name, and apply."
    )

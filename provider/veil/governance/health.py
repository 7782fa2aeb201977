"""What is wrong with a data source that no apply of ours can put right."""

from collections.abc import Iterator

from veil.governance.deployed import Deployed
from veil.model import DataSource
from veil.model.names import dotted

HEALTHY = "healthy"


def health_of(deployed: Deployed, source: DataSource) -> str:
    """`healthy`, or one sentence per problem."""
    return " ".join(_problems(deployed, source)) or HEALTHY


def _problems(deployed: Deployed, source: DataSource) -> Iterator[str]:
    place = (source.schema, source.table)
    name = dotted(*place)
    if place not in deployed.snapshot.columns:
        yield f"The table {name} is gone."
        return
    owner = deployed.snapshot.owners.get(place)
    for grant in sorted(deployed.snapshot.table_grants.get(place, ()), key=str):
        if grant.privilege == "SELECT" and grant.grantee.name not in (owner, deployed.layout.owner):
            yield f"{grant.grantee.type} {grant.grantee.name} can read the table {name} around the view."

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
    base = deployed.snapshot.base
    if base.unread:
        yield f"Who may read the table {name} is not known. {base.unread}"
    if source.schema in base.external_schemas:
        owners = (base.schema_owners.get(source.schema), deployed.layout.owner)
        for grant in sorted(base.schema_privileges.get(source.schema, ()), key=str):
            if grant.privilege == "USAGE" and grant.grantee.name not in owners:
                yield (
                    f"{grant.grantee.type} {grant.grantee.name} may use the external schema {source.schema}, and so can "
                    f"read the table {name} around the view."
                )
    owner = base.owners.get(place)
    for grant in sorted(base.table_grants.get(place, ()), key=str):
        if grant.privilege == "SELECT" and grant.grantee.name not in (owner, deployed.layout.owner):
            yield f"{grant.grantee.type} {grant.grantee.name} can read the table {name} around the view."

"""What is wrong with a data source that no apply of ours can put right."""

from collections.abc import Iterator

from veil.governance.deployed import Deployed
from veil.governance.privileges import named
from veil.model import DataSource
from veil.model.names import dotted
from veil.warehouse import Grantee

HEALTHY = "healthy"


def health_of(deployed: Deployed, source: DataSource) -> str:
    """`healthy`, or one sentence per problem."""
    return " ".join(_problems(deployed, source)) or HEALTHY


def _problems(deployed: Deployed, source: DataSource) -> Iterator[str]:
    place = (source.schema, source.table)
    name = dotted(*place)
    if place not in deployed.snapshot.columns:
        there = place in deployed.snapshot.base.owners
        yield f"The provider's account cannot read the table {name}." if there else f"The table {name} is gone."
        return
    base = deployed.snapshot.base
    if base.unread:
        yield f"Who may read the table {name} is not known. {base.unread}"
    trusted = {Grantee("user", base.owners.get(place, "")), Grantee("user", deployed.layout.owner)}
    schema = dotted(source.schema)
    keeper = Grantee("user", base.schema_owners.get(source.schema, ""))
    for grant in sorted(base.schema_privileges.get(source.schema, ())):
        if (
            grant.privilege == "USAGE"
            and source.schema in base.external_schemas
            and grant.grantee not in {*trusted, keeper}
        ):
            yield f"{named(grant.grantee)} may use the external schema {schema}, and so can read the table {name} around the view."
        if grant.privilege == "SELECT" and grant.scope == "TABLES" and grant.grantee not in trusted:
            yield f"{named(grant.grantee)} can read all tables of the schema {schema} around the views."
    for grant in sorted(base.table_grants.get(place, ())):
        if grant.privilege == "SELECT" and grant.grantee not in trusted:
            what = f"the column {grant.column} of the table {name}" if grant.column else f"the table {name}"
            yield f"{named(grant.grantee)} can read {what} around the view."

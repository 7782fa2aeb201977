"""What of an installation its account cannot put right: only a superuser gives schemas to another owner, and makes groups."""

from veil.governance.metadata.deployed import Deployed
from veil.warehouse import identifier


def giving_back(deployed: Deployed) -> list[str]:
    """The statements with which a superuser brings all of the installation within the reach of the account that it belongs
    to; none where that is a superuser, or nothing is out of its reach.
    """
    layout, snapshot = deployed.layout, deployed.snapshot
    if not layout.owner or layout.owner in snapshot.superusers:
        return []
    group = layout.impersonation_group
    schemas = (*layout.own_schemas, layout.view_schema)
    return [
        *(
            f"ALTER SCHEMA {identifier(schema)} OWNER TO {identifier(layout.owner)}"
            for schema in schemas
            if snapshot.schema_owners.get(schema, layout.owner) != layout.owner
        ),
        *([f"CREATE GROUP {identifier(group)}"] if group is not None and snapshot.impersonators is None else []),
    ]

"""Whether whoever reads a view needs USAGE on the schemas of its tables.

AWS documents that readers of a late-binding view need SELECT on it, and its owner SELECT on what it
reads (CREATE VIEW). Users of clusters report that readers were refused for want of USAGE on the
schemas below. The account cannot ask as somebody else, so it is the reader: of a view that an
administrator made, of a table in a schema that the account may not use.
"""

from collections.abc import Iterator

from veil.governance.metadata.deployed import DeployedState
from veil.warehouse import PUBLIC, Layout, Session, WarehouseError, identifier, literal, qualified
from veil.warehouse.templates import render_one

_DENIED = "42501"


def readers_need_usage(session: Session, layout: Layout) -> bool | None:
    """Whether they do; None where nothing tells, for want of the administrator's view or because
    this account may use the schema of its table. Two queries. Raises WarehouseError where the
    connection was lost or a lock held.
    """
    rows = session.query(reader_question(layout))
    if [(owner == session.settings.username, may_use) for owner, may_use in rows] != [(False, 0)]:
        return None
    try:
        session.query(f"SELECT r.nothing FROM {qualified(layout.probe_views, 'reader')} AS r")
    except WarehouseError as error:
        if error.lost or error.timed_out:
            raise
        return True if error.sqlstate == _DENIED else None
    return False


def reader_question(layout: Layout) -> str:
    """The statement that tells what there is to try with."""
    names = {"schema": literal(layout.probe_views), "name": literal(layout.probe_tables)}
    return render_one("reads/probe_reader", names)


def closed_to_readers(deployed: DeployedState) -> Iterator[tuple[str, str]]:
    """The schemas of governed tables that PUBLIC may not use, each with the statement that lets
    PUBLIC. Those of Redshift Spectrum aside, whose USAGE is all that reading their tables takes.
    """
    base = deployed.snapshot.base
    sources = deployed.world.data_sources.values()
    schemas = {each.schema for each in sources if each.enabled and not base.is_external(each.schema, each.table)}
    for schema in sorted(schemas):
        grants = base.schema_privileges.get(schema, ())
        if not any(each.grantee == PUBLIC and each.privilege == "USAGE" for each in grants):
            yield schema, f"GRANT USAGE ON SCHEMA {identifier(schema)} TO PUBLIC"

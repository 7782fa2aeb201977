"""Removing a whole integration in one transaction."""

from veil import warehouse
from veil.governance.errors import GovernanceError
from veil.governance.installation.others import others
from veil.governance.installation.unexpected_objects import copies
from veil.governance.installation.upgrading import is_manual
from veil.governance.metadata import impersonating
from veil.governance.metadata.deployed import DeployedState
from veil.model import KINDS, Kind
from veil.warehouse import Layout, Session, identifier, qualified


def uninstall(session: Session, deployed: DeployedState, *, force: bool) -> str:
    """Remove the integration with every governed view and everything that it made in its schemas;
    the schemas too, but where an administrator made them or others put something into them. What
    stays is told, in sentences or none.

    Raises GovernanceError where it still governs something and `force` is False.
    """
    _refuse_governing(deployed, force=force)
    views = sorted({*deployed.recorded_views(), *copies(deployed)})

    def work(session: Session) -> tuple[list[str], str]:
        warehouse.require_unmoved(session, deployed.layout, deployed.snapshot)
        if is_manual(deployed):
            # What an administrator made is an administrator's to remove.
            dropped = [f"DROP VIEW IF EXISTS {qualified(*place)}" for place in views]
            statements, left, probe = [*dropped, *warehouse.empty_statements(deployed.layout)], [], ""
        else:
            installed = warehouse.read_installed(session, deployed.layout)
            statements = warehouse.uninstall_statements(deployed.layout, installed, views)
            left = warehouse.schemas_left(deployed.layout, installed, views)
            probe = _probe_staying(session, deployed.layout)
        for statement in statements:
            session.execute(statement)
        return left, probe

    left, probe = warehouse.run_in_transaction(session, work)
    if not is_manual(deployed):
        impersonating.drop_group(session, deployed.layout.impersonation_group)
    return " ".join(filter(None, (_staying(deployed, left), probe)))


def what_stays(deployed: DeployedState) -> str:
    """What a destroy will leave as it is, in a sentence or none."""
    schemas = {*deployed.layout.own_schemas, deployed.layout.view_schema}
    theirs = [] if is_manual(deployed) else [each for each in others(deployed) if each.schema in schemas]
    return _staying(deployed, sorted({each.schema for each in theirs}))


def _staying(deployed: DeployedState, schemas: list[str]) -> str:
    if not schemas:
        return ""
    contents = [each.what for each in others(deployed) if each.schema in schemas]
    clause = f" They hold what veil did not make: {', '.join(contents)}." if contents else ""
    ending = "; ".join(f"DROP SCHEMA {identifier(schema)} RESTRICT" for schema in schemas)
    return (
        f"All of veil's is removed. The schemas {', '.join(schemas)} stay, for veil drops nothing that others made.{clause} "
        f"Once nobody needs that, drop it, and then: {ending}"
    )


def _probe_staying(session: Session, layout: Layout) -> str:
    """What stays of the probe of a reader, in a sentence or none. An administrator made it, and
    this account may not look into all of it.
    """
    holding = {
        layout.probe_views: f"DROP VIEW {qualified(layout.probe_views, 'reader')}",
        layout.probe_tables: f"DROP TABLE {qualified(layout.probe_tables, 'empty')}",
    }
    there = sorted(warehouse.schema_owners(session, holding))
    if not there:
        return ""
    ending = "; ".join(f"{holding[each]}; DROP SCHEMA {identifier(each)} RESTRICT" for each in there)
    return (
        f"What the script of `veil bootstrap-sql` made is the administrator's and stays. Nothing needs its probe of a reader any "
        f"more, in the schemas {' and '.join(there)}. A superuser drops it so: {ending}"
    )


def _refuse_governing(deployed: DeployedState, *, force: bool) -> None:
    governed = [each for each in deployed.stored.values() if each.kind not in (Kind.INTEGRATION, Kind.CLOSING)]
    if governed and not force:
        shown = ", ".join(sorted(f"{KINDS[each.kind].noun} {each.key}" for each in governed)[:10])
        raise GovernanceError(
            "The integration still governs something",
            f"It still has {len(governed)} objects, among them: {shown}. Destroy them first (another configuration may own "
            "them), or set force_destroy = true and apply before destroying.",
            ("force_destroy",),
        )

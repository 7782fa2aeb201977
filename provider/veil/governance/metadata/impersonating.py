"""Who may act as whom: the rows and group memberships that a World's impersonations mean."""

from collections.abc import Collection, Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager, suppress
from typing import Any

from veil import warehouse
from veil.governance.errors import GovernanceError
from veil.governance.metadata.deployed import DeployedState
from veil.governance.metadata.people import are_storable
from veil.model import Impersonation, Integration, Kind, World
from veil.warehouse import (
    ImpersonationRow,
    Session,
    Snapshot,
    WarehouseError,
    identifier,
    read_group_members,
)


def rows_of(world: World, snapshot: Snapshot) -> frozenset[ImpersonationRow]:
    """Every pair of a user and one whom they may act as. `all` leaves out superusers and the system
    account, nobody acts as themselves, and nobody is a name that our tables cannot distinguish from
    others.
    """
    return frozenset(
        ImpersonationRow(each.user, target)
        for each in world.impersonations.values()
        for target in _targets(each, world, snapshot)
        if target != each.user and are_storable(each.user, target)
    )


def write(
    session: Session, deployed: DeployedState, following: DeployedState, put: Collection[tuple[Kind, Any]]
) -> None:
    """Bring rows and group memberships from one state to the next, in the open transaction. `put`
    are the places of what the transaction puts, changed or not: an impersonation among them can
    fail because its user is not there, and no other. Where the integration is among them, which is
    how it is repaired, whoever is missing in the group is put back.

    Raises GovernanceError where such an impersonation is put and the integration has no group for
    it.
    """
    before, after = deployed.world, following.world
    held, wanted = rows_of(before, deployed.snapshot), rows_of(after, deployed.snapshot)
    for statement in (
        *warehouse.revoke_impersonation(following.layout, sorted(held - wanted, key=str)),
        *warehouse.grant_impersonation(following.layout, sorted(wanted - deployed.snapshot.impersonations, key=str)),
    ):
        session.execute(statement)
    gone = before.impersonations.keys() - after.impersonations.keys()
    joining = {key for kind, key in put if kind is Kind.IMPERSONATION} & after.impersonations.keys()
    if joining or gone:
        _move_members(session, after.integration, gone, joining)
    if any(kind is Kind.INTEGRATION for kind, _ in put):
        _restore_members(session, after.integration, after)


def _restore_members(session: Session, integration: Integration, world: World) -> None:
    """Put whoever may act as others back into the group where they are missing: the users among
    them that are there, where the account can. Whoever stays out is drift of their own
    impersonation, whose update says why.
    """
    users = world.impersonations.keys()
    if integration.impersonation_group is not None and users and warehouse.read_account(session).is_superuser:
        _move_members(session, integration, frozenset(), users & warehouse.read_users(session))


def ensure_group(session: Session, integration: Integration) -> None:
    """Make the impersonation group where the integration has one and it is not there."""
    group = integration.impersonation_group
    if group is not None and read_group_members(session, group) is None:
        with _for_superusers(f"CREATE GROUP {identifier(group)}", ("impersonation",)) as statement:
            session.execute(statement)


def make_group(session: Session, integration: Integration) -> None:
    """The same outside of any transaction, where another database's integration may be making the
    group right now.
    """
    try:
        ensure_group(session, integration)
    except WarehouseError:
        if read_group_members(session, integration.impersonation_group or "") is None:
            raise


def drop_group(session: Session, group: str | None) -> None:
    """Drop the impersonation group once nobody is in it, outside of any transaction. It stays where
    it cannot go: it may belong to integrations in other databases of the cluster too, and an empty
    group lets nobody do anything.
    """
    if group is None:
        return
    with suppress(WarehouseError):
        if warehouse.read_account(session).is_superuser and read_group_members(session, group) == frozenset():
            session.execute(f"DROP GROUP {identifier(group)}")


def _targets(impersonation: Impersonation, world: World, snapshot: Snapshot) -> frozenset[str]:
    if not impersonation.all:
        return impersonation.as_users
    return frozenset(world.profiles) - snapshot.superusers - {snapshot.account}


def _move_members(
    session: Session, integration: Integration, leaving: AbstractSet[str], joining: AbstractSet[str]
) -> None:
    group = integration.impersonation_group
    if group is None and not joining:
        return
    if group is None:
        raise GovernanceError(
            "Impersonation is off",
            "The integration has no impersonation group, so nobody may act as somebody else. Set "
            'impersonation = { group = "immuta_impersonator_role" } on the veil_integration.',
            ("user",),
        )
    members = read_group_members(session, group) or frozenset()
    for user in sorted(joining - members):
        with _for_superusers(f"ALTER GROUP {identifier(group)} ADD USER {identifier(user)}", ("user",)) as statement:
            session.execute(statement)
    # Without its row a member may act as nobody, so that it does no harm where only a superuser
    # could take it out.
    left = sorted(leaving & members)
    for user in left if left and warehouse.read_account(session).is_superuser else ():
        session.execute(f"ALTER GROUP {identifier(group)} DROP USER {identifier(user)}")


@contextmanager
def _for_superusers(statement: str, path: tuple[str, ...]) -> Iterator[str]:
    """Turn a denied permission inside into a GovernanceError that asks for the statement to be run
    by a superuser.
    """
    try:
        yield statement
    except WarehouseError as problem:
        if problem.sqlstate != "42501":
            raise
        raise GovernanceError(
            "Only a superuser changes groups",
            f"Redshift lets only superusers make groups and put users into them. Let an administrator run this, and apply "
            f"again: {statement}",
            path,
        ) from problem

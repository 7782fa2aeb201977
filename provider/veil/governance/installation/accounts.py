"""What the account that the provider signs in with may do, and what to tell people where it may
not.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from veil.governance.errors import GovernanceError
from veil.governance.metadata.deployed import DeployedState
from veil.warehouse import WarehouseError

_DENIED = "42501"


def applies_by_procedures(deployed: DeployedState) -> bool:
    """Whether this account owns nothing of the integration and is on the list of those who apply by
    its procedures alone.
    """
    owner, account = deployed.layout.owner, deployed.snapshot.account
    listed = any(user == account for user, _ in deployed.snapshot.appliers)
    return bool(owner) and account != owner and listed and deployed.world.integration.bootstrap == "manual"


def refuse_for_owner(deployed: DeployedState) -> None:
    """Raise GovernanceError where this account applies by procedures, none of which changes or
    repairs an integration.
    """
    if applies_by_procedures(deployed):
        raise GovernanceError(
            "The integration is for its owner to change",
            f"{deployed.snapshot.account} applies by procedures alone, and none of them changes or repairs an integration. Let "
            f"{deployed.layout.owner}, which owns the schemas, apply this change. Nothing of it was written.",
        )


def refuse_reader(deployed: DeployedState) -> None:
    """Raise GovernanceError where this account is not the one that the integration belongs to, nor
    one that applies by procedures.
    """
    owner, account = deployed.layout.owner, deployed.snapshot.account
    if owner and account != owner and not applies_by_procedures(deployed):
        raise GovernanceError(
            "This account only reads",
            f"The integration belongs to the account {owner}; the provider signed in as {account}, which may plan and not "
            f'apply. Apply with username = "{owner}". Nothing of this change was written.',
        )


@contextmanager
def explaining_procedures(deployed: DeployedState) -> Iterator[None]:
    """Turn a denied permission of an account that applies by procedures into a GovernanceError that
    says who can.
    """
    try:
        yield
    except WarehouseError as problem:
        if problem.sqlstate != _DENIED or not applies_by_procedures(deployed):
            raise
        raise GovernanceError(
            "This account applies by procedures alone",
            f"The change needs what no procedure does: {problem.found} Let {deployed.layout.owner}, which owns the schemas, apply it. "
            "Nothing of this change was written.",
        ) from problem


@contextmanager
def explaining_rights(account: str, database: str) -> Iterator[None]:
    """Turn a denied permission inside into a GovernanceError that says how the account gets what it
    needs.
    """
    try:
        yield
    except WarehouseError as problem:
        if problem.sqlstate != _DENIED:
            raise
        raise GovernanceError(
            "The account may not make an integration",
            f"The account {account} lacks a right that an integration needs: {problem.found} Let an administrator run what "
            f"this prints: veil bootstrap-sql --database {database} --system-user {account}",
        ) from problem

"""What the account that the provider signs in with may do, and what to tell people where it may not."""

from collections.abc import Iterator
from contextlib import contextmanager

from veil.governance.errors import GovernanceError
from veil.governance.metadata.deployed import DeployedState
from veil.warehouse import WarehouseError

_DENIED = "42501"


def refuse_reader(deployed: DeployedState) -> None:
    """Raise GovernanceError where this account is not the one that the integration belongs to."""
    owner, account = deployed.layout.owner, deployed.snapshot.account
    if owner and account != owner:
        raise GovernanceError(
            "This account only reads",
            f"The integration belongs to the account {owner}; the provider signed in as {account}, which may plan and not "
            f'apply. Apply with username = "{owner}". Nothing of this change was written.',
        )


@contextmanager
def explaining_rights(account: str, database: str) -> Iterator[None]:
    """Turn a denied permission inside into a GovernanceError that says how the account gets what it needs."""
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

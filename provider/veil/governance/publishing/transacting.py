"""A group of requests against everybody else who writes."""

import secrets
from collections.abc import Callable, Sequence

from veil import warehouse
from veil.compiler import COMPILER_VERSION
from veil.governance.blocking import naming_metadata
from veil.governance.errors import GovernanceError
from veil.governance.installation.accounts import refuse_reader
from veil.governance.installation.placing import refuse_case_sensitive
from veil.governance.installation.upgrading import upgraded
from veil.governance.metadata.deployed import Deployed
from veil.governance.publishing.committing import Committed, write_group
from veil.governance.requests import Delete, Request
from veil.warehouse import RevisionMovedError, Session

Look = Callable[[Session], Deployed | None]


def commit(session: Session, deployed: Deployed, requests: Sequence[Request], read: Look) -> Committed:
    """Carry out a group in one transaction, decided on `deployed`.

    Where another process wrote since that was read, everything is read with `read` and decided anew, and this time
    others have to wait: a process that writes all the time would win every race. Raises GovernanceError and
    warehouse.WarehouseError; nothing is written then.
    """
    try:
        return _transact(session, deployed, requests, lambda _: deployed)
    except RevisionMovedError:
        return _transact(session, deployed, requests, lambda held: _read_held(held, deployed, read))


def _transact(session: Session, known: Deployed, requests: Sequence[Request], look: Look) -> Committed:
    token = secrets.token_hex(16)

    def work(session: Session) -> Committed:
        deployed = look(session)
        if deployed is None:
            raise GovernanceError("The integration is gone", "It was removed while this change was on its way.")
        refuse_newer(deployed)
        refuse_reader(deployed)
        if not all(isinstance(request, Delete) for request in requests):
            refuse_case_sensitive(session)
        return write_group(session, upgraded(session, deployed), requests, token)

    return warehouse.run_in_transaction(
        session, work, landed=lambda fresh: warehouse.landed(fresh, known.layout, token)
    )


def _read_held(session: Session, known: Deployed, read: Look) -> Deployed | None:
    with naming_metadata(known.layout):
        warehouse.hold_writers(session, known.layout)
    return read(session)


def refuse_to_write(session: Session, deployed: Deployed | None) -> None:
    """Raise GovernanceError where an apply would be refused whatever it writes."""
    refuse_case_sensitive(session)
    if deployed is not None:
        refuse_newer(deployed)


def refuse_newer(deployed: Deployed) -> None:
    """Raise GovernanceError where a newer veil wrote here: an older one would take its work back."""
    newest = max((row.compiler_version for row in deployed.snapshot.published.values()), default=0)
    if newest > COMPILER_VERSION or deployed.snapshot.schema_version > warehouse.SCHEMA_VERSION:
        raise GovernanceError(
            "A newer veil wrote here",
            f"This database was last written by a newer version of the provider ({deployed.snapshot.provider_version}). "
            "Use that version or a later one; this one does not write.",
        )

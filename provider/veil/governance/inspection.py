"""What is asked about an integration: whether it is in order, and what people see of its data sources."""

from functools import partial

from veil.governance.access.bypass import Person
from veil.governance.access.seeing import Access, access_of
from veil.governance.checks.circumstances import look_around
from veil.governance.checks.validation import Check, Circumstances, validate
from veil.governance.database_state import DatabaseState
from veil.governance.installation.binding import binding_drift
from veil.governance.metadata.deployed import Deployed
from veil.model import DataSource
from veil.warehouse.memberships import Memberships, read_memberships


class Inspector:
    """Answers questions about what is deployed. What the warehouse has to be asked for it beyond that is asked once, until
    something is written.
    """

    def __init__(self, state: DatabaseState) -> None:
        self._state = state
        self._generation = state.generation
        self._memberships: Memberships | None = None
        self._circumstances: Circumstances | None = None

    def checks(self) -> tuple[Check, ...]:
        """The own checks of the integration. Raises GovernanceError or WarehouseError."""
        with self._state.lock:
            deployed = self._state.require()
            return validate(deployed, self._looked_around(deployed))

    def binding_drift(self) -> list[str]:
        """A line where views are not in the form that this warehouse needs. Raises GovernanceError or WarehouseError."""
        with self._state.lock:
            deployed = self._state.require()
            return binding_drift(deployed, self._looked_around(deployed).unresolved)

    def access(self, user: str, source: DataSource, project: str | None, *, include_staged: bool) -> Access:
        """What a user sees of a data source, as `Governance.access` says."""
        state = self._state
        with state.lock:
            deployed = state.rights.current(state.require())
            state.keep(deployed)
            self._forget_what_is_old()
            if self._memberships is None:
                self._memberships = state.look(read_memberships)
            person = Person(user, self._memberships.get(user, frozenset()))
            rights_at = partial(state.rights.at, deployed)
            return access_of(deployed, person, source, project, rights_at, include_staged=include_staged)

    def _looked_around(self, deployed: Deployed) -> Circumstances:
        self._forget_what_is_old()
        if self._circumstances is None:
            self._circumstances = self._state.look(lambda session: look_around(session, deployed))
        return self._circumstances

    def _forget_what_is_old(self) -> None:
        if self._generation != self._state.generation:
            self._generation = self._state.generation
            self._memberships, self._circumstances = None, None

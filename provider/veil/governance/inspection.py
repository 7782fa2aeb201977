"""What is asked about an integration: whether it is in order, and what people see of its data
sources.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from veil.governance.access.bypass import Person
from veil.governance.access.effective_access import Access, access_of
from veil.governance.access.lookup_rows import LookedUp, read_lookups
from veil.governance.access.ungoverned import Ungoverned, missing_schemas, ungoverned
from veil.governance.checks.inputs import collect_inputs, repairs
from veil.governance.checks.policies import policies_check
from veil.governance.checks.probes import PROBES, Probe, failed_probes
from veil.governance.checks.procedures import asked_of, procedures_check, settings_drift
from veil.governance.checks.validation import Check, CheckInputs, validate
from veil.governance.database_state import DatabaseState
from veil.governance.installation.binding import binding_drift
from veil.governance.last_errors import errors_check
from veil.governance.metadata.base_tables import tables_of
from veil.governance.metadata.deployed import DeployedState
from veil.governance.requests import TableColumns
from veil.model import DataSource, Integration, World
from veil.warehouse import ShownProcedure, Signature, WarehouseError, read_external_tables, read_shown_procedures
from veil.warehouse.memberships import Memberships, read_memberships


@dataclass(frozen=True)
class NewTables:
    """What stands in the monitored schemas and is not governed, and which of these schemas are not
    there.
    """

    found: tuple[Ungoverned, ...] = ()
    missing: tuple[str, ...] = ()


class Inspector:
    """Answers questions about what is deployed. Memberships, what the checks need and the settings
    of procedures are asked once, until something is written.
    """

    def __init__(self, state: DatabaseState) -> None:
        self._state = state
        self._generation = state.generation
        self._memberships: Memberships | None = None
        self._inputs: CheckInputs | None = None
        self._procedures: Mapping[Signature, ShownProcedure | None] | None = None
        self._external: frozenset[tuple[str, str]] | None = None

    def checks(self, before: Iterable[Check] | None = None) -> tuple[Check, ...]:
        """The own checks of the integration, as `Governance.checks` says."""
        with self._state.lock:
            deployed = self._state.require()
            inputs = self._inputs_of(deployed, probing=before is None)
            return validate(deployed, replace(inputs, external_tables=self._external_of(deployed)), before or ())

    def new_tables(self) -> NewTables:
        """What is not governed in the monitored schemas, as `Governance.new_tables` says."""
        with self._state.lock:
            deployed = self._state.require()
            schemas, external = deployed.world.integration.monitored_schemas, self._external_of(deployed)
            return NewTables(ungoverned(deployed, schemas, external), missing_schemas(deployed, schemas, external))

    def drift_around(self) -> list[str]:
        """What is drift and in no catalog, as `Governance.drift_around` says."""
        with self._state.lock:
            deployed = self._state.require()
            inputs = self._inputs_of(deployed, probing=False)
            failing = inputs.failing_views.code if inputs.failing_views else ""
            # Who only plans may not see what procedures are made from, and repairs none.
            shown = self._procedures_of(deployed) if repairs(deployed) else {}
            return [*binding_drift(deployed, inputs.unresolved, failing), *settings_drift(deployed, shown)]

    def policies_check(self) -> Check:
        """Whether every policy fits the data sources that it applies to. Raises GovernanceError or
        WarehouseError.
        """
        return policies_check(self._state.require())

    def errors_check(self) -> Check:
        """Whether the last change of everything succeeded. Raises GovernanceError or
        WarehouseError.
        """
        return errors_check(self._state.require())

    def procedures_check(self) -> Check:
        """Whether the procedures have the settings that veil gives them. Raises GovernanceError."""
        with self._state.lock:
            deployed = self._state.require()
            try:
                procedures = self._procedures_of(deployed)
            except WarehouseError as problem:
                return Check(
                    "procedure_settings", "warning", f"They are not known. {problem.summary}. {problem.detail}"
                )
        return procedures_check(procedures)

    def probes(self) -> list[tuple[Probe, str]]:
        """Every probe, with what the warehouse said of it where it failed. Raises GovernanceError
        or WarehouseError.
        """
        deployed = self._state.require()
        failed = self._state.look(lambda session: failed_probes(session, deployed.layout))
        return [(each, failed.get(each.name, "")) for each in PROBES]

    def lookups(self, world: World, source: DataSource) -> LookedUp:
        """The rows of the tables that the policies of a world look up in. Raises GovernanceError or
        WarehouseError.
        """
        return self._state.look(lambda session: read_lookups(session, world, source))

    def columns(self, schema: str, table: str) -> TableColumns | None:
        """The columns of a table, as `Governance.columns` says."""
        deployed = self._state.deployed()
        integration = deployed.world.integration if deployed else Integration("", self._state.database, "")
        return self._state.catalog.columns(tables_of(integration), schema, table)

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

    def _inputs_of(self, deployed: DeployedState, *, probing: bool) -> CheckInputs:
        self._forget_what_is_old()
        known = self._inputs
        if known is None or (probing and known.failed_probes is None):
            known = self._state.look(lambda session: collect_inputs(session, deployed, probing=probing))
            self._inputs = known
        return known

    def _external_of(self, deployed: DeployedState) -> frozenset[tuple[str, str]]:
        """The external tables of the monitored schemas. A statement, where any is monitored."""
        self._forget_what_is_old()
        schemas = deployed.world.integration.monitored_schemas
        if self._external is None and schemas:
            self._external = self._state.look(lambda session: read_external_tables(session, schemas))
        return self._external or frozenset()

    def _procedures_of(self, deployed: DeployedState) -> Mapping[Signature, ShownProcedure | None]:
        """What the warehouse shows of our procedures. Raises WarehouseError."""
        self._forget_what_is_old()
        if self._procedures is None:
            self._procedures = self._state.look(lambda session: read_shown_procedures(session, asked_of(deployed)))
        return self._procedures

    def _forget_what_is_old(self) -> None:
        if self._generation != self._state.generation:
            self._generation = self._state.generation
            self._memberships = self._inputs = self._procedures = self._external = None

"""What a plan learns: whether an apply could be carried out, and what is wrong with what it would
make.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from veil import warehouse
from veil.governance.admission.admit import build, require_lookups, require_own_view
from veil.governance.admission.known_columns import over_tables
from veil.governance.admission.overlay import Overlay
from veil.governance.admission.storable import require_holdable_profile, require_storable_draft
from veil.governance.admission.user_functions import functions_for
from veil.governance.admission.vanished import columns_vanished, refused_as_things_are, refused_by_now, without_vanished
from veil.governance.claims import Claims
from veil.governance.database_state import DatabaseState
from veil.governance.errors import ForeignViewError, GovernanceError
from veil.governance.installation import installing
from veil.governance.installation.accounts import refuse_for_owner
from veil.governance.installation.missing import advice as missing_advice
from veil.governance.installation.missing import missing_parts, shortened
from veil.governance.metadata.base_tables import tables_of
from veil.governance.metadata.deployed import DeployedState
from veil.governance.planned import PlannedWorld
from veil.governance.publishing.transaction import refuse_to_write
from veil.governance.requests import Draft, SourceDraft, draft_place
from veil.model import DataSource, Integration, Kind, MaskingPolicy, Profile, Project
from veil.model.kinds import Governed
from veil.policy import Finding
from veil.warehouse import WarehouseError

if TYPE_CHECKING:
    from veil.governance.opening import Opening

_DENIED = "42501"


class Planner:
    """The plans of one run, over what is deployed."""

    def __init__(self, state: DatabaseState, *, tells_unknown_names: bool) -> None:
        self._state = state
        self._tells_unknown_names = tells_unknown_names
        self._world: PlannedWorld | None = None
        self._writing_checked = False
        self._looked_for_users = False
        self._lost: dict[tuple[Kind, Any], Draft] = {}
        self._opening: Opening | None = None
        self._repairs = self._looked_for_parts = False
        self.claims = Claims()
        """What the resources planned in this run are each to be alone with."""

    @property
    def world(self) -> PlannedWorld:
        """The planned world of this run."""
        world = self._world  # Without the lock: while a group is committed, Terraform plans what follows.
        if world is None:
            with self._state.lock:
                deployed = self._state.deployed()
                world = self._world or (PlannedWorld(None) if deployed is None else _planned_over(deployed))
                self._world = world
        return world

    def require_writable(self) -> None:
        """Raise GovernanceError, once, where an apply would be refused whatever it writes."""
        if self._writing_checked:
            return
        with self._state.lock:
            self._writing_checked, checked = True, self._writing_checked
            if not checked:
                refuse_to_write(self._state.session(), self._state.deployed())

    def require_place(self, integration: Integration) -> None:
        """Raise GovernanceError where an integration could not work in this database."""
        installing.layout_of(integration)
        if (deployed := self._state.deployed()) is not None:
            refuse_for_owner(deployed)
        self._state.look(lambda session: installing.require_ready(session, integration, self._state.database))

    def put(self, draft: Draft, replaces: Any, applied: Callable[[], Draft | None]) -> list[Finding]:
        """Overlay a planned object, as `Governance.plan_put` says."""
        thing: Governed | None
        self._repairs |= isinstance(draft, Integration)
        try:
            thing, findings = self._settled(draft)
        except GovernanceError as refusal:
            thing, findings = self._as_far_as_there(draft, applied() or self._lost.get(draft_place(draft)), refusal)
        if isinstance(thing, MaskingPolicy) and thing.functions:
            deployed = self._state.deployed()
            owner, look = deployed.layout.owner if deployed else "", self._state.catalog.functions
            self.world.know(functions_for(thing, self.world.functions, owner, look))
        if isinstance(thing, Profile):
            self._look_for_users([thing.user])
        completed = self.world.put(thing, replaces) if thing is not None else []
        others = [*self.world.once(findings), *self._incomplete(*draft_place(draft))]
        return [*completed, *others, *self._names_so_far(draft_place(draft))]

    def _incomplete(self, kind: Kind, key: Any) -> list[Finding]:
        """What the integration lacks, told where this run does not plan it: what is planned here
        may need it. A run that plans the integration does so before all that names it.
        """
        if self._repairs or self._looked_for_parts or self._state.has_written:
            return []
        self._looked_for_parts = True
        deployed = self._state.deployed()
        if deployed is None or not (parts := missing_parts(deployed)):
            return []
        integration = deployed.world.integration.name
        detail = f"The integration {integration} lacks {shortened(parts)}. {missing_advice(deployed)}."
        return [Finding("warning", "integration-incomplete", "Part of the integration is missing", detail, kind, key)]

    def leave_open(self, kind: Kind) -> None:
        """Take in that an object of this kind is planned of which not all is known yet."""
        self.world.leave_open(kind)

    def note_lost(self, draft: Draft) -> None:
        """Take in that what was applied as this was found to be gone."""
        self._lost[draft_place(draft)] = draft

    def put_profiles(self, profiles: Mapping[str, Profile], gone: Iterable[str]) -> list[Finding]:
        """Overlay the profiles of one resource, as `Governance.plan_profiles` says."""
        for each in profiles.values():
            require_holdable_profile(each)
        self._look_for_users(profiles)
        return [*self.world.expect_profiles(profiles, gone), *self._names_so_far(frozenset(profiles))]

    def members(self, project: Project, replaces: Any) -> list[Finding]:
        """What can be told of a project's members so far. Nothing within an apply, where profiles
        come when they are made.
        """
        if self._state.has_written or not project.equalized:
            return []
        return self.world.members_so_far(project, replaces)

    def remove(self, kind: Kind, key: Any) -> list[Finding]:
        """Overlay a planned removal; answers the findings it completes."""
        return [*self.world.remove(kind, key), *self._names_so_far(("removed", kind, key))]

    def _names_so_far(self, planned: Hashable) -> list[Finding]:
        """What can be told of names that nobody has. Nothing within an apply, where who has them
        comes when it is made.
        """
        if not self._tells_unknown_names or self._state.has_written:
            return []
        return self.world.names_so_far(planned)

    def _look_for_users(self, users: Iterable[str]) -> None:
        """Read which users there are, once, where one of these gets a profile."""
        if not self._tells_unknown_names or self._state.has_written or not self.world.makes_profiles(users):
            return
        with self._state.lock:
            if self._looked_for_users:
                return
            self._looked_for_users = True
            try:
                known_users: frozenset[str] = self._state.look(warehouse.read_users)
            except WarehouseError as problem:
                if problem.sqlstate != _DENIED:
                    raise
                return
            # An account that is shown no other than itself learns nothing of the others.
            if len(known_users) > 1:
                self.world.know_users(known_users)

    def gains(self, kind: Kind, key: Any, replaces: Any, *, exact: bool) -> str | None:
        """Who gains by a planned change, as `Governance.planned_gains` says."""
        opening, planned = self._looking(), self.world
        if opening is None:
            return None
        if opening.is_exhausted and not exact:
            return opening.no_more()
        return opening.by_change(planned.so_far, kind, key, replaces, planned.staying)

    def gains_by_removals(self, source: str, *, exact: bool) -> str | None:
        """Who gains on a data source that stays, as `Governance.planned_gains_by_removals` says."""
        removed, opening = self.world.removed, self._looking()
        if opening is None or not removed or (opening.is_exhausted and not exact):
            return None
        return opening.by_removals(self.world.so_far, removed, source)

    def _looking(self) -> "Opening | None":
        """What judges the changes of this plan; None where nothing is deployed, and so nobody sees
        anything yet.
        """
        if self._opening is None:
            deployed = self._state.deployed()
            if deployed is None or deployed.integration is None:
                return None
            with self._state.lock:  # Nothing else imports this package here, and one call at a time may.
                # Not above: most plans change nothing of which that could be asked.
                from veil.governance.opening import Opening

                self._opening = self._opening or Opening(deployed.world)
        return self._opening

    def _settled(self, draft: Draft) -> tuple[Governed, list[Finding]]:
        """What a draft makes, and what is wrong with it and was before."""
        require_storable_draft(draft)
        if isinstance(draft, Integration):
            installing.layout_of(draft)
        overlay = self._overlay()
        catalog = self._state.catalog  # After what is deployed: a write brings them up to date the other way round.
        present = overlay.stored.get(draft_place(draft))
        thing = build(draft, present, overlay, catalog)
        findings = []
        if isinstance(thing, DataSource) and thing.view_schema:
            try:
                require_own_view(thing, present.thing if present else None, overlay, catalog)
            except ForeignViewError as refusal:
                # An apply may have been refused for it: what was made beside it must be destroyed
                # all the same.
                findings.append(refused_as_things_are(draft, refusal))
        broken = require_lookups(thing, present.thing if present else None, overlay, catalog)
        return thing, [*findings, *(_lost_lookup(problem, *draft_place(draft)) for problem in broken)]

    def _as_far_as_there(
        self, draft: Draft, applied: Draft | None, refusal: GovernanceError
    ) -> tuple[Governed | None, list[Finding]]:
        """What a draft that is refused makes of what is there, where it is refused for what has
        vanished since it was `applied`. Else the refusal is raised.
        """
        overlay = self._overlay()
        if isinstance(draft, SourceDraft):
            table = self._state.catalog.columns(tables_of(overlay.integration), draft.schema, draft.table)
            rest, lost = without_vanished(draft, applied, table)
            if lost:
                thing, findings = self._settled(rest)
                return thing, [columns_vanished(draft, lost), *findings]
        if applied is None or not self._refuses(applied, refusal):
            raise refusal
        present = overlay.stored.get(draft_place(draft))
        return present.thing if present is not None else None, [refused_by_now(draft, refusal)]

    def _refuses(self, applied: Draft, refusal: GovernanceError) -> bool:
        """Whether what was applied would be refused for the same reason, of the same attribute: who
        names in another one what is gone has written that since.
        """
        try:
            self._settled(applied)
        except GovernanceError as problem:
            return _reason(problem) == _reason(refusal)
        return False

    def _overlay(self) -> Overlay:
        deployed = self._state.deployed()
        planned = self.world.integration or Integration("", self._state.database, "")
        return Overlay(deployed, planned)


def _lost_lookup(problem: GovernanceError, kind: Kind, key: Any) -> Finding:
    """What is wrong with a lookup that this plan does not change."""
    return Finding(
        "warning",
        "lookup-lost",
        problem.summary,
        f"{problem.detail} It was right when it was applied, so this stops no plan; until it is right again, the views that "
        "look up there fail and show nothing.",
        kind,
        key,
        problem.path,
    )


def _reason(refusal: GovernanceError) -> tuple[object, ...]:
    return refusal.summary, refusal.detail, refusal.path[:1]


def _planned_over(deployed: DeployedState) -> PlannedWorld:
    """The planned world that begins with what is deployed."""
    as_found = cache(lambda: over_tables(deployed.world, deployed.snapshot.columns))
    return PlannedWorld(deployed.world, as_found, deployed.written_by_this_version)

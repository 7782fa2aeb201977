"""What all governed resources share: from model to change, from stored object to state."""

from abc import abstractmethod
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from veil.governance import requests
from veil.model import KINDS, POLICY_KINDS, Kind
from veil.plugin import (
    Context,
    Model,
    Plan,
    PluginError,
    Resource,
    attribute,
    computed,
    is_known,
)
from veil.resources import gains
from veil.resources.claiming import claim, name_claims
from veil.resources.exporting import Exportable
from veil.resources.findings import describe
from veil.resources.hcl.names import Text
from veil.resources.refusals import refused
from veil.resources.repair import plan_repair, tell_of_repair
from veil.resources.undecided import undecided, without_unknown_descriptions

if TYPE_CHECKING:
    from veil.governance import DeployedState, Governance, StoredObject
    from veil.resources.client import Client


_WAITS_FOR = "waits_for"
"""Under which private state keeps the token of the object whose name a resource waits for."""


class GovernedModel(Model):
    """The attributes that every governed resource has."""

    found_anew: ClassVar[tuple[str, ...]] = ()
    """The attributes that an apply looks at anew, so that the plan of one that repairs something
    cannot know them.
    """

    integration: Text = attribute(
        "Id of the `veil_integration` this belongs to (`veil_integration.main.id`). Both take the same provider.",
        requires_replace=True,
    )
    id: str = computed("Opaque identifier of this object's owner.", inputs=())
    drift: frozenset[str] = computed(
        "What was found altered outside Terraform and the next apply repairs. Empty when all is well.", inputs=()
    )


M = TypeVar("M", bound=GovernedModel)


class GovernedResource(Exportable, Resource[M], Generic[M]):
    """Create, read, update and delete over governance. A subclass says how its model becomes a
    governed object and back.
    """

    @abstractmethod
    def to_draft(self, model: M, deployed: "DeployedState | None") -> requests.Draft:
        """The governed object of a wholly known configuration. `deployed` is there to look other
        objects up by id.
        """

    def find(self, deployed: "DeployedState", name: str) -> "StoredObject | None":
        """The stored object that a person means by `name` on import."""
        return deployed.stored.get((self.kind, name))

    def state(self, model: M, stored: "StoredObject", deployed: "DeployedState") -> M:
        """The model with its computed attributes as they are now, drift aside."""
        return model.model_copy(update={"id": stored.id})

    def remember(self, stored: "StoredObject", ctx: Context) -> None:
        """Keep in private state what a later call could not learn from an altered warehouse."""

    def recall(self, draft: requests.Draft, ctx: Context) -> requests.Draft:
        """The draft with what `remember` kept."""
        return draft

    def claims(self, planned: M) -> Iterator[requests.Claim]:
        """What the resource is to be alone with in its configuration, as far as that is known."""
        return name_claims(planned, self.type_name, self.kind, f"Two {KINDS[self.kind].plural} of one name")

    def has_its_name(self, model: M, stored: "StoredObject") -> bool:
        """Whether the object is called what the model says, and does not wait for its name."""
        return bool(getattr(model, "name", stored.key) == stored.key)

    def foresee(self, plan: Plan[M], governance: "Governance", ctx: Context) -> None:
        """What a plan can say of what is known of the draft so far."""

    def plan(self, plan: Plan[M], ctx: Context) -> None:
        integration = known_integration(plan)
        governance = client_of(ctx).planning(integration)
        if plan.planned is None:
            if governance is not None and plan.prior is not None:
                self._plan_removal(plan.prior, governance, ctx)
            return
        plan_repair(plan, governance, integration)
        refused_by_now = False
        try:
            # What is refused is nothing that other resources are judged beside.
            if governance is not None and not plan.is_refused:
                refused_by_now = self._plan_put(plan, governance, ctx)
        finally:
            tell_of_repair(plan, ctx, refused_by_now=refused_by_now)

    def _plan_put(self, plan: Plan[M], governance: "Governance", ctx: Context) -> bool:
        """Overlay what is planned, and report what that completes. Whether an apply will refuse it
        for what has vanished since it was applied last.
        """
        planned, prior = plan.planned, plan.prior
        if planned is None:
            return False
        claim(plan, self.claims(planned), governance, ctx)
        with refused():
            self.foresee(plan, governance, ctx)
        declared = without_unknown_descriptions(planned)
        if open_ := undecided(declared):
            governance.plan_undecided(self.kind)
            if plan.action != "none":
                gains.tell_of_unknown(governance, self.kind, open_, ctx)
            return False
        from veil.governance import notices

        with refused():
            deployed = governance.deployed()
            replaces = self._key_of(prior, deployed) if prior is not None else None
            draft = self.recall(self.to_draft(declared, deployed), ctx)
            findings = governance.plan_put(draft, replaces, lambda: self._applied(prior, deployed, ctx))
            for finding in findings:
                describe(finding, requests.draft_place(draft), ctx.diagnostics)
        _, key = requests.draft_place(draft)
        if prior is None or planned != prior:
            gains.tell_of_change(governance, self.kind, key, replaces, ctx)
        if self.kind is Kind.DATA_SOURCE:
            gains.tell_of_removals(governance, key, ctx)
        return any(each.code == notices.REFUSED for each in findings)

    def _applied(self, prior: M | None, deployed: "DeployedState | None", ctx: Context) -> requests.Draft | None:
        """What was applied last, None where that was nothing or names what is gone."""
        try:
            return self.recall(self.to_draft(prior, deployed), ctx) if prior is not None else None
        except PluginError:
            return None

    def _plan_removal(self, prior: M, governance: "Governance", ctx: Context) -> None:
        with refused():
            key = self._key_of(prior, governance.deployed())
            findings = governance.plan_removal(self.kind, key) if key is not None else []
        for finding in findings:
            describe(finding, (self.kind, key), ctx.diagnostics)
        if key is not None and self.kind in POLICY_KINDS:
            gains.tell_of_change(governance, self.kind, key, key, ctx)

    def create(self, planned: M, ctx: Context) -> M:
        governance = client_of(ctx).installed(planned.integration)
        with refused():
            stored = governance.submit(requests.Create(self.to_draft(planned, governance.require())))
        return self._written(planned, stored, governance, ctx)

    def update(self, prior: M, planned: M, ctx: Context) -> M:
        governance = client_of(ctx).installed(planned.integration)
        with refused():
            deployed = governance.require()
            draft = self.recall(self.to_draft(planned, deployed), ctx)
            present = deployed.by_id.get((self.kind, prior.id))
            waits = present is not None and not self.has_its_name(prior, present)
            stored = governance.submit(requests.Update(prior.id, draft, ctx.private.get(_WAITS_FOR) if waits else None))
            holder = governance.waits_for(self.kind, prior.id)
        self._tell_of_waiting(stored, holder, ctx)
        return self._written(planned, stored, governance, ctx)

    def delete(self, state: M, ctx: Context) -> None:
        governance = client_of(ctx).governance(state.integration)
        with refused():
            deployed = governance.deployed()
            key = self._key_of(state, deployed)
            if key is not None:
                governance.submit(requests.Delete(self.kind, key, state.id))

    def read(self, state: M, ctx: Context) -> M | None:
        governance = client_of(ctx).governance(state.integration)
        with refused():
            deployed = governance.deployed()
        if deployed is None:
            self._note_lost(state, governance, ctx)
            return None
        stored = deployed.by_id.get((self.kind, state.id))
        try:
            draft = self.to_draft(state, deployed)
        except PluginError:
            gone = frozenset({"it names a data source that is gone"})
            return None if stored is None else state.model_copy(update={"drift": gone})
        if stored is None:
            recovered = self._read_without_token(state, draft, deployed, ctx)
            if recovered is None:
                self._note_lost(state, governance, ctx)
            return recovered
        from veil.governance import drift

        self.remember(stored, ctx)
        now = self.state(state, stored, deployed)
        return now.model_copy(update={"drift": drift.drift_of(deployed, stored, draft)})

    def import_state(self, id: str, ctx: Context) -> M:  # noqa: A002
        with refused():
            governance = client_of(ctx).here
            deployed = governance.require()
        stored = self.find(deployed, id)
        if stored is None:
            raise PluginError(*_not_found(self.kind, id, deployed))
        if stored.thing is None:
            raise PluginError(
                "Metadata altered",
                f"The metadata row of the {KINDS[self.kind].noun} {id} was {stored.fate} outside veil, so there is nothing to import "
                "that can be trusted. Apply the configuration that made it, or delete the row and create it anew.",
            )
        integration = deployed.integration
        values = {
            **self.from_stored(stored.thing),
            "integration": integration.id if integration else "",
            "id": stored.id,
            "drift": frozenset(),
        }
        imported: M = self.model.model_construct(**values)  # type: ignore[assignment]
        return self.state(imported, stored, deployed)

    def _note_lost(self, state: M, governance: "Governance", ctx: Context) -> None:
        """Remember what was applied and is gone: Terraform plans it anew now, before a destroy as
        well.
        """
        applied = self._applied(state, governance.deployed(), ctx)
        if applied is not None:
            governance.note_lost(applied)

    def _key_of(self, state: M, deployed: "DeployedState | None") -> Any:
        """The key of what this state owns; None where that is gone. Found by its token, not by what
        the state says: the data sources that it names may have new ids, or be gone.
        """
        stored = deployed.by_id.get((self.kind, state.id)) if deployed is not None else None
        return stored.key if stored is not None else None

    def _tell_of_waiting(self, stored: "StoredObject | None", holder: "StoredObject | None", ctx: Context) -> None:
        """Say that an object could not be renamed yet, and remember who had the name."""
        if stored is None or stored.thing is None or holder is None:
            ctx.private.pop(_WAITS_FOR, None)
            return
        ctx.private[_WAITS_FOR] = holder.id
        noun = KINDS[self.kind].noun
        ctx.diagnostics.warning(
            "A name that is not free yet",
            f"This {noun} keeps its name until the {KINDS[holder.kind].noun} {holder.shown}, which has the one that it is "
            "to get, is renamed or destroyed; all else of the change is made. If that is part of this apply, nothing remains "
            "to be done. If not, the next plan says that the name differs: choose another one, or bring that "
            f"{KINDS[holder.kind].noun} under this configuration with import.",
        )

    def _written(self, planned: M, stored: "StoredObject | None", governance: "Governance", ctx: Context) -> M:
        if stored is None:
            raise PluginError("Nothing was written", "The change was not carried out. This is a bug in veil.")
        self.remember(stored, ctx)
        written = self.state(planned, stored, governance.require())
        return written.model_copy(update={"drift": frozenset()})

    def _read_without_token(self, state: M, draft: requests.Draft, deployed: "DeployedState", ctx: Context) -> M | None:
        kind, key = requests.draft_place(draft)
        if (kind, key) not in deployed.stored:
            return None
        ctx.diagnostics.warning(
            f"This {KINDS[kind].noun} belongs to another resource",
            f"The {KINDS[kind].noun} {key} was taken over by another resource address or configuration. It is left as it is: "
            "remove it from one of the two, or import it here.",
        )
        return state


def client_of(ctx: Context) -> "Client":
    """What the configured provider works with."""
    client: Client = ctx.client
    return client


def known_integration(plan: Plan[Any]) -> str | None:
    """The id of the integration that a plan is about, None where it is not known yet."""
    known = plan.planned if plan.planned is not None else plan.prior
    return known.integration if known is not None and is_known(known.integration) else None


def _not_found(kind: Kind, name: str, deployed: "DeployedState") -> tuple[str, str]:
    there = sorted(each.shown for each in deployed.stored.values() if each.kind is kind)
    listed = f" There are: {', '.join(there[:20])}." if there else f" No {KINDS[kind].noun} is there at all."
    return f"No such {KINDS[kind].noun}", f"There is no {KINDS[kind].noun} {name!r} in this integration.{listed}"

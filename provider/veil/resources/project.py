"""`veil_project`."""

from typing import TYPE_CHECKING, Any

from veil import model as governed
from veil.model import Kind
from veil.plugin import Context, InvalidValueError, Plan, attribute, check, wholly_known
from veil.resources.base import GovernedModel, GovernedResource
from veil.resources.exporting import References
from veil.resources.findings import describe
from veil.resources.hcl.names import Name, Text, User
from veil.resources.references import source_ids, source_keys

if TYPE_CHECKING:
    from veil.governance import DeployedState, Governance, StoredObject


MOST_BYTES = 1000
"""So long is the name of a project with masked joins: the name of its salt, of 1024 bytes, begins
with it.
"""


class ProjectModel(GovernedModel):
    """Members who act on data sources under purposes, after
    `CALL <prefix>_procedures.switch_project('<name>')`.
    """

    name: Name = attribute("Name of the project.")
    description: Text | None = attribute("What the project is about.")
    members: frozenset[User] = attribute("Redshift users who may act in it.", default=frozenset())
    data_sources: frozenset[Text] = attribute(
        "Ids of the data sources that are visible while acting in it.", default=frozenset()
    )
    purposes: frozenset[Name] = attribute("Purposes that it carries.", default=frozenset())
    masked_joins: bool = attribute(
        "Whether hash masks take one salt for the whole project while a member acts in it, so that hashed columns of "
        "one type join across its data sources. Other masks keep the data source's salt.",
        default=False,
    )

    equalized: bool = attribute(
        "Whether all members see the same while acting in it, which is never more than any of them may see: groups, "
        "attributes and subscriptions count as far as every member holds them, purposes once every member has "
        "acknowledged them. What only some members hold counts neither as held nor as not held, and `@username` is "
        "unknown. A member without a profile sees no rows, and so no member does.",
        default=False,
    )

    @check("name", "masked_joins")
    def _salt_can_be_named(self) -> None:
        if self.masked_joins and len(self.name.encode()) > MOST_BYTES:
            raise InvalidValueError(
                f"The name of a project with masked_joins is at most {MOST_BYTES} bytes long.", ("name",)
            )


class Project(GovernedResource[ProjectModel]):
    type_name = "veil_project"
    model = ProjectModel
    kind = Kind.PROJECT
    exported_to = "purposes.tf"

    def foresee(self, plan: Plan[ProjectModel], governance: "Governance", ctx: Context) -> None:
        declared = plan.planned
        if declared is None or not wholly_known([declared.name, declared.members, declared.equalized]):
            return
        project = governed.Project(declared.name, declared.members, equalized=declared.equalized)
        replaces = self._key_of(plan.prior, governance.deployed()) if plan.prior is not None else None
        for finding in governance.plan_members(project, replaces):
            describe(finding, (self.kind, declared.name), ctx.diagnostics)

    def to_draft(self, declared: ProjectModel, deployed: "DeployedState | None") -> governed.Project:
        return governed.Project(
            name=declared.name,
            description=declared.description or "",
            members=declared.members,
            data_sources=source_keys(declared.data_sources, deployed),
            purposes=declared.purposes,
            masked_joins=declared.masked_joins,
            equalized=declared.equalized,
        )

    def references(self, thing: governed.Project, others: References) -> dict[str, Any]:
        """What its members act on, and why."""
        sources = (others.reference("id", (Kind.DATA_SOURCE, key)) for key in thing.data_sources)
        purposes = (others.reference("name", (Kind.PURPOSE, name)) for name in thing.purposes)
        return {"data_sources": frozenset(sources), "purposes": frozenset(purposes)}

    def from_stored(self, thing: object) -> dict[str, Any]:
        assert isinstance(thing, governed.Project)
        return {
            "name": thing.name,
            "description": thing.description or None,
            "members": thing.members,
            "data_sources": frozenset(),
            "purposes": thing.purposes,
            "masked_joins": thing.masked_joins,
            "equalized": thing.equalized,
        }

    def state(self, declared: ProjectModel, stored: "StoredObject", deployed: "DeployedState") -> ProjectModel:
        now: dict[str, Any] = {"id": stored.id}
        if isinstance(stored.thing, governed.Project) and not declared.data_sources:
            now["data_sources"] = source_ids(stored.thing.data_sources, deployed)
        return declared.model_copy(update=now)

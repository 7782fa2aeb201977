"""`veil_integration`."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, cast

from pydantic import AfterValidator

from veil import model
from veil.governance import requests
from veil.model import Integration as GovernedIntegration
from veil.model import Kind
from veil.model.names import dotted, folded
from veil.plugin import (
    UNKNOWN,
    Context,
    Model,
    Plan,
    PluginError,
    Resource,
    attribute,
    check,
    computed,
    is_known,
    wholly_known,
)
from veil.resources import gains
from veil.resources.claiming import claim
from veil.resources.exporting import Exportable
from veil.resources.hcl.baseline import BaselineModel
from veil.resources.hcl.modes import checked_prefix, require_foreign_schema, require_mode
from veil.resources.hcl.names import Identifier, Name, NewName, Text, ViewSchema, same_name
from veil.resources.last_error import error_attributes
from veil.resources.refusals import refused
from veil.resources.repair import plan_repair, tell_of_repair

if TYPE_CHECKING:
    from veil.governance import DeployedState, Governance, answers
    from veil.resources.client import Client


class ImpersonationModel(Model):
    """Whether users may act as others."""

    group: NewName = attribute(
        "The Redshift group whose members may impersonate. Groups are the cluster's: give each integration its own. Without capitals, which Redshift folds.",
        default="immuta_impersonator_role",
    )


class ValidationModel(Model):
    """One of the integration's own checks."""

    name: str = computed("Name of the check.")
    status: str = computed("`passed`, `failed` or `warning`.")
    message: str = computed("What was found.")


class IntegrationModel(Model):
    """One governed database of one cluster: the schemas `<prefix>_system`, `<prefix>_functions` and
    `<prefix>_procedures`.

    It is created first and destroyed last. A database has one. Give it another address in the
    configuration with a `moved` block: without one Terraform destroys it and makes another, whose
    salts are new, and what users chose and what was approved at run time is lost.
    """

    found_anew: ClassVar[tuple[str, ...]] = (
        "status",
        "last_error",
        "last_error_at",
        "validation_results",
        "superusers",
    )

    name: Name = attribute("Name of the integration, by which other configurations find it.")
    mode: Literal["single_database", "multi_database", "spectrum"] = attribute(
        "Where the raw tables are. `single_database`: in `database`. `multi_database`: in `source_database`, which needs a "
        "cluster with cross-database queries. `spectrum`: external ones, through external schemas of `database`.",
        default="single_database",
        requires_replace=True,
    )
    database: Identifier = attribute(
        "The database of the views and of veil's own schemas, which the provider connects to.",
        requires_replace=True,
        equivalent=same_name,
    )
    view_schema: ViewSchema = attribute(
        "Where views go unless a data source says otherwise. Without capitals, which Redshift folds."
    )
    source_database: Identifier | None = attribute(
        "For `multi_database`, and only there: the database of the raw tables. Lookups that name no database are there too.",
        requires_replace=True,
        equivalent=same_name,
    )
    schema_prefix: Annotated[Text, AfterValidator(checked_prefix)] = attribute(
        "Prefix of veil's own schemas.", default="immuta", requires_replace=True
    )
    bootstrap: Literal["automatic", "manual"] = attribute(
        "`automatic` makes the schemas, repairs and upgrades them. `manual` verifies what an administrator's script made, "
        "which `veil bootstrap-sql` prints, and says what is missing.",
        default="automatic",
    )
    impersonation: ImpersonationModel | None = attribute("Lets members of a group act as other users.")
    baseline: BaselineModel | None = attribute("What is hidden where no policy says anything.")
    monitored_schemas: frozenset[Identifier] = attribute(
        "Schemas of which every table is to be a data source, in the database of the raw tables. What is not one is in "
        "`new_tables`, and `on_new_tables` says what comes of it.",
        default=frozenset(),
    )
    on_new_tables: Literal["warn", "error", "ignore"] = attribute(
        "What comes of tables in `monitored_schemas` that are no data sources: `warn` tells of them in plans, with owners and "
        "readers; with `error` the check `new_tables` fails as well, and with it `status` and `veil doctor`; `ignore` only "
        "lists them. None of these stops a plan or an apply.",
        default="warn",
    )
    force_destroy: bool = attribute("Destroy the integration even while it governs something.", default=False)
    id: str = computed("Opaque identifier; what `integration` of every other resource takes.", inputs=())
    status: str = computed(
        "`enabled`; `editError` or `deleteError` where the last change failed, `migrateError` where that was to upgrade its schemas; "
        "`recurringValidationError` where a check of `validation_results` failed. A create that failed has left no schemas to record it in: its diagnostic is the record."
    )
    last_error: str | None = computed(
        "Why the last change failed, as recorded in the warehouse after it was rolled back; null once one succeeds. Of what the "
        "warehouse said it holds the SQLSTATE alone: that may have values of rows in it."
    )
    last_error_at: str | None = computed("When that was, in RFC 3339.")
    validation_results: list[ValidationModel] = computed("What the integration's own checks found.")
    superusers: frozenset[str] = computed(
        "The superusers of the cluster when the integration was last applied. Nothing is hidden from them; who became one "
        "since is in `drift`, until the next apply takes it as known.",
        inputs=(),
    )
    new_tables: frozenset[str] = computed(
        "The tables and views in `monitored_schemas` that are no data sources, as `schema.table`, when the integration was last "
        "read or applied: data sources of the same apply count from the next plan on.",
        inputs=("monitored_schemas",),
    )
    schema_version: int = computed("Version of veil's schemas in this database.", inputs=())
    drift: frozenset[str] = computed("What was found altered outside Terraform and the next apply repairs.", inputs=())

    @check(partly=["mode", "database", "source_database"])
    def _databases_fit_the_mode(self) -> None:
        require_mode(self.mode, self.database, self.source_database)

    @check("schema_prefix", "monitored_schemas")
    def _monitors_schemas_of_others(self) -> None:
        for name in sorted(self.monitored_schemas):
            require_foreign_schema(
                self.schema_prefix, name, ("monitored_schemas",), "It has no tables to govern: leave it out."
            )

    @check("schema_prefix", "view_schema")
    def _views_are_apart(self) -> None:
        require_foreign_schema(self.schema_prefix, self.view_schema)


_REPLACING = ("mode", "database", "source_database", "schema_prefix")
"""What makes another integration of one."""


class Integration(Exportable, Resource[IntegrationModel]):
    type_name = "veil_integration"
    model = IntegrationModel
    kind = Kind.INTEGRATION
    exported_to = "main.tf"

    def from_stored(self, thing: GovernedIntegration) -> dict[str, Any]:
        return dict(from_governed(thing))

    def plan(self, plan: Plan[IntegrationModel], ctx: Context) -> None:
        client: Client = ctx.client
        if plan.planned is None:
            if plan.prior is not None:
                _warn_of_what_goes(client, plan.prior, ctx)
                _warn_of_what_stays(client, plan.prior, ctx)
            return
        replaces = plan.prior is not None and any(plan.changed(each) for each in _REPLACING)
        if plan.prior is not None and replaces and client.settings is not None:
            _warn_of_what_goes(client, plan.prior, ctx)
        governance = None
        if client.settings is not None and is_known(plan.planned.database):
            governance = client.of_database(plan.planned.database)
        if plan.prior is None:
            client.plan_integration()
        elif governance is not None and not governance.is_recorded():
            # It is made anew, and whatever belongs to it is planned as if there had been nothing.
            client.plan_integration()
            plan.planned.id = UNKNOWN
        plan_repair(plan, governance, None)
        tell_of_repair(plan, ctx)
        _plan_version(plan)
        if governance is not None and plan.prior is not None:
            _warn_of_others(governance, ctx)
            _warn_of_new_tables(governance, plan.planned, ctx)
        if governance is not None:
            claim(plan, [_claim(plan.planned)], governance, ctx)
        if governance is None or not wholly_known(
            [value for name, value in dict(plan.planned).items() if name in _DECLARED]
        ):
            return
        if plan.prior is not None:
            _warn_of_what_is_left(governance, ctx)
        with refused():
            governed = to_governed(plan.planned, client)
            if _moves(plan) or (governed.bootstrap == "manual" and _says_otherwise(plan)):
                governance.plan_place(governed)
            had = plan.prior.name if plan.prior is not None else None
            governance.plan_put(governed, had)
            if plan.prior is not None and plan.changed("baseline"):
                gains.tell_of_change(governance, Kind.INTEGRATION, governed.name, had, ctx)

    def create(self, planned: IntegrationModel, ctx: Context) -> IntegrationModel:
        client: Client = ctx.client
        governance = client.of_database(planned.database)
        with refused():
            stored = governance.install(to_governed(planned, client))
            return _with_state(planned, stored.id, governance)

    def update(self, prior: IntegrationModel, planned: IntegrationModel, ctx: Context) -> IntegrationModel:
        client: Client = ctx.client
        governance = client.of_database(planned.database)
        with refused():
            if not governance.is_recorded():
                stored = governance.install(to_governed(planned, client), prior.id)
                return _with_state(planned, stored.id, governance)
            governance = client.installed(prior.id)
            governance.submit(requests.Update(prior.id, to_governed(planned, client)))
            return _with_state(planned, prior.id, governance)

    def read(self, state: IntegrationModel, ctx: Context) -> IntegrationModel | None:
        client: Client = ctx.client
        governance = client.of_database(state.database)
        with refused():
            deployed = governance.deployed()
            remains = governance.remains(to_governed(state, client))
        if deployed is None or deployed.integration is None:
            return _unrecorded(state) if remains is not None else None
        stored = deployed.integration
        if stored.id != state.id:
            ctx.diagnostics.warning(
                "This integration belongs to another configuration",
                f"The integration of the database {state.database} was taken over or replaced elsewhere. It is left as it is.",
            )
            return state
        from veil.governance import drift

        lines = {*drift.drift_of(deployed, stored, to_governed(state, client)), *_made_superusers(state, deployed)}
        with refused():
            lines.update(governance.drift_around())
            checked = _with_state(state, stored.id, governance, before=_checks_before(state))
            return checked.model_copy(update={"drift": frozenset(lines)})

    def delete(self, state: IntegrationModel, ctx: Context) -> None:
        client: Client = ctx.client
        governance = client.of_database(state.database)
        with refused():
            remains = governance.remains(to_governed(state, client))
            staying = governance.uninstall(state.id, force=state.force_destroy)
        if remains is not None:
            ctx.diagnostics.warning("What veil made stays", str(remains))
        if staying:
            ctx.diagnostics.warning("What others made stays", staying)

    def import_state(self, id: str, ctx: Context) -> IntegrationModel:  # noqa: A002
        client: Client = ctx.client
        with refused():
            governance = client.here
            deployed = governance.require()
        stored = deployed.integration
        if stored is None or stored.key != id or not isinstance(stored.thing, GovernedIntegration):
            there = f" It has {stored.key!r}." if stored else ""
            raise PluginError("No such integration", f"The provider's database has no integration {id!r}.{there}")
        with refused():
            return _with_state(from_governed(stored.thing), stored.id, governance, before=())


def _unrecorded(state: IntegrationModel) -> IntegrationModel:
    """The state of an integration of which something is left and nothing is recorded."""
    from veil.governance import notices

    return state.model_copy(update={"drift": frozenset({notices.RECORDS_GONE})})


def _warn_of_what_goes(client: "Client", prior: IntegrationModel, ctx: Context) -> None:
    """What is lost with an integration that is destroyed or replaced, whatever is made after it."""
    from veil.governance import notices

    governance = client.of_database(prior.database)
    with refused():
        deployed = governance.deployed()
    if deployed is None or deployed.integration is None or deployed.integration.id != prior.id:
        return
    if lost := notices.goes_with_the_integration(deployed):
        ctx.diagnostics.warning(
            "What only the integration holds will be lost",
            f"The integration {prior.name} is destroyed, and with it goes what no configuration brings back:\n"
            + "\n".join(f"  - {each}" for each in lost)
            + "\nWhere only its address in the configuration changes, a moved block keeps all of it, and whatever belongs to it:\n"
            "    moved {\n      from = veil_integration.<address of before>\n      to   = veil_integration.<address now>\n    }",
        )


def _warn_of_what_stays(client: "Client", prior: IntegrationModel, ctx: Context) -> None:
    """What stays of an integration that is to go, and what others put into its schemas."""
    from veil.governance import notices

    governance = client.of_database(prior.database)
    with refused():
        deployed = governance.deployed()
        remains = governance.remains(to_governed(prior, client))
    if remains is not None:
        ctx.diagnostics.warning("What veil made will stay", str(remains))
    if deployed is None or deployed.integration is None or deployed.integration.id != prior.id:
        return
    if staying := notices.what_stays(deployed):
        ctx.diagnostics.warning("What others made will stay", staying)


def _warn_of_others(governance: "Governance", ctx: Context) -> None:
    """What others put into the schemas of the integration, which no apply touches."""
    from veil.governance import notices

    with refused():
        deployed = governance.deployed()
    unexpected = notices.others(deployed) if deployed is not None else []
    if dangerous := [f"  - {each}. To end it: {each.ending}" for each in unexpected if each.danger]:
        ctx.diagnostics.warning("An apply cannot repair this: what others made in veil's schemas", "\n".join(dangerous))
    if harmless := [f"  - {each}" for each in unexpected if not each.danger]:
        shown = [*harmless[:_LISTED], *([f"  - and {len(harmless) - _LISTED} more"] if len(harmless) > _LISTED else [])]
        ctx.diagnostics.warning(
            "Others made something in veil's schemas",
            "veil does not govern this and leaves it alone, though people may take it for governed:\n"
            + "\n".join(shown),
        )


def _warn_of_new_tables(governance: "Governance", planned: IntegrationModel, ctx: Context) -> None:
    """What is not governed in the schemas that were monitored when the integration was last
    applied.
    """
    if planned.on_new_tables == "ignore" or not governance.is_recorded():
        return
    with refused():
        new = governance.new_tables()
    if new.missing:
        ctx.diagnostics.warning(
            "A monitored schema is not there",
            f"There is no schema {', '.join(map(dotted, new.missing))} in the database of the raw tables, so nothing is noticed "
            "there. Correct monitored_schemas.",
            ("monitored_schemas",),
        )
    if new.found:
        shown = [f"  - {each}" for each in new.found[:_LISTED]]
        shown += [f"  - and {len(new.found) - _LISTED} more"] if len(new.found) > _LISTED else []
        ctx.diagnostics.warning(
            "Tables that are not governed",
            "In monitored schemas stands what is no data source:\n"
            + "\n".join(shown)
            + "\nMake a veil_data_source of each, "
            "or move what is not to be governed to another schema. A data source that this plan makes is still listed.",
            ("monitored_schemas",),
        )


def _claim(planned: IntegrationModel) -> "requests.Claim":
    return requests.Claim(
        "integration", "Two integrations in one database", planned.database, "veil_integration", ("database",)
    )


def _says_otherwise(plan: Plan[IntegrationModel]) -> bool:
    """Whether the plan declares something else than was applied: a repair needs no more than what
    is there.
    """
    prior, planned = plan.prior, plan.planned
    return prior is None or any(getattr(prior, name) != getattr(planned, name) for name in _DECLARED)


def _warn_of_what_is_left(governance: "Governance", ctx: Context) -> None:
    """Say what was altered and an apply leaves as it is, and what a person runs."""
    with refused():
        deployed = governance.deployed()
    if deployed is None:
        return
    from veil.governance import notices

    lines, statements = notices.beyond_repair(deployed)
    if lines:
        script = "".join(f"\n  {each};" for each in statements)
        ctx.diagnostics.warning(
            "An apply cannot repair this: the integration",
            f"{'; '.join(lines)}."
            + (
                f" Let an administrator run this:{script}"
                if script
                else " `veil doctor` says what an administrator runs."
            ),
        )


def _moves(plan: Plan[IntegrationModel]) -> bool:
    prior, planned = plan.prior, plan.planned
    return prior is None or planned is None or prior.source_database != planned.source_database


def _plan_version(plan: Plan[IntegrationModel]) -> None:
    """An apply brings an older installation to this provider's version."""
    from veil.warehouse import SCHEMA_VERSION

    if plan.prior is not None and plan.planned is not None and plan.prior.schema_version < SCHEMA_VERSION:
        plan.planned.schema_version = SCHEMA_VERSION


_LISTED = 10
"""So many harmless things of others are listed."""

_DECLARED = frozenset(
    {
        "bootstrap",
        "name",
        "mode",
        "database",
        "view_schema",
        "source_database",
        "schema_prefix",
        "impersonation",
        "baseline",
        "monitored_schemas",
        "on_new_tables",
    }
)


def to_governed(declared: IntegrationModel, client: "Client") -> GovernedIntegration:
    """The governed form of a wholly known declaration."""
    return governed_at(declared, client.settings.host if client.settings else "")


def governed_at(declared: IntegrationModel, hostname: str) -> GovernedIntegration:
    """The same on a cluster of this name."""
    baseline = declared.baseline or BaselineModel(null_tags=frozenset())
    return GovernedIntegration(
        name=declared.name,
        database=folded(declared.database),
        view_schema=declared.view_schema,
        mode=declared.mode,
        schema_prefix=declared.schema_prefix,
        source_database=None if declared.source_database is None else folded(declared.source_database),
        impersonation_group=declared.impersonation.group if declared.impersonation else None,
        baseline=model.Baseline(
            frozenset(map(model.fold, baseline.null_tags)),
            frozenset(map(model.fold, baseline.closed_tags)),
            frozenset(map(model.fold, baseline.filter_column_tags or ())),
        ),
        hostname=hostname,
        bootstrap=declared.bootstrap,
        # States of before these attributes came do not have them.
        monitored_schemas=frozenset(map(folded, declared.monitored_schemas or ())),
        on_new_tables=declared.on_new_tables or "warn",
    )


def from_governed(integration: GovernedIntegration) -> IntegrationModel:
    """The declaration that an import writes."""
    baseline = integration.baseline
    group = integration.impersonation_group
    values: dict[str, Any] = {
        "name": integration.name,
        "mode": integration.mode,
        "database": integration.database,
        "view_schema": folded(integration.view_schema),
        "source_database": integration.source_database,
        "schema_prefix": integration.schema_prefix,
        "bootstrap": integration.bootstrap,
        "impersonation": ImpersonationModel(group=folded(group)) if group else None,
        "baseline": None
        if baseline == model.Baseline()
        else BaselineModel(
            null_tags=baseline.null_tags,
            closed_tags=baseline.closed_tags,
            filter_column_tags=baseline.filter_column_tags,
        ),
        "monitored_schemas": integration.monitored_schemas,
        "on_new_tables": integration.on_new_tables,
        "force_destroy": False,
    }
    return IntegrationModel.model_construct(**values)


def _made_superusers(state: IntegrationModel, deployed: "DeployedState") -> Iterator[str]:
    from veil.governance import notices

    known = _superusers(state)
    yield from notices.superusers_made(deployed, known) if known is not None else ()


def _superusers(model: IntegrationModel) -> frozenset[str] | None:
    """The superusers that are known of; None where nobody looked, or where the state is of before
    it told of them.
    """
    known = getattr(model, "superusers", None)
    return known if known is not None and is_known(known) else None


def _checks_before(state: IntegrationModel) -> "Iterator[answers.Check]":
    """The checks of the last apply, as the state holds them."""
    from veil.governance import answers

    for each in state.validation_results:
        yield answers.Check(each.name, cast("Literal['passed', 'failed', 'warning']", each.status), each.message)


def _with_state(
    declared: IntegrationModel, token: str, governance: "Governance", before: "Iterable[answers.Check] | None" = None
) -> IntegrationModel:
    """The state after an apply, which tries everything; with the checks of one `before`, as a plan
    reads it.
    """
    from veil.governance import answers, last_errors

    checks, known = governance.checks(before), _superusers(declared)
    deployed = governance.require()
    integration = deployed.integration
    failed = last_errors.last_error(deployed, integration.kind, integration.key) if integration is not None else None
    results = [ValidationModel(name=each.name, status=each.status, message=each.message) for each in checks]
    return declared.model_copy(
        update={
            "id": token,
            "status": failed.status if failed is not None else answers.status_of(checks),
            "validation_results": results,
            "superusers": deployed.snapshot.superusers if known is None else known,
            "schema_version": deployed.snapshot.schema_version,
            "new_tables": frozenset(each.key for each in governance.new_tables().found),
            "drift": frozenset(),
        }
        | (error_attributes(deployed, integration) if integration is not None else {})
    )

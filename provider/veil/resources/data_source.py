"""`veil_data_source`."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import field_validator

from veil.governance import requests
from veil.model import DataSource as GovernedSource
from veil.model import Kind
from veil.model.kinds import kinds_beside
from veil.model.names import canonical, dotted, folded, parts_of
from veil.plugin import UNKNOWN, Context, Model, Plan, PluginError, attribute, computed, is_known, wholly_known
from veil.resources.base import GovernedModel, GovernedResource, client_of
from veil.resources.exporting import References
from veil.resources.hcl.names import (
    ColumnName,
    Description,
    Identifier,
    Name,
    NewName,
    Tag,
    Text,
    ViewSchema,
    same_name,
)
from veil.resources.hcl.texts import MISSPELT
from veil.resources.last_error import error_attributes

if TYPE_CHECKING:
    from veil.governance import DeployedState, Governance, StoredObject

_ACCEPTED = "accepted"
"""Under which private state keeps the names of the accepted columns."""


class ColumnModel(Model):
    """What is known of a column."""

    tags: frozenset[Tag] = attribute(
        "Tags of the column, dotted: a policy on `pii` covers `pii.email`.", default=frozenset()
    )
    description: Description | None = attribute(
        "What the column holds. Where the view is bound it is the comment on its column, which everybody reads: nothing "
        "secret belongs here."
    )


def _same_columns(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return {folded(name): each for name, each in one.items()} == {folded(name): each for name, each in other.items()}


def _same_names(one: Collection[str], other: Collection[str]) -> bool:
    return set(map(folded, one)) == set(map(folded, other))


class DataSourceModel(GovernedModel):
    """A table that analysts reach only through the view made for it. Redshift folds capital letters
    in names, quoted or not: tables and columns are found however they are spelled, and the view's
    name has none.
    """

    found_anew: ClassVar[tuple[str, ...]] = ("health", "closed_by", "status")

    schema_: Identifier = attribute("Schema of the table.", requires_replace=True, equivalent=same_name, alias="schema")
    table: Identifier = attribute(
        "The table, or a view that veil did not make.", requires_replace=True, equivalent=same_name
    )
    view_schema: ViewSchema = attribute(
        "Where the view goes, without capitals. Default: the integration's `view_schema`.", computed=True
    )
    view_name: NewName = attribute("Name of the view, without capitals. Default: the table's name.", computed=True)
    tags: frozenset[Tag] = attribute("Tags of the data source.", default=frozenset())
    columns: dict[ColumnName, ColumnModel] = attribute(
        "Tags and descriptions of columns, by the column's name.", default={}, equivalent=_same_columns
    )
    policies: frozenset[Name] = attribute(
        "Masking and row policies without which the view shows no rows; this also orders the apply.",
        default=frozenset(),
    )
    event_time_column: ColumnName | None = attribute(
        "The column that time rules of row policies look at.", equivalent=same_name
    )
    new_columns: Literal["hide", "null", "expose"] = attribute(
        "What becomes of columns that the table gets later: not in the view, NULL in it, or shown as they are.",
        default="hide",
    )
    reopen: frozenset[Text] = attribute(
        "Opens the view although a policy that covers it could not be applied: the keys in `closed_by` of the failures that no "
        "longer count. A later failure closes it again.",
        default=frozenset(),
    )
    filter_columns: frozenset[ColumnName] = attribute(
        "Columns that users filter by, such as sort keys, dates and partitions: they stand in the view without a guard, so that "
        "filters on them reach the scan of the table. Anyone who can select from the view may learn, by errors, by how long a "
        "query takes or by what `EXPLAIN` expects, which combinations of values in these columns hidden rows hold. A column "
        "that a mask, a null tag or a row rule is about is guarded all the same, and the plan says so.",
        default=frozenset(),
        equivalent=_same_names,
    )
    enabled: bool = attribute("`false` takes the view away and keeps what is declared.", default=True)
    description: Description | None = attribute(
        "What the table holds. It is the comment on the view, which everybody reads who can sign in, also those who see no "
        "row: nothing secret belongs here."
    )
    view: str = computed("The view's dotted name.", inputs=("schema", "table", "view_schema", "view_name"))
    host: str = computed("The cluster's host name.", inputs=())
    health: str = computed(
        "`healthy`, or what is wrong that an update of the data source cannot repair, as it was found last.",
        inputs=("reopen",),
    )
    status: str = computed(
        "`enabled`; `disabled` with `enabled = false`; `createError`, `editError` or `deleteError` where the last change failed; "
        "`recurringValidationError` where something is wrong that no apply repairs, which `health` tells.",
        inputs=("enabled",),
    )
    last_error: str | None = computed(
        "Why the last change failed, as recorded in the warehouse after it was rolled back; null once one succeeds. Of what the "
        "warehouse said it holds the SQLSTATE alone: that may have values of rows in it.",
        inputs=(),
    )
    last_error_at: str | None = computed("When that was, in RFC 3339.", inputs=())
    closed_by: dict[str, str] = computed(
        "The policies because of which the view shows no rows: they would have covered it, and their last create or update "
        "failed. What each key, which stands for one failure, says is the policy and why it failed.",
        inputs=("reopen",),
    )

    @field_validator("columns")
    @classmethod
    def _are_told_apart(cls, columns: dict[str, ColumnModel]) -> dict[str, ColumnModel]:
        spelled: dict[str, str] = {}
        for name in columns:
            if (other := spelled.setdefault(folded(name), name)) != name:
                raise ValueError(
                    f"{other!r} and {name!r} are one column: Redshift folds capital letters, quoted or not. Keep one of them."
                )
        return columns


class DataSource(GovernedResource[DataSourceModel]):
    type_name = "veil_data_source"
    model = DataSourceModel
    kind = Kind.DATA_SOURCE
    exported_to = "data_sources.tf"

    def validate(self, config: DataSourceModel, ctx: Context) -> None:
        # As written: in `config` a default stands in the place of what was left out.
        written = ctx.config.columns
        columns = written if written is not None and is_known(written) else {}
        silent = sorted(name for name, each in columns.items() if is_known(each) and _says_nothing(each))
        if silent:
            # A misspelt `tags` would leave a column without its mask.
            ctx.warning(
                "Columns of which nothing is said",
                f"In columns, {', '.join(silent)} has neither tags nor a description. {MISSPELT} Where it is to have "
                "none, write { tags = [] }.",
                ("columns",),
            )

    def plan(self, plan: Plan[DataSourceModel], ctx: Context) -> None:
        if plan.planned is not None:
            _plan_names(plan, ctx)
        super().plan(plan, ctx)
        planned, prior = plan.planned, plan.prior
        if planned is None or prior is None:
            return
        if prior.last_error is None:
            # An apply that succeeds leaves none: a plan that said "known after apply" would be
            # noise.
            planned.last_error = planned.last_error_at = None
        elif planned != prior:
            # A change that succeeds ends it.
            planned.status = planned.last_error = planned.last_error_at = UNKNOWN

    def to_draft(self, declared: DataSourceModel, deployed: "DeployedState | None") -> requests.SourceDraft:
        return requests.SourceDraft(
            schema=folded(declared.schema_),
            table=folded(declared.table),
            view_schema=declared.view_schema if is_known(declared.view_schema) else None,
            view_name=declared.view_name if is_known(declared.view_name) else None,
            columns={
                folded(name): requests.DeclaredColumn(frozenset(map(str.lower, each.tags)), each.description or "")
                for name, each in declared.columns.items()
            },
            tags=frozenset(map(str.lower, declared.tags)),
            policies=declared.policies,
            event_time_column=None if declared.event_time_column is None else folded(declared.event_time_column),
            new_columns=declared.new_columns,
            enabled=declared.enabled,
            description=declared.description or "",
            reopen=declared.reopen or frozenset(),
            filter_columns=frozenset(map(folded, declared.filter_columns or ())),
        )

    def exported_names(self, key: str) -> tuple[str, ...]:
        parts = parts_of(key)
        return parts[-1], "_".join(parts)

    def references(self, thing: GovernedSource, others: References) -> dict[str, Any]:
        """The policies that it lists; its view's names are left out where they are what Terraform
        would compute anyway.
        """
        kinds = kinds_beside(Kind.MASKING_POLICY)
        listed = (others.reference("name", *((kind, name) for kind in kinds)) for name in thing.policies)
        defaults = {"view_name": folded(thing.table), "view_schema": others.view_schema}
        left_out = {name: None for name, default in defaults.items() if folded(getattr(thing, name)) == folded(default)}
        return {"policies": frozenset(listed)} | left_out

    def from_stored(self, thing: object) -> dict[str, Any]:
        assert isinstance(thing, GovernedSource)
        draft = requests.draft_of(thing)
        return {
            "schema_": draft.schema,
            "table": draft.table,
            "view_schema": folded(thing.view_schema),
            "view_name": folded(thing.view_name),
            "tags": draft.tags,
            "columns": {
                name: ColumnModel(tags=each.tags, description=each.description or None)
                for name, each in draft.columns.items()
            },
            "policies": draft.policies,
            "event_time_column": draft.event_time_column,
            "new_columns": draft.new_columns,
            "enabled": draft.enabled,
            "description": draft.description or None,
            "reopen": draft.reopen,
            "filter_columns": draft.filter_columns,
        }

    def claims(self, planned: DataSourceModel) -> Iterator[requests.Claim]:
        if is_known(planned.schema_) and is_known(planned.table):
            table = dotted(planned.schema_, planned.table)
            yield requests.Claim(
                ("table", canonical(table)), "Two data sources on one table", table, self.type_name, ("table",)
            )
        if is_known(planned.view_schema) and is_known(planned.view_name) and planned.view_schema and planned.view_name:
            view = dotted(planned.view_schema, planned.view_name)
            yield requests.Claim(
                ("view", canonical(view)), "Two data sources with one view", view, self.type_name, ("view_name",)
            )

    def has_its_name(self, model: DataSourceModel, stored: "StoredObject") -> bool:
        source = stored.thing
        return not isinstance(source, GovernedSource) or source.view == dotted(model.view_schema, model.view_name)

    def find(self, deployed: "DeployedState", name: str) -> "StoredObject | None":
        try:
            wanted = canonical(name)
        except ValueError as problem:
            raise PluginError(
                "Not a name", f"{problem}. Import a data source by its view's or its table's name."
            ) from problem
        for each in deployed.stored.values():
            if isinstance(each.thing, GovernedSource) and wanted in map(canonical, (each.thing.view, each.thing.key)):
                return each
        return None

    def state(self, declared: DataSourceModel, stored: "StoredObject", deployed: "DeployedState") -> DataSourceModel:
        source = stored.thing
        host = declared.host if is_known(getattr(declared, "host", UNKNOWN)) else deployed.world.integration.hostname
        now: dict[str, Any] = {"id": stored.id, "host": host}
        if isinstance(source, GovernedSource):
            names = {"view_schema": source.view_schema, "view_name": source.view_name}
            kept = {name: value for name, value in names.items() if not is_known(getattr(declared, name, None))}
            from veil.governance import closing, last_errors, notices

            closed_by = {each.id: closing.told(each) for each in closing.closings_of(deployed.world, source)}
            now["status"] = last_errors.status_of_source(deployed, source)
            now |= kept | {"view": source.view, "health": notices.health_of(deployed, source), "closed_by": closed_by}
        now |= error_attributes(deployed, stored)
        # A state of before there were such attributes.
        now["reopen"] = declared.reopen or frozenset()
        now["filter_columns"] = declared.filter_columns or frozenset()
        return declared.model_copy(update=now)

    def _written(
        self, planned: DataSourceModel, stored: "StoredObject | None", governance: "Governance", ctx: Context
    ) -> DataSourceModel:
        written = super()._written(planned, stored, governance, ctx)
        # What was planned: the name, where the view waits for it, and what the next read looks at
        # again.
        names = ("view", "health", "closed_by", "status", "last_error", "last_error_at")
        return written.model_copy(
            update={name: getattr(planned, name) for name in names if is_known(getattr(planned, name))}
        )

    def read(self, state: DataSourceModel, ctx: Context) -> DataSourceModel | None:
        current = super().read(state, ctx)
        deployed = client_of(ctx).governance(state.integration).deployed() if current is not None else None
        integration = deployed.integration if deployed is not None else None
        if current is None or integration is None or integration.thing is None or deployed is None:
            return current
        return current.model_copy(update={"host": deployed.world.integration.hostname})

    def remember(self, stored: "StoredObject", ctx: Context) -> None:
        if isinstance(stored.thing, GovernedSource):
            ctx.private[_ACCEPTED] = json.dumps([each.name for each in stored.thing.columns if each.accepted])

    def recall(self, draft: requests.Draft, ctx: Context) -> requests.Draft:
        assert isinstance(draft, requests.SourceDraft)
        return replace(draft, accepted=frozenset(json.loads(ctx.private.get(_ACCEPTED, "[]"))))

    def foresee(self, plan: Plan[DataSourceModel], governance: "Governance", ctx: Context) -> None:
        if plan.planned is None or not wholly_known(plan.planned.reopen):
            return
        deployed = governance.deployed()
        stored = deployed.by_id.get((self.kind, plan.prior.id)) if deployed is not None and plan.prior else None
        if deployed is None or stored is None or not isinstance(stored.thing, GovernedSource):
            return
        from veil.governance import closing, notices

        # The table is in the titles: Terraform shows only the first of several warnings of one
        # title.
        table = dotted(stored.thing.schema, stored.thing.table)
        if problems := " ".join(notices.unrepairable(deployed, stored.thing)):
            ctx.diagnostics.warning(f"An apply cannot repair this: {table}", problems)
        closings = closing.closings_of(deployed.world, stored.thing)
        opened = [each for each in closings if each.id in plan.planned.reopen]
        if closed := [each for each in closings if each not in opened]:
            ctx.diagnostics.warning(f"Closed to everybody: {table}", "\n".join(map(closing.why_closed, closed)))
        for each in opened:
            detail = f"Its view shows rows again, without what the policy was to do: {closing.told(each)}."
            ctx.diagnostics.warning(f"The apply opens {table} again", detail, ("reopen",))


def _says_nothing(column: ColumnModel) -> bool:
    return column.tags is None and column.description is None


def _plan_names(plan: Plan[DataSourceModel], ctx: Context) -> None:
    planned, config = plan.planned, plan.config
    if planned is None or config is None:
        return
    if config.view_name is None and is_known(planned.table):
        planned.view_name = folded(planned.table)
    if config.view_schema is None and ctx.client is not None:
        governance = ctx.client.planning(planned.integration if is_known(planned.integration) else None)
        integration = governance.planned_integration() if governance is not None else None
        if integration is not None and integration.view_schema:
            planned.view_schema = integration.view_schema
    if is_known(planned.view_schema) and is_known(planned.view_name) and planned.view_schema and planned.view_name:
        planned.view = dotted(planned.view_schema, planned.view_name)

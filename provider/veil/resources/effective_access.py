"""`data.veil_effective_access`: what would this user see?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from veil.model import DataSource as GovernedSource
from veil.model import Kind
from veil.plugin import Context, DataSource, Model, PluginError, attribute, computed
from veil.resources.hcl.moments import moment_text
from veil.resources.hcl.names import Name, Text, User
from veil.resources.refusals import refused

if TYPE_CHECKING:
    from veil.governance import answers
    from veil.resources.client import Client


class ColumnAccessModel(Model):
    """What the user sees of one column."""

    masked: bool = computed(
        "Whether no row shows the clear value, in any project the user may switch to, with the purposes acknowledged so far."
    )
    access: str = computed(
        "`masked`, `sometimes` or `clear`, by the policies alone and with all that the user can bring about: acknowledging a "
        "purpose counts here already."
    )
    policies: list[str] = computed("The masking policies that decide, the first one first.")


class EndsModel(Model):
    """When rights end that count now. What never ends, or has ended, is not here."""

    groups: dict[str, str] = computed("By group, in RFC 3339.")
    attributes: dict[str, dict[str, str]] = computed("By attribute and value, in RFC 3339.")
    subscription: str | None = computed("When the user's own subscription to the data source ends.")


class EffectiveAccessModel(Model):
    """What a user sees of a data source as it is published now. Name every policy in `depends_on`,
    or put them in a module.

    A `postcondition` on it fails the apply; a `check` block only warns.
    """

    integration: Text = attribute("Id of the `veil_integration`.")
    user: User = attribute("The Redshift user.")
    data_source: Text = attribute("Id of the `veil_data_source`.")
    project: Name | None = attribute("Ask about this project only. Left out: about every one the user may switch to.")
    include_staged: bool | None = attribute(
        "Whether staged policies count as active, to see what they would do. `access` and `rows` then say so; nothing is "
        "`enforced`, nor `masked`, where one of them decides."
    )
    enforced: bool = computed(
        "Whether the warehouse holds exactly what was published, and no view of others holds on to what the view once was. "
        "Where it does not, no column is masked."
    )
    problems: list[str] = computed("Why it is not enforced.")
    bypass: frozenset[str] = computed(
        "What lets the user around the view: rights on the table, its columns, schema or database, ownership, rights on an "
        "external schema, write access to a lookup; or why that is not known, as under an account that may not see all grants. With anything here no column is `masked`."
    )
    admitted: bool = computed("Whether the user is admitted to the data source.")
    reasons: list[str] = computed("Why.")
    rows: str = computed("`all`, `some` or `none` of the rows, in the projects where any show.")
    row_policies: list[str] = computed("The row policies that filter.")
    columns: dict[str, ColumnAccessModel] = computed("By column.")
    expires: EndsModel = computed(
        "When what the user holds ends, and with it what is said here: all else tells of now. Where a policy shows more to "
        "whoever is not in a group, more shows from the end of that group on."
    )


class EffectiveAccess(DataSource[EffectiveAccessModel]):
    type_name = "veil_effective_access"
    model = EffectiveAccessModel

    def read(self, config: EffectiveAccessModel, ctx: Context) -> EffectiveAccessModel:
        client: Client = ctx.client
        governance = client.installed(config.integration)
        with refused():
            deployed = governance.require(config.integration)
            stored = deployed.by_id.get((Kind.DATA_SOURCE, config.data_source))
            if stored is None or not isinstance(stored.thing, GovernedSource):
                raise PluginError(
                    "No such data source",
                    f"{config.data_source!r} is not the id of a data source of this integration that can be trusted. "
                    "Write data_source = veil_data_source.<name>.id.",
                    path=("data_source",),
                )
            staged = bool(config.include_staged)
            access = governance.access(config.user, stored.thing, config.project, include_staged=staged)
        return config.model_copy(update=_answer(access))


def _answer(access: answers.Access) -> dict[str, object]:
    effective = access.effective
    return {
        "enforced": access.enforced,
        "problems": list(access.problems),
        "bypass": frozenset(access.bypass),
        "admitted": effective.admitted,
        "reasons": [*effective.reasons, *effective.closed],
        "rows": effective.rows,
        "row_policies": list(effective.row_policies),
        "columns": {
            name: ColumnAccessModel.model_construct(
                masked=access.masked(name), access=column.state, policies=list(column.policies)
            )
            for name, column in effective.columns.items()
        },
        "expires": EndsModel.model_construct(
            groups={name: moment_text(end) for name, end in sorted(effective.expires.groups.items())},
            attributes={
                name: {value: moment_text(end) for value, end in sorted(values.items())}
                for name, values in sorted(effective.expires.attributes.items())
            },
            subscription=None if effective.subscribed_until is None else moment_text(effective.subscribed_until),
        ),
    }

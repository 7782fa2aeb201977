"""The integration's own checks, as `status`, `validation_results` and `veil doctor` show them."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from veil.governance.access.ungoverned import missing_schemas, ungoverned
from veil.governance.checks.health import of_table
from veil.governance.checks.probes import PROBES, Failure
from veil.governance.checks.readers import closed_to_readers
from veil.governance.closing import subject
from veil.governance.installation.binding import binding_drift
from veil.governance.installation.drift import alterations
from veil.governance.installation.manual_bootstrap import Gap
from veil.governance.installation.others import others
from veil.governance.installation.reach import giving_all_back
from veil.governance.installation.repairing import taking_back_by_hand
from veil.governance.installation.upgrading import is_manual
from veil.governance.metadata.deployed import DeployedState
from veil.model import KINDS, Closing, Kind
from veil.model.names import dotted
from veil.warehouse import (
    SEES_GRANTS,
    SEES_OBJECTS,
    SEES_RELATIONS,
    Account,
    Grantee,
    catalog_role,
    identifier,
    qualified,
)

Outcome = Literal["passed", "failed", "warning"]


_LISTED = 20
"""So many things of others are listed."""


@dataclass(frozen=True)
class Check:
    """One check: its name, how it ended, what was found, and where it did not pass what to do, a
    step each.
    """

    name: str
    status: Outcome
    message: str
    advice: tuple[str, ...] = ()


@dataclass(frozen=True)
class CheckInputs:
    """What the checks need to know besides what is deployed.

    `readable` are the base tables that the account may read, None where they are in another
    database and nobody knows. `failed_probes` are, by the probe's name, the warehouse's words; None
    where they were not tried. `planners` are in the role that reads everything but salts.
    `case_setting` is as in warehouse.Session. `unresolved` are the functions that late-binding
    views do not find under pg_catalog, None where this account cannot tell or that was not tried;
    `readers_need_usage` is as in checks.readers. `failing_views` is why veil's own views do not
    answer. `external_tables` are those of monitored schemas.
    """

    account: Account
    case_setting: str = ""
    readable: frozenset[tuple[str, str]] | None = None
    failed_probes: Mapping[str, str] | None = field(default_factory=dict)
    gaps: tuple[Gap, ...] = ()
    planners: frozenset[str] = frozenset()
    unresolved: frozenset[str] | None = None
    readers_need_usage: bool | None = None
    failing_views: Failure | None = None
    external_tables: frozenset[tuple[str, str]] = frozenset()


def validate(deployed: DeployedState, inputs: CheckInputs, before: Iterable[Check] = ()) -> tuple[Check, ...]:
    """All checks, in the order in which a person reads them. `before` are those of the last apply:
    what was not tried now is as it was then.
    """
    tried = {each.name: each for each in before}
    return (
        _rights(deployed, inputs),
        _case_sensitivity(inputs),
        _objects(deployed, inputs),
        _others(deployed),
        _metadata(deployed),
        _base_tables(deployed),
        _dependent_views(deployed),
        _closed(deployed),
        *_source_database(deployed),
        *_new_tables(deployed, inputs),
        _profile(deployed, inputs.account),
        _members(deployed, inputs.planners),
        _readers(deployed, inputs),
        _binding(deployed, inputs, tried),
        _views(inputs),
        _probes(inputs, tried),
    )


def status_of(checks: Iterable[Check]) -> str:
    """The integration's status, by the names of Immuta's response schema."""
    return "recurringValidationError" if any(each.status == "failed" for each in checks) else "enabled"


def _check(name: str, worst: Outcome, messages: Iterable[str], well: str, advice: Iterable[str] = ()) -> Check:
    problems = sorted(messages)
    return Check(name, worst, "; ".join(problems), tuple(advice)) if problems else Check(name, "passed", well)


def _rights(deployed: DeployedState, inputs: CheckInputs) -> Check:
    account, role = inputs.account, identifier(catalog_role(inputs.account.name))
    problems, advice = [], []
    for permission, seen in ((SEES_GRANTS, account.may_see_grants), (SEES_OBJECTS, account.sees_objects)):
        if not seen:
            problems.append(f"no role of the account {account.name} has {permission}")
            advice.append(f"GRANT {permission} TO ROLE {role}")
    if advice:
        advice = [f"CREATE ROLE {role}", *advice, f"GRANT ROLE {role} TO {identifier(account.name)}"]
    if account.may_see_grants and not account.sees_grants:
        problems.append(f"the account {account.name} does not see what others are granted on tables")
        advice += _showing_grants(deployed, account)
    for schema, table in _unreadable(deployed, inputs):
        problems.append(f"the account {account.name} may not read {schema}.{table}, so its view shows nothing")
        advice.append(f"GRANT USAGE ON SCHEMA {identifier(schema)} TO {identifier(account.name)}")
        advice.append(f"GRANT SELECT ON {qualified(schema, table)} TO {identifier(account.name)}")
    if account.is_superuser:
        return Check(
            "rights",
            "warning",
            f"The account {account.name} is a superuser, which veil does not need.",
            ("Make a system account with what `veil bootstrap-sql` prints.",),
        )
    return _check("rights", "failed", problems, f"The account {account.name} has what it needs.", dict.fromkeys(advice))


def _showing_grants(deployed: DeployedState, account: Account) -> list[str]:
    """What lets an account see the grants on relations: first of all, something to be seen."""
    role, table = identifier(deployed.layout.probe_role), qualified(deployed.layout.system, "writer")
    steps = [f"CREATE ROLE {role}", f"GRANT SELECT ON TABLE {table} TO ROLE {role}"]
    if account.name == deployed.layout.owner:
        steps.append(
            "Where both are there and the account still does not see it, this warehouse asks for more, which shows the account the "
            f"text of everybody's queries as well: ALTER USER {identifier(account.name)} {SEES_RELATIONS}"
        )
    return steps


def _unreadable(deployed: DeployedState, inputs: CheckInputs) -> list[tuple[str, str]]:
    """Base tables that are there and that the views' owner cannot read; only the owner itself
    knows.
    """
    if inputs.readable is None or inputs.account.name != deployed.layout.owner:
        return []
    sources = deployed.world.data_sources.values()
    # Redshift has no privileges on external tables, so there are none to lack: what the account may
    # not use, it does not see.
    base = deployed.snapshot.base
    wanted = {
        (each.schema, each.table) for each in sources if each.enabled and not base.is_external(each.schema, each.table)
    }
    return sorted(wanted & deployed.snapshot.columns.keys() - inputs.readable)


def _case_sensitivity(inputs: CheckInputs) -> Check:
    return _check(
        "case_sensitivity",
        "failed",
        [f"names keep their case for this account by {inputs.case_setting}"] if inputs.case_setting else (),
        "Names are folded to lower case, as veil's views need.",
        (
            f"Set {inputs.case_setting} to its default in the cluster's parameter group, or run "
            f"ALTER USER {identifier(inputs.account.name)} RESET {inputs.case_setting}.",
        ),
    )


def _objects(deployed: DeployedState, inputs: CheckInputs) -> Check:
    snapshot = deployed.snapshot
    by_hand = [*(statement for each in inputs.gaps for statement in each.statements), *taking_back_by_hand(deployed)]
    advice = (
        by_hand if is_manual(deployed) else [*giving_all_back(deployed), "Apply the configuration: it repairs them."]
    )
    return _check(
        "objects",
        "failed",
        alterations(deployed),
        f"All schemas, views and procedures are as veil made them (version {snapshot.schema_version}).",
        advice,
    )


def _others(deployed: DeployedState) -> Check:
    """What others put into the integration's schemas, which no repair touches."""
    unexpected = others(deployed)
    dangerous = [each for each in unexpected if each.danger]
    advice = [each.ending for each in dangerous]
    if len(dangerous) < len(unexpected):
        advice.append("Move what others need to schemas of theirs: people take what is here for governed.")
    lines = [
        *map(str, unexpected[:_LISTED]),
        *([f"and {len(unexpected) - _LISTED} more"] if len(unexpected) > _LISTED else []),
    ]
    if not lines:
        return Check("others", "passed", "Nothing but veil's is in the integration's schemas and in that of the views.")
    return Check("others", "failed" if dangerous else "warning", "; ".join(lines), tuple(advice))


def _metadata(deployed: DeployedState) -> Check:
    broken = (
        f"the row of the {KINDS[kind].noun} {key} was {deployed.stored[kind, key].fate}"
        for kind, key in deployed.broken
    )
    advice = ("Apply the configuration that made these objects: it writes their rows anew.",)
    return _check("metadata", "failed", broken, "Every metadata row is as veil wrote it.", advice)


def _base_tables(deployed: DeployedState) -> Check:
    problems = {line for source in deployed.world.data_sources.values() for line in of_table(deployed, source)}
    return _check(
        "base_tables",
        "warning",
        problems,
        f"No governed table can be read around its view, but by its owner and superusers ({_superusers(deployed)}).",
        ("REVOKE what is granted on the tables and their schemas; grant nothing on them but to the system account.",),
    )


def _dependent_views(deployed: DeployedState) -> Check:
    """Views of others that hold on to what governed views once were."""
    sources = deployed.world.data_sources.values()
    dependents = [(source.view, view) for source in sources for view in deployed.frozen.get(source.key, ())]
    return _check(
        "dependent_views",
        "warning",
        {each.warning(view) for view, each in dependents},
        "No view of others holds on to what a governed view once was.",
        dict.fromkeys(each.dropping for _, each in sorted(dependents)),
    )


def _new_tables(deployed: DeployedState, inputs: CheckInputs) -> Iterator[Check]:
    """What stands in the monitored schemas and is no data source."""
    integration = deployed.world.integration
    schemas, external = integration.monitored_schemas, inputs.external_tables
    if not schemas:
        return
    new, missing = ungoverned(deployed, schemas, external), missing_schemas(deployed, schemas, external)
    lines = [f"there is no schema {dotted(name)}" for name in missing]
    lines += [str(each) for each in new[:_LISTED]]
    lines += [f"and {len(new) - _LISTED} more"] if len(new) > _LISTED else []
    if deployed.snapshot.base.unread:
        lines.append(f"not all is known. {deployed.snapshot.base.unread}")
    if not lines:
        yield Check("new_tables", "passed", f"Every table in {_listed(schemas)} is a data source.")
        return
    advice = ["Make a veil_data_source of each, or move what is not to be governed to another schema."] if new else []
    advice += ["Correct monitored_schemas of the integration."] if missing else []
    outcomes: Mapping[str, Outcome] = {"warn": "warning", "error": "failed", "ignore": "passed"}
    yield Check("new_tables", outcomes[integration.on_new_tables], "; ".join(lines), tuple(advice))


def _listed(schemas: Iterable[str]) -> str:
    return ", ".join(dotted(each) for each in sorted(schemas))


def _closed(deployed: DeployedState) -> Check:
    """Policies that failed, and the data sources that are closed for that."""
    problems, advice = [], []
    for each in sorted(deployed.world.closings.values(), key=lambda each: (each.kind, each.name, each.id)):
        closed = [key for key in sorted(each.sources) if _is_closed(deployed, each, key)]
        if closed:
            if each.kind == Kind.INTEGRATION:
                problems.append(f"{', '.join(closed)} show no rows: {each.reason}")
                advice.append("Let an administrator give that back, and apply: the data sources open then.")
                continue
            problems.append(
                f"{', '.join(closed)} show no rows: the {subject(each)} could not be applied. {each.reason}"
            )
            advice.append(
                f"Correct the {subject(each)} and apply it, or take it out of the configuration and apply. Where no "
                f'configuration knows it any more, set reopen = ["{each.id}"] in the data sources.'
            )
    well = "No data source is closed because a policy could not be applied."
    return _check("closed", "failed", problems, well, advice)


def _is_closed(deployed: DeployedState, closing: Closing, key: str) -> bool:
    source = deployed.world.data_sources.get(key)
    return source is not None and closing.closes(source)


def _source_database(deployed: DeployedState) -> Iterator[Check]:
    """With base tables in another database: whether who may read them can be told."""
    source, unread = deployed.world.integration.other_database, deployed.snapshot.base.unread
    if source is not None:
        problems = [f"Who may read the tables of the database {source} is not known. {unread}"] if unread else ()
        well = f"The tables of the database {source} and who may read them are known."
        advice = (f"Let the system account connect to the database {source}, with the rights that it has here.",)
        yield _check("source_database", "warning", problems, well, advice)


def _superusers(deployed: DeployedState) -> str:
    return ", ".join(sorted(deployed.snapshot.superusers)) or "none known"


def _profile(deployed: DeployedState, account: Account) -> Check:
    """Whoever reads users' groups and attributes, the system account and the reading role aside."""
    spared = {Grantee("user", deployed.layout.owner), Grantee("role", deployed.layout.read_only_role or "")}
    readers = {
        (table, grant.grantee)
        for table in ("profile", "profile_entry")
        for grant in deployed.snapshot.table_grants.get((deployed.layout.system, table), ())
        if grant.privilege == "SELECT" and grant.grantee not in spared
    }
    name = deployed.layout.system
    problems = [f"{grantee.type} {grantee.name} can read {name}.{table}" for table, grantee in readers]
    return _check(
        "profile",
        "warning",
        problems if account.sees_grants else [*problems, "Who can read the profiles of users is not known."],
        "Nobody else reads the profiles of users.",
        (f"REVOKE SELECT ON {qualified(name, table)} FROM {grantee.sql}" for table, grantee in sorted(readers)),
    )


def _members(deployed: DeployedState, planners: Collection[str]) -> Check:
    """Whoever is in the impersonation group without a veil_impersonation; and who is in the role of
    planners.
    """
    layout, members = deployed.layout, deployed.snapshot.impersonators or frozenset()
    group, role = layout.impersonation_group or "", layout.read_only_role
    # Where the integration's rows were altered, its group may not be known though its members are.
    strangers = sorted(members - deployed.world.impersonations.keys()) if group else []
    well = "Nobody is in the impersonation group whom no veil_impersonation puts there."
    if role is not None:
        well += f" In the role {role}, which reads profiles, are: {', '.join(sorted(planners)) or 'nobody'}."
    return _check(
        "members",
        "warning",
        (
            f"{user} is in the group {group}, though no veil_impersonation says whom they may act as"
            for user in strangers
        ),
        well,
        (f"ALTER GROUP {identifier(group)} DROP USER {identifier(user)}" for user in strangers),
    )


def _readers(deployed: DeployedState, inputs: CheckInputs) -> Check:
    """What readers of views need on the schemas of base tables, where it is known to be
    anything.
    """
    if inputs.readers_need_usage is None:
        well = (
            "Whether readers of views need USAGE on the schemas of the tables is not known here: it takes the probe of a reader "
            "that `veil bootstrap-sql` prints, and an account that is no superuser."
        )
        return Check("readers", "passed", well)
    if not inputs.readers_need_usage:
        return Check("readers", "passed", "Readers of views need no rights on the schemas of the tables.")
    closed = dict(closed_to_readers(deployed))
    return _check(
        "readers",
        "warning",
        [f"readers of views need USAGE on the schemas of the tables, and PUBLIC has none on {', '.join(closed)}"]
        if closed
        else (),
        "Readers of views need USAGE on the schemas of the tables, which PUBLIC has.",
        (
            *closed.values(),
            "Instead of PUBLIC it may be a group or role with all readers. USAGE gives away the names of the tables in the schema, "
            "their columns and types, and no row: that takes SELECT on a table.",
        ),
    )


def _binding(deployed: DeployedState, inputs: CheckInputs, before: Mapping[str, Check]) -> Check:
    """In which form views call functions, and that it is the right one."""
    known = deployed.world.integration.unresolved
    is_tried = inputs.failed_probes is not None or inputs.unresolved is not None
    if not is_tried and (earlier := before.get("binding") or (None if known else _untried("binding"))):
        return earlier
    if drift := binding_drift(deployed, inputs.unresolved):
        return Check("binding", "failed", drift[0], (_TRY_ANEW,))
    if inputs.unresolved is None and not known:
        return Check(
            "binding",
            "passed",
            "Views are late-binding. Whether they find the functions that they call under pg_catalog is not known here: only the "
            "account that owns them tries that.",
        )
    if not known:
        return Check(
            "binding", "passed", "Views are late-binding, and find the functions that they call under pg_catalog."
        )
    return Check(
        "binding",
        "warning",
        f"Late-binding views of this warehouse do not find {', '.join(sorted(known))} under pg_catalog, so the views that call one "
        "are bound, veil's own among them.",
        (
            "Nobody drops or alters a base table under a bound view: have the data source destroyed first, or its view dropped "
            "with DROP TABLE ... CASCADE, after which the next apply makes it anew.",
        ),
    )


def _views(inputs: CheckInputs) -> Check:
    """Whether veil's own views answer, which all others read."""
    failure = inputs.failing_views
    return _check(
        "views",
        "failed",
        [f"veil's own views fail, and with them all views for everybody: {failure.words}"] if failure else (),
        "veil's own views answer, which all others read.",
        ("Apply the configuration of the integration: it repairs them.",),
    )


def _probes(inputs: CheckInputs, before: Mapping[str, Check]) -> Check:
    if inputs.failed_probes is None:
        return before.get("probes", _untried("probes"))
    failed = [each for each in PROBES if each.name in inputs.failed_probes]
    return _check(
        "probes",
        "failed",
        (f"{each.name}: {inputs.failed_probes[each.name]} {each.consequence}" for each in failed),
        f"The warehouse does what views rely on: {', '.join(each.name for each in PROBES)}.",
        ("Report this with the version that `SELECT version()` shows.", _TRY_ANEW),
    )


def _untried(name: str) -> Check:
    """Of what no apply is known to have tried."""
    return Check(
        name, "warning", "A plan tries nothing, and what the last apply found is not known.", (_TRY_NOW, _TRY_ANEW)
    )


_TRY_NOW = "Run `veil doctor`, which tries it now."
_TRY_ANEW = "Change something of the integration, such as force_destroy, and apply it: that tries it anew."
"""No plan shows a change because of what only applies try."""

"""From a World and one of its data sources to what its view does."""

from collections.abc import Mapping
from dataclasses import replace

from veil.language import Usage, tree
from veil.model import DataSource, Integration, Kind, LookupTables, SubscriptionPolicy, World, fold
from veil.policy.filter_columns import filter_columns
from veil.policy.masks import Notes, resolve_columns
from veil.policy.reading import user_test
from veil.policy.resolved import Admission, AppliedRows, Incompatibility, Resolved
from veil.policy.rows import resolve_rows
from veil.policy.targeting import SourceView, applies_to_source, column_pattern, source_view
from veil.policy.typecheck import Environment


def resolve(world: World, source: DataSource, tables: LookupTables | None = None) -> Resolved:
    """Which policies decide what on `source`, which need not be the World's own version of it.

    `tables` are the columns of the tables that lookups read, where they are not to be those that
    the World knows. Never raises: what cannot be resolved is closed, and says so in
    `incompatibilities`.
    """
    place = source_view(source)
    tables = world.lookups if tables is None else tables
    incompatibilities: list[Incompatibility] = []
    around = Environment(
        place=source.key,
        columns={column.name: column.type for column, _ in place.columns},
        infrastructure=infrastructure(world.integration, source),
        tables=tables,
    )
    columns = resolve_columns(world, place, around, incompatibilities)
    rows = resolve_rows(world, place, around, incompatibilities)
    closed = _closed_reasons(world, place, rows)
    bare, guarded = filter_columns(world, place)
    if bare and not closed and not any(each.closes(source) for each in world.closings.values()):
        columns = tuple(replace(each, is_bare=True) if each.column.name in bare else each for each in columns)
    admissions = [(each, _admission(each, around, incompatibilities)) for each in _subscription_policies(world, place)]
    visible = {each.column.name for each in columns}
    return Resolved(
        source=source,
        columns=columns,
        rows=rows,
        grants=tuple(admission for policy, admission in admissions if policy.mode == "grant"),
        guardrails=tuple(admission for policy, admission in admissions if policy.mode == "guardrail"),
        closed=closed,
        hidden=tuple(each.name for each in source.columns if each.name not in visible),
        guarded=guarded,
        column_tags=frozenset(tag for column, _ in place.columns for tag in column.tags),
        incompatibilities=tuple(dict.fromkeys(incompatibilities)),
        lookups=tables,
    )


def closed_functions(world: World, source: DataSource) -> list[str]:
    """Why masks on the data source do not call functions that they name, a clause each."""
    incompatibilities = resolve(world, source).incompatibilities
    return sorted(
        {f"{each.problem.message} ({each.column})" for each in incompatibilities if each.path[-1:] == ("function",)}
    )


def infrastructure(integration: Integration, source: DataSource) -> Mapping[str, str]:
    """What `@hostname`, `@database`, `@schema` and `@table` stand for."""
    return {
        "hostname": integration.hostname,
        "database": integration.table_database,
        "schema": source.schema,
        "table": source.table,
    }


def _subscription_policies(world: World, place: SourceView) -> list[SubscriptionPolicy]:
    policies = sorted(world.subscription_policies.values(), key=lambda each: each.name)
    return [each for each in policies if not each.staged and admits_on(each, place)]


def admits_on(policy: SubscriptionPolicy, place: SourceView) -> bool:
    """Whether a subscription policy applies. An unreadable column pattern takes in every column,
    which must not let a grant admit anybody.
    """
    scope = policy.applies_to
    if policy.mode == "grant" and scope.column_regex is not None:
        readable = column_pattern(scope.column_regex, scope.column_regex_case_insensitive) is not None
        return readable and applies_to_source(scope, place)
    return applies_to_source(scope, place)


def _admission(policy: SubscriptionPolicy, around: Environment, incompatibilities: list[Incompatibility]) -> Admission:
    if policy.access == "everyone":
        return Admission(policy.name, tree.Boolean(True))
    if policy.access != "conditions":
        return Admission(policy.name, None)
    notes = Notes(Kind.SUBSCRIPTION_POLICY, policy.name, incompatibilities)
    expression, problems = user_test(policy.expression, Usage.SUBSCRIPTION, around)
    notes.add(("expression",), problems)
    return Admission(policy.name, expression)


def _closed_reasons(world: World, place: SourceView, rows: tuple[AppliedRows, ...]) -> tuple[str, ...]:
    source = place.source
    reasons: list[str] = [] if source.enabled else ["it is not enabled"]
    for name in sorted(source.policies):
        policies = [each for each in (world.masking_policies.get(name), world.row_policies.get(name)) if each]
        if not policies:
            reasons.append(f"its policy {name!r} does not exist")
        elif all(each.staged for each in policies):
            reasons.append(f"its policy {name!r} is staged")
    tag = closed_tag(world, place)
    if tag is not None and not rows:
        reasons.append(f"it carries the closed tag {tag!r} and no active row policy covers it")
    return tuple(reasons)


def closed_tag(world: World, place: SourceView) -> str | None:
    """The baseline's tag under which the data source shows rows only through a row policy, or
    None.
    """
    return min((tag for tag in world.integration.baseline.closed_tags if fold(tag) in place.tags), default=None)

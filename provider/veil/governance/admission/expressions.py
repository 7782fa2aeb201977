"""Do the expressions of policies fit the data sources that they apply to?

The plan tells, of all that is known to it. An expression that becomes known only within the apply
is judged here, before it is stored: one that cannot be evaluated masks and hides, which is safe,
and is not what somebody wrote.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from veil.governance.admission.admit import Catalog
from veil.governance.admission.known_columns import as_found
from veil.governance.admission.overlay import Overlay
from veil.governance.errors import GovernanceError
from veil.governance.metadata.base_tables import tables_of
from veil.model import DataSource, MaskingPolicy, Put, RowPolicy, SubscriptionPolicy, World
from veil.model.change import apply
from veil.model.kinds import Governed
from veil.policy import Finding, SourceIndex, lint_source, places_of, reads_expressions

Policy = MaskingPolicy | RowPolicy | SubscriptionPolicy


def require_expressions(
    changes: Iterable[tuple[Governed | None, Governed | None]], overlay: Overlay, catalog: Catalog
) -> None:
    """Raise GovernanceError where a policy has an expression that does not fit a data source, as
    that was applied and as its table is now: another resource may still be about to take in what
    became of the table. `changes` are the policies as they are put, each with what was stored
    before: what was wrong then does not keep the rest of the policy from being changed.
    """
    sources: dict[str, DataSource] = {}
    index: SourceIndex | None = None
    for thing, before in changes:
        if not isinstance(thing, Policy) or thing.staged or thing == before or not reads_expressions(thing):
            continue
        if index is None:
            sources = {each.key: each for each in overlay.sources()}
            index = SourceIndex(sources)
        for key in sorted(places_of(thing, index)):
            _require(thing, before, sources[key], overlay, catalog)


def _require(policy: Policy, before: Governed | None, source: DataSource, overlay: Overlay, catalog: Catalog) -> None:
    errors = list(_errors(policy, source, overlay))
    if not errors:
        return
    known = {each.detail for each in _errors(before, source, overlay)} if before is not None else set()
    now = {each.detail for each in _errors(policy, _as_it_is(source, overlay, catalog), overlay)}
    for each in errors:
        if each.detail in now - known:
            raise GovernanceError(each.summary, f"{each.detail} {_AGAIN}", each.path)


_AGAIN = "Where this apply is to change the data source, too, apply again."


def _errors(policy: Governed, source: DataSource, overlay: Overlay) -> Iterator[Finding]:
    world = apply(World(overlay.integration), Put(policy))
    return (each for each in lint_source(world, source) if each.severity == "error")


def _as_it_is(source: DataSource, overlay: Overlay, catalog: Catalog) -> DataSource:
    """The data source over all the columns that its table has now."""
    table = catalog.columns(tables_of(overlay.integration), source.schema, source.table)
    if table is None:
        return source
    current = as_found(source, table)
    return replace(current, columns=tuple(replace(each, accepted=True) for each in current.columns))

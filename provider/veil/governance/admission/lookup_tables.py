"""The tables that a policy's lookups read: are they there, with the columns that the policy
names?
"""

from collections.abc import Callable, Iterator
from difflib import get_close_matches

from veil.governance.admission.lookup_types import Looking, fitting_problems
from veil.governance.admission.overlay import Overlay
from veil.governance.errors import GovernanceError
from veil.governance.metadata.base_tables import lookup_place
from veil.governance.requests import TableColumns
from veil.governance.reserved import require_foreign_lookup
from veil.language import lookup_columns
from veil.language.tree import Lookup
from veil.model import DataSource, LookupTables, MaskingPolicy, RowPolicy, Where, World
from veil.model.kinds import Governed
from veil.model.names import dotted
from veil.policy.looking import looked_up, lookups_in
from veil.warehouse import Tables

Path = tuple[str | int, ...]
Columns = Callable[[Tables, str, str], TableColumns | None]


def lookup_problems(thing: Governed, columns: Columns, overlay: Overlay) -> Iterator[GovernanceError]:
    """An error for each lookup of this policy that names a table or column that is not there, or a
    governed view, or compares what cannot be compared on a data source; of a data source for each
    that does so on it.

    `columns` answers for a schema's table. A lookup that names no database is in that of the base
    tables.
    """
    if isinstance(thing, DataSource):
        policies = ((each, _tables(each, columns, overlay)) for each in overlay.filtering_policies())
        for problem in fitting_problems(policies, [thing], overlay.integration):
            yield GovernanceError(problem.summary, problem.detail)
        return
    for path, text in _conditions(thing):
        for lookup in lookups_in(text):
            yield from _problems(lookup, path, columns, overlay)
    if isinstance(thing, Looking):
        yield from fitting_problems([(thing, _tables(thing, columns, overlay))], overlay.sources(), overlay.integration)


def broken_by_lookups(world: World, columns: Columns, overlay: Overlay) -> frozenset[str]:
    """The keys of the data sources whose views fail, and so show nothing, because of a lookup."""
    broken = set()
    for source in world.data_sources.values():
        reads = looked_up(world, source)
        if any(True for lookup in reads for _ in _problems(lookup, (), columns, overlay)) or (
            reads and any(True for _ in lookup_problems(source, columns, overlay))
        ):
            broken.add(source.key)
    return frozenset(broken)


def _tables(policy: Looking, columns: Columns, overlay: Overlay) -> LookupTables:
    """The columns of each table that the policy looks up in and that is there."""
    named = {lookup.table for _, text in _conditions(policy) for lookup in lookups_in(text)}
    tables = {table: columns(*lookup_place(table, overlay.integration)) for table in sorted(named)}
    return {table: dict(known) for table, known in tables.items() if known is not None}


def _conditions(thing: Governed) -> Iterator[tuple[Path, str]]:
    """The texts of a policy that may hold lookups, by their attribute."""
    if isinstance(thing, MaskingPolicy) and thing.where is not None:
        yield ("where",), thing.where
    if isinstance(thing, RowPolicy):
        for name, rule in (("show", thing.show), ("otherwise", thing.otherwise)):
            if isinstance(rule, Where):
                yield (name, "where"), rule.expression


def _problems(lookup: Lookup, path: Path, columns: Columns, overlay: Overlay) -> Iterator[GovernanceError]:
    try:
        _require(lookup, path, columns, overlay)
    except GovernanceError as problem:
        yield problem


def _require(lookup: Lookup, path: Path, columns: Columns, overlay: Overlay) -> None:
    tables, schema, table = lookup_place(lookup.table, overlay.integration)
    name = dotted(*lookup.table)
    if tables.database is None:
        require_foreign_lookup(schema, table, overlay.integration, path)
    if tables.database is None and dotted(schema, table) in overlay.views:
        raise GovernanceError(
            "A governed view cannot be a lookup",
            f"{name} is a view that veil made, and what it shows depends on who asks. Look up in the table behind it.",
            path,
        )
    typed_columns = columns(tables, schema, table)
    if typed_columns is None:
        place = "this database" if tables.database is None else f"the database {tables.database}"
        raise GovernanceError("No such lookup table", f"There is no table or view {name} in {place}.", path)
    there = [column for column, _ in typed_columns]
    # Redshift folds names, quoted or not, unless enable_case_sensitive_identifier is on, and our
    # sessions set it off.
    for wanted in sorted(
        each for each in lookup_columns(lookup) if each.lower() not in {name.lower() for name in there}
    ):
        near = get_close_matches(wanted, there, n=1)
        hint = f"Did you mean {near[0]!r}?" if near else f"It has: {', '.join(there)}."
        raise GovernanceError("Unknown column", f"The lookup table {name} has no column {wanted!r}. {hint}", path)

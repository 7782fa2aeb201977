"""The tables that a policy's lookups read: are they there, with the columns that the policy names?"""

from collections.abc import Callable, Iterator
from difflib import get_close_matches

from veil.governance.base_tables import tables_in, tables_of
from veil.governance.errors import GovernanceError
from veil.governance.known_columns import TableColumns
from veil.governance.staging import Staging
from veil.language import ExpressionError, Usage, lookups, parse, walk
from veil.language.tree import ColumnName, Expression, Lookup
from veil.model import MaskingPolicy, RowPolicy, Where
from veil.model.change import Governed
from veil.model.names import dotted
from veil.warehouse import Tables

Path = tuple[str | int, ...]
Columns = Callable[[Tables, str, str], TableColumns | None]


def require_lookups(thing: Governed, columns: Columns, staging: Staging) -> None:
    """Raise GovernanceError where a lookup of this policy names a table or column that is not there, or a
    governed view.

    `columns` answers for a schema's table. A lookup that names no database is in that of the base tables.
    """
    for path, text in _conditions(thing):
        for lookup in _lookups(text):
            _require(lookup, path, columns, staging)


def _conditions(thing: Governed) -> Iterator[tuple[Path, str]]:
    """The texts of a policy that may hold lookups, by their attribute."""
    if isinstance(thing, MaskingPolicy) and thing.where is not None:
        yield ("where",), thing.where
    if isinstance(thing, RowPolicy):
        for name, rule in (("show", thing.show), ("otherwise", thing.otherwise)):
            if isinstance(rule, Where):
                yield (name, "where"), rule.expression


def _lookups(text: str) -> tuple[Lookup, ...]:
    try:
        return lookups(parse(text, Usage.ROW))
    except ExpressionError:
        return ()  # A broken text is a finding of its own.


def _require(lookup: Lookup, path: Path, columns: Columns, staging: Staging) -> None:
    *database, schema, table = lookup.table
    name = dotted(*lookup.table)
    integration = staging.integration
    tables = tables_in(integration, database[0]) if database else tables_of(integration)
    if tables.database is None and dotted(schema, table) in staging.views:
        raise GovernanceError(
            "A governed view cannot be a lookup",
            f"{name} is a view that veil made, and what it shows depends on who asks. Look up in the table behind it.",
            path,
        )
    found = columns(tables, schema, table)
    if found is None:
        place = "this database" if tables.database is None else f"the database {tables.database}"
        raise GovernanceError("No such lookup table", f"There is no table or view {name} in {place}.", path)
    there = [column for column, _ in found]
    # Redshift folds names, quoted or not, unless enable_case_sensitive_identifier is on, and our sessions set it off.
    for wanted in sorted(each for each in _named(lookup) if each.lower() not in {name.lower() for name in there}):
        near = get_close_matches(wanted, there, n=1)
        hint = f"Did you mean {near[0]!r}?" if near else f"It has: {', '.join(there)}."
        raise GovernanceError("Unknown column", f"The lookup table {name} has no column {wanted!r}. {hint}", path)


def _named(lookup: Lookup) -> set[str]:
    inside: list[Expression] = [lookup.select, *([] if lookup.where is None else [lookup.where])]
    return {node.name for each in inside for node in walk(each) if isinstance(node, ColumnName)}

"""The one sub-select of the language:
`SELECT [DISTINCT] column FROM schema.table [AS alias] [WHERE condition]`.
"""

from dataclasses import replace

from veil.language import syntax, tree
from veil.language.analysis.analyzer import Analyzer, LookupNames
from veil.language.correlation import MAX_WAYS, CorrelationError, TooManyWaysError, ways
from veil.language.keywords import LOOKUP_FORM
from veil.language.spans import Span
from veil.language.visitor import walk

_HOW_TIED = "Inside a lookup the protected row is compared with the lookup's columns by = alone."
_HOW_TO_TIE = (
    "One form ties the two rows: column = @columnTagged('tag') beside AND or OR, with the lookup's columns on one side of = "
    "and the protected row on the other. What another comparison finds, compute as a column of a view, and look that up."
)

_MOST_PARTS = 3
"""Of a table's name: database, schema and table."""


def lookup(analyzer: Analyzer, query: syntax.Query) -> tree.Lookup:
    """The lookup behind IN."""
    if analyzer.usage not in tree.InLookup.usages:
        problem = f"{analyzer.usage.place.capitalize()} has no sub-selects."
        analyzer.fail(query, problem, "Look values up in a row policy's where.")
    if analyzer.lookup is not None:
        advice = "Join the two tables in a view and look that up."
        analyzer.fail(query, "A lookup does not hold another lookup.", advice)
    table, names = _table(analyzer, query.table)
    inner = replace(analyzer, lookup=names)
    column = _column(inner, query)
    condition = None if query.where is None else inner.condition(query.where)
    _check_correlation(analyzer, condition)
    return tree.Lookup(table, column, condition)


def _check_correlation(analyzer: Analyzer, condition: tree.Expression | None) -> None:
    """Refuse a condition that ties the lookup's row to the protected row in a way that cannot be
    joined.
    """
    try:
        ways(condition)
    except CorrelationError as error:
        analyzer.fail(_reach(error.part), _HOW_TIED, _HOW_TO_TIE)
    except TooManyWaysError:
        problem = f"With AND and OR this condition reaches the protected row in more than {MAX_WAYS} ways."
        advice = "Write several lookups joined by OR, or keep fewer ORs inside."
        analyzer.fail(_reach(condition), problem, advice)


def _reach(part: tree.Expression | None) -> Span:
    """Where a part of a lookup's condition first names a column of the protected row."""
    reaching = (tree.ColumnReference, tree.ColumnTagged)
    assert part is not None
    return next(each.span for each in walk(part) if isinstance(each, reaching) and each.span)


def _column(analyzer: Analyzer, query: syntax.Query) -> tree.Expression:
    if len(query.columns) != 1 or not isinstance(query.columns[0], syntax.Name | syntax.Template):
        analyzer.fail(query, "A lookup selects one column.", LOOKUP_FORM)
    column = analyzer.expression(query.columns[0])
    if not isinstance(column, tree.ColumnName):
        analyzer.fail(query.columns[0], "A lookup selects one column of its table.", LOOKUP_FORM)
    return column


def _table(analyzer: Analyzer, node: syntax.Table) -> tuple[tuple[str, ...], LookupNames]:
    """The table's name, with its schema, and the qualifiers that its columns may have."""
    name = tuple(each.value for each in node.parts)
    if len(name) > _MOST_PARTS:
        analyzer.fail(node, "A lookup reads one table.", "Join or compute in a view and look that up.")
    if len(name) == 1:
        advice = f"Write the schema too: schema.{analyzer.spelled(node)}."
        analyzer.fail(node, "The lookup's table is named without its schema.", advice)
    if node.alias is not None:
        return name, LookupNames(frozenset({(node.alias.value,)}))
    return name, LookupNames(frozenset(name[start:] for start in range(len(name))))

"""The one sub-select of the language: `SELECT [DISTINCT] column FROM schema.table [AS alias] [WHERE condition]`."""

from dataclasses import replace

from sqlglot import exp

from veil.language import tree
from veil.language.analysis.analyzer import Analyzer, LookupNames
from veil.language.correlation import MAX_WAYS, CorrelationError, TooManyWaysError, ways
from veil.language.usage import Usage
from veil.language.walking import walk
from veil.language.words import LOOKUP_FORM

_HOW_TIED = "Inside a lookup the protected row is compared with the lookup's columns by = alone."
_HOW_TO_TIE = (
    "One form ties the two rows: column = @columnTagged('tag') beside AND or OR, with the lookup's columns on one side of = "
    "and the protected row on the other. What another comparison finds, compute as a column of a view, and look that up."
)

_SELECT = {"expressions", "from_", "where", "distinct"}
_TABLE = {"this", "db", "catalog", "alias"}


def lookup(analyzer: Analyzer, query: exp.Expr) -> tree.Lookup:
    """The lookup behind IN."""
    select = query.this
    if analyzer.usage is not Usage.ROW:
        analyzer.fail(
            query, f"{analyzer.usage.place.capitalize()} has no sub-selects.", "Look values up in a row policy's where."
        )
    if analyzer.lookup is not None:
        analyzer.fail(
            query, "A lookup does not hold another lookup.", "Join the two tables in a view and look that up."
        )
    if not isinstance(select, exp.Select) or _extra(query, {"this"}) or _extra(select, _SELECT):
        analyzer.fail(query, "This is not a lookup.", LOOKUP_FORM)
    source = select.args.get("from_")
    if source is None or (select.args.get("distinct") and select.args["distinct"].args.get("on")):
        analyzer.fail(query, "A lookup names the table that it reads.", LOOKUP_FORM)
    table, names = _table(analyzer, source.this)
    inner = replace(analyzer, lookup=names)
    column = _column(inner, select)
    where = select.args.get("where")
    condition = inner.condition(where.this) if where else None
    _check_correlation(analyzer, names, condition)
    return tree.Lookup(table, column, condition)


def _check_correlation(analyzer: Analyzer, names: LookupNames, condition: tree.Expression | None) -> None:
    """Refuse a condition that ties the lookup's row to the protected row in a way that cannot be joined."""
    try:
        ways(condition)
    except CorrelationError as error:
        reaching = list(walk(error.part))
        place = next(node for found, node in names.reached if any(found is each for each in reaching))
        analyzer.fail(place, _HOW_TIED, _HOW_TO_TIE)
    except TooManyWaysError:
        problem = f"With AND and OR this condition reaches the protected row in more than {MAX_WAYS} ways."
        analyzer.fail(names.reached[0][1], problem, "Write several lookups joined by OR, or keep fewer ORs inside.")


def _extra(node: exp.Expr, known: set[str]) -> bool:
    """Whether a node holds anything beside the arguments that are mapped."""
    return any(value and key not in known for key, value in node.args.items())


def _column(analyzer: Analyzer, select: exp.Select) -> tree.Expression:
    if len(select.expressions) != 1 or not isinstance(select.expressions[0], exp.Column):
        analyzer.fail(select, "A lookup selects one column.", LOOKUP_FORM)
    found = analyzer.expression(select.expressions[0])
    if not isinstance(found, tree.ColumnName):
        analyzer.fail(select.expressions[0], "A lookup selects one column of its table.", LOOKUP_FORM)
    return found


def _table(analyzer: Analyzer, node: exp.Expr) -> tuple[tuple[str, ...], LookupNames]:
    """The table's name, with its schema, and the qualifiers that its columns may have."""
    if not isinstance(node, exp.Table) or _extra(node, _TABLE) or not isinstance(node.this, exp.Identifier):
        analyzer.fail(node, "A lookup reads one table.", "Join or compute in a view and look that up.")
    parts = [node.args[key] for key in ("catalog", "db", "this") if node.args.get(key)]
    name = tuple(analyzer.token(part).value for part in parts)
    if len(name) == 1:
        advice = f"Write the schema too: schema.{analyzer.spelled(node.this)}."
        analyzer.fail(node.this, "The lookup's table is named without its schema.", advice)
    alias = node.args.get("alias")
    if alias is None:
        return name, LookupNames(frozenset(name[start:] for start in range(len(name))))
    if _extra(alias, {"this"}):
        analyzer.fail(node, "An alias has no column list here.", LOOKUP_FORM)
    return name, LookupNames(frozenset({(analyzer.token(alias.this).value,)}))

"""Values: arithmetic, joined texts, casts, CASE."""

from decimal import Decimal

from sqlglot import exp

from veil.language import tree
from veil.language.analysis.analyzer import Analyzer
from veil.language.analysis.constants import check_varies
from veil.language.families import DAYS, Family, agree, common_family, family_of
from veil.language.tree import Expression, Operator

OPERATORS: dict[type[exp.Expr], Operator] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/", exp.Mod: "%"}


def arithmetic(analyzer: Analyzer, node: exp.Expr) -> Expression:
    """+, -, *, /, %."""
    left, right = _number(analyzer, node.this), _number(analyzer, node.expression)
    return tree.Arithmetic(OPERATORS[type(node)], left, right)


def minus(analyzer: Analyzer, node: exp.Expr) -> Expression:
    """A minus sign; with a number behind it, a negative number."""
    if isinstance(node.this, exp.Literal) and not node.this.is_string:
        return tree.Number(-Decimal(analyzer.token(node.this).value))
    return tree.Negative(_number(analyzer, node.this))


def _number(analyzer: Analyzer, node: exp.Expr) -> Expression:
    found = analyzer.operand(node)
    family = family_of(found)
    if not agree(family, Family.NUMBER):
        advice = DAYS if family in (Family.DATE, Family.TIMESTAMP) else "Texts are joined with ||."
        if isinstance(found, tree.Text) and found.value.isdecimal():
            advice = f"Write {found.value} without quotes."
        analyzer.fail(node, f"{analyzer.spelled(node)} is {family}, not a number.", advice)
    return found


def concat(analyzer: Analyzer, node: exp.Expr) -> Expression:
    """a || b."""
    return tree.Concat(text(analyzer, node.this), text(analyzer, node.expression))


def text(analyzer: Analyzer, node: exp.Expr) -> Expression:
    """An operand of ||."""
    found = analyzer.expression(node)
    family = family_of(found)
    if family is Family.CONDITION:
        analyzer.fail(node, "|| joins texts.", "Between conditions write OR.")
    if not agree(family, Family.TEXT):
        spelled = analyzer.spelled(node)
        analyzer.fail(node, f"{spelled} is {family}, not a text.", f"Write CAST({spelled} AS VARCHAR(40)).")
    return found


def cast(analyzer: Analyzer, node: exp.Expr) -> Expression:
    """CAST(x AS type) and x::type."""
    parameters = node.args["to"].expressions
    token = analyzer.source.tokens[int(parameters[0].this.name)]
    return tree.Cast(analyzer.operand(node.this), token.type, token.arguments)


def case(analyzer: Analyzer, node: exp.Expr) -> Expression:
    """CASE in both its forms; `CASE x WHEN v` becomes `CASE WHEN x = v`."""
    subject = analyzer.operand(node.this) if node.this else None
    branches = tuple(_branch(analyzer, subject, each) for each in node.args["ifs"])
    default = node.args.get("default")
    otherwise = analyzer.expression(default) if default else None
    found = tree.Case(branches, otherwise)
    check_results(analyzer, node, found)
    return found


def check_results(analyzer: Analyzer, node: exp.Expr, found: tree.Case) -> None:
    """Refuse a CASE whose results are of several kinds."""
    results = [result for _, result in found.branches] + ([found.otherwise] if found.otherwise else [])
    family = common_family(results)
    for result in results:
        if not agree(family, family_of(result)):
            problem = f"The results of this {analyzer.token(node).value.upper()} are of several kinds: {family} and {family_of(result)}."
            analyzer.fail(node, problem, "Make them the same: CAST(x AS type).")


def _branch(analyzer: Analyzer, subject: Expression | None, node: exp.Expr) -> tuple[Expression, Expression]:
    if subject is None:
        return analyzer.condition(node.this), analyzer.expression(node.args["true"])
    value = analyzer.operand(node.this)
    if isinstance(value, tree.NullValue):
        analyzer.fail(node, "WHEN NULL is never TRUE.", "Write CASE WHEN x IS NULL THEN … END.")
    check_varies(analyzer, node, subject, value)
    return tree.Comparison("=", subject, value), analyzer.expression(node.args["true"])

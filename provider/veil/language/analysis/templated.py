"""Calls of the templated functions."""

from typing import Any, cast

from veil.language import syntax, tree
from veil.language.analysis.analyzer import Analyzer, Arity
from veil.language.inference import static_type
from veil.language.infrastructure import has_infrastructure
from veil.language.syntax import Node
from veil.language.templates import WHY_NOT, Takes, Template
from veil.language.tree import Expression
from veil.language.usage import Usage
from veil.language.value_types import ValueType

_PLACES = {"datasource": "dataSource", "column": "column"}


def templated(analyzer: Analyzer, node: syntax.Template) -> Expression:
    """The call of a templated function, which the parser knows."""
    template, construct = tree.TEMPLATED[node.name.lower()]
    _check_place(analyzer, template, node)
    given = node.arguments
    most = None if template.repeats else len(template.parameters)
    advice = f"Write {template.example}, for example."
    analyzer.check_count(node, given, Arity(f"@{template.name}", template.required, most, advice))
    last = len(template.parameters) - 1
    takes = [template.parameters[min(at, last)] for at in range(len(given))]
    values: list[Any] = [_argument(analyzer, template, each, of) for each, of in zip(takes, given, strict=True)]
    return cast(Expression, construct.called(template.name, values))


def _check_place(analyzer: Analyzer, template: Template, node: Node) -> None:
    if analyzer.usage not in template.usages:
        problem = f"@{template.name} does not stand in {analyzer.usage.place}."
        analyzer.fail(node, problem, WHY_NOT[template.subject, analyzer.usage])


def _argument(analyzer: Analyzer, template: Template, takes: Takes, node: Node) -> Any:
    if takes is Takes.VALUE:
        return _value(analyzer, template, node)
    text = _literal(analyzer, template, takes, node)
    if takes is Takes.PLACE:
        if text.lower() not in _PLACES:
            analyzer.fail(node, f"@{template.name} takes {takes} here.", f"Write {template.example}, for example.")
        return _PLACES[text.lower()]
    if takes is Takes.TAG:
        return _tag(analyzer, node, text)
    _check_text(analyzer, takes, node, text)
    return text


def _literal(analyzer: Analyzer, template: Template, takes: Takes, node: Node) -> str:
    if isinstance(node, syntax.String):
        return node.value
    spelled = analyzer.spelled(node)
    advice = f"Write {template.example}, for example."
    if isinstance(node, syntax.Name):
        advice = f"Write '{spelled.replace(chr(34), '')}' in single quotes."
    elif isinstance(node, syntax.Template) and has_infrastructure(spelled):
        advice = f"Write '{spelled}': the variable stands inside the string."
    return analyzer.fail(node, f"@{template.name} takes {takes} here.", advice)


def _value(analyzer: Analyzer, template: Template, node: Node) -> Expression:
    """An expression; a string literal is a column's name."""
    if isinstance(node, syntax.String):
        return _named_column(analyzer, template, node)
    expression = analyzer.expression(node)
    if static_type(expression) is ValueType.BOOLEAN:
        analyzer.fail(
            node,
            f"@{template.name} takes a column or a value here, not a condition.",
            f"Write {template.example}, for example.",
        )
    return expression


def _named_column(analyzer: Analyzer, template: Template, node: syntax.String) -> Expression:
    name = node.value
    _check_text(analyzer, Takes.COLUMN, node, name)
    if analyzer.usage is not Usage.ROW:
        tests = {"groupsContains": "@isInGroups('{}')", "purposesContains": "@isUsingPurpose('{}')"}
        test = tests.get(template.name, "@hasAttribute('attribute', '{}')").format(name)
        analyzer.fail(node, f"'{name}' names a column, and {analyzer.usage.place} sees no row.", f"Write {test}.")
    return tree.ColumnName(name, span=analyzer.span(node))


def _tag(analyzer: Analyzer, node: Node, text: str) -> str:
    """The tag, folded to lower case."""
    _check_text(analyzer, Takes.TAG, node, text)
    if not all(text.split(".")):
        analyzer.fail(node, f"'{text}' is not a dotted tag.", "Write 'pii' or 'pii.email', for example.")
    return text.lower()


def _check_text(analyzer: Analyzer, takes: Takes, node: Node, text: str) -> None:
    """Refuse what could not be compared safely, or would silently never match."""
    if not text and takes is not Takes.HELD:
        analyzer.fail(node, "This string is empty.")
    if any(ord(character) < 32 for character in text):
        analyzer.fail(node, "This string contains a control character.")
    if text != text.rstrip(" "):
        analyzer.fail(
            node, "This string ends in a space, which Redshift ignores when it compares.", "Delete the space."
        )
    if takes is Takes.HELD and analyzer.usage is not Usage.SUBSCRIPTION and has_infrastructure(text):
        analyzer.fail(
            node, "Infrastructure variables stand in subscription policies only.", "Use applies_to to choose places."
        )

"""What the parsed syntax means: the typed tree, and every check beyond the grammar."""

from veil.language import syntax
from veil.language.analysis.analyzer import Analyzer
from veil.language.analysis.table import HANDLERS
from veil.language.tokens import Source
from veil.language.tree import Expression
from veil.language.usage import Usage


def analyze(source: Source, usage: Usage, node: syntax.Node) -> Expression:
    """The tree of the whole of `source`, whose syntax is `node`, as it stands in `usage`. Raises
    ExpressionError.
    """
    analyzer = Analyzer(source, usage, HANDLERS, node)
    return analyzer.condition(node) if usage.is_condition else analyzer.expression(node)

"""What makes our tree of each node of the syntax."""

from collections.abc import Mapping

from veil.language import syntax
from veil.language.analysis import calls, conditions, names, row_values, templated, values
from veil.language.analysis.analyzer import Handler

HANDLERS: Mapping[type[syntax.Node], Handler] = {
    syntax.String: names.string,
    syntax.Number: names.number,
    syntax.Constant: names.constant,
    syntax.Moment: names.moment,
    syntax.Name: names.name,
    syntax.Template: templated.templated,
    syntax.Call: calls.call,
    syntax.Group: values.group,
    syntax.Row: row_values.row,
    syntax.Chain: conditions.chain,
    syntax.Not: conditions.negation,
    syntax.Comparison: conditions.comparison,
    syntax.Distinct: conditions.distinct,
    syntax.Is: conditions.is_test,
    syntax.In: conditions.membership,
    syntax.InQuery: conditions.looked_up,
    syntax.Between: conditions.between,
    syntax.Like: conditions.like,
    syntax.Infix: values.infix,
    syntax.Negative: values.minus,
    syntax.Cast: values.cast,
    syntax.Case: values.case,
}

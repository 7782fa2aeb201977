"""The allow-list: which of sqlglot's nodes may appear, and what makes our tree of each."""

from collections.abc import Mapping

from sqlglot import exp

from veil.language.analysis import calls, conditions, names, values
from veil.language.analysis.analyzer import Handler

HANDLERS: Mapping[type[exp.Expr], Handler] = {
    exp.Literal: names.literal,
    exp.Column: names.name,
    exp.Anonymous: calls.call,
    exp.And: conditions.logic,
    exp.Or: conditions.logic,
    exp.Not: conditions.negation,
    **dict.fromkeys(conditions.COMPARATORS, conditions.comparison),
    exp.Is: conditions.is_test,
    exp.NullSafeEQ: conditions.distinct,
    exp.NullSafeNEQ: conditions.distinct,
    exp.In: conditions.membership,
    exp.Between: conditions.between,
    exp.Like: conditions.like,
    exp.ILike: conditions.like,
    **dict.fromkeys(values.OPERATORS, values.arithmetic),
    exp.Neg: values.minus,
    exp.DPipe: values.concat,
    exp.Cast: values.cast,
    exp.Case: values.case,
}

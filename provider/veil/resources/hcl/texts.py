"""Expressions that users write, and choices of which they make one."""

from collections.abc import Collection, Iterable, Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator

from veil.plugin import importing, is_known


def checked_expression(text: str, usage: Literal["row", "audience", "subscription", "mask"]) -> str:
    """The text itself, if it parses for this usage. Raises ValueError with a caret under the place
    where it does not.
    """
    with importing():
        # Half of the processes that Terraform starts only serve schemas: they need no parser.
        from veil.language import ExpressionError, Usage, parse

    try:
        parse(text, Usage(usage))
    except ExpressionError as problem:
        raise ValueError(problem.render()) from problem
    return text


def row_expression(text: str) -> str:
    """Check an expression over the columns of a row."""
    return checked_expression(text, "row")


def audience_expression(text: str) -> str:
    """Check an expression over the user alone."""
    return checked_expression(text, "audience")


def subscription_expression(text: str) -> str:
    """Check a subscription's expression."""
    return checked_expression(text, "subscription")


def mask_expression(text: str) -> str:
    """Check the expression of a `sql` mask."""
    return checked_expression(text, "mask")


RowExpression = Annotated[str, AfterValidator(row_expression)]
AudienceExpression = Annotated[str, AfterValidator(audience_expression)]
SubscriptionExpression = Annotated[str, AfterValidator(subscription_expression)]
MaskExpression = Annotated[str, AfterValidator(mask_expression)]


MISSPELT = "Terraform leaves out keys that it does not know, so a misspelt one is missing here."
"""What may be behind a block in which nothing is said."""


def given(choices: Mapping[str, object]) -> list[str]:
    """The names of the choices that are set, as far as that is known."""
    return [name for name, value in choices.items() if is_known(value) and value is not None]


def any_of(what: str, names: Iterable[str], written: Collection[str]) -> None:
    """Raise ValueError unless at least one of the names is written, if only with a value that is
    not known yet.
    """
    if not any(name in written for name in names):
        raise ValueError(f"{what} is empty: none of {', '.join(names)} is given. {MISSPELT}")


def one_of(what: str, choices: Mapping[str, object], advice: str = "") -> None:
    """Raise ValueError unless exactly one of the alternatives is given. `advice` says what to do
    with several.

    Two that are given are too many whatever others may become; that none is given is known once all
    are.
    """
    chosen, allowed = given(choices), ", ".join(choices)
    if len(chosen) > 1:
        raise ValueError(f"{what} takes exactly one of: {allowed}. Given are {' and '.join(chosen)}.{advice}")
    if not chosen and all(map(is_known, choices.values())):
        raise ValueError(f"{what} needs exactly one of: {allowed}. None is given. {MISSPELT}")


def is_any(tests: Iterable[Any]) -> bool | None:
    """Whether one of these truths or collections says something; None where that is not known
    yet.
    """
    unknown = False
    for each in tests:
        if not is_known(each):
            unknown = True
        elif each:
            return True
    return None if unknown else False

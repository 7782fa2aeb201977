"""Checks of names and values that users write."""

from collections.abc import Collection, Iterable
from typing import Annotated

from pydantic import AfterValidator

from veil.language import ExpressionError, Usage, parse
from veil.model.names import problem_with_identifier, problem_with_value


def checked_identifier(text: str) -> str:
    """The text itself, if it can be a Redshift identifier. Raises ValueError otherwise."""
    if problem := problem_with_identifier(text):
        raise ValueError(f"{text!r} cannot be a Redshift identifier: {problem}.")
    return text


def checked_view_schema(text: str) -> str:
    """The text itself, if views can go into a schema of this name. Raises ValueError otherwise."""
    if checked_identifier(text).lower().startswith("pg_") or text.lower() == "information_schema":
        raise ValueError(f"{text!r} is reserved for Redshift's own. Name another schema, such as governed.")
    return text


def checked_name(text: str) -> str:
    """The text itself, if it can name a group, an attribute or a tag. Raises ValueError otherwise."""
    if not text:
        raise ValueError("An empty text cannot name anything.")
    if problem := problem_with_value(text):
        raise ValueError(f"{text!r} cannot be used: {problem}.")
    return text


def checked_tag(text: str) -> str:
    """The text itself, if it is a dotted tag: one that could not match anything would protect nothing. Raises
    ValueError otherwise.
    """
    if not all(part.strip() for part in checked_name(text).split(".")):
        raise ValueError(f"{text!r} is not a dotted tag: a part is empty. Write pii or pii.email, for example.")
    return text


def _held(text: str) -> str:
    if problem := problem_with_value(text):
        raise ValueError(f"{text!r} cannot be used: {problem}.")
    return text


Identifier = Annotated[str, AfterValidator(checked_identifier)]
"""A Redshift identifier: 1 to 127 bytes of UTF-8 without control characters."""

ViewSchema = Annotated[str, AfterValidator(checked_view_schema)]
"""A Redshift identifier that is not reserved for its catalog."""

Name = Annotated[str, AfterValidator(checked_name)]
"""A policy's, group's, attribute's or tag's name: not empty, no control characters, no trailing blank."""

Tag = Annotated[str, AfterValidator(checked_tag)]
"""A dotted tag: a name of which no part between dots is empty."""

HeldValue = Annotated[str, AfterValidator(_held)]
"""An attribute's value: no control characters, no trailing blank; it may be empty."""


def checked_expression(text: str, usage: Usage) -> str:
    """The text itself, if it parses for this usage. Raises ValueError with a caret under the place where it does
    not.
    """
    try:
        parse(text, usage)
    except ExpressionError as problem:
        raise ValueError(problem.render()) from problem
    return text


def row_expression(text: str) -> str:
    """Check an expression over the columns of a row."""
    return checked_expression(text, Usage.ROW)


def audience_expression(text: str) -> str:
    """Check an expression over the user alone."""
    return checked_expression(text, Usage.AUDIENCE)


def subscription_expression(text: str) -> str:
    """Check a subscription's expression."""
    return checked_expression(text, Usage.SUBSCRIPTION)


def mask_expression(text: str) -> str:
    """Check the expression of a `sql` mask."""
    return checked_expression(text, Usage.MASK)


RowExpression = Annotated[str, AfterValidator(row_expression)]
AudienceExpression = Annotated[str, AfterValidator(audience_expression)]
SubscriptionExpression = Annotated[str, AfterValidator(subscription_expression)]
MaskExpression = Annotated[str, AfterValidator(mask_expression)]


def given(**choices: object) -> list[str]:
    """The names of the choices that are set."""
    return [name for name, value in choices.items() if value is not None]


MISSPELT = "Terraform leaves out keys that it does not know, so a misspelt one is missing here."
"""What may be behind a block in which nothing is said."""


def any_of(what: str, names: Iterable[str], found: Collection[str]) -> None:
    """Raise ValueError unless at least one of the names was given."""
    if not any(name in found for name in names):
        raise ValueError(f"{what} is empty: none of {', '.join(names)} is given. {MISSPELT}")


def one_of(what: str, names: Iterable[str], found: list[str], advice: str = "") -> None:
    """Raise ValueError unless exactly one of the alternatives is given. `advice` says what to do with several."""
    if len(found) == 1:
        return
    allowed = ", ".join(names)
    if not found:
        raise ValueError(f"{what} needs exactly one of: {allowed}. None is given. {MISSPELT}")
    raise ValueError(f"{what} takes exactly one of: {allowed}. Given are {' and '.join(found)}.{advice}")

"""Names and values that users write, each of a type that checks it when the configuration is
validated.
"""

from typing import Annotated

from pydantic import AfterValidator

from veil.model.names import (
    folded,
    problem_with_column,
    problem_with_description,
    problem_with_identifier,
    problem_with_new_name,
    problem_with_value,
    problem_with_whole_text,
)
from veil.model.tags import problem_with_tag


def checked_text(text: str) -> str:
    """The text itself, if Redshift can hold it. Raises ValueError, which does not show it (it may
    be a password), otherwise.
    """
    if problem := problem_with_whole_text(text):
        raise ValueError(f"This string cannot be used: {problem}.")
    return text


def checked_description(text: str) -> str:
    """The text itself, if the warehouse can show it as a comment. Raises ValueError otherwise."""
    if problem := problem_with_description(text):
        raise ValueError(f"This description cannot be a comment in the warehouse: {problem}.")
    return text


def checked_identifier(text: str) -> str:
    """The text itself, if it can be a Redshift identifier. Raises ValueError otherwise."""
    if problem := problem_with_identifier(text):
        raise ValueError(f"{text!r} cannot be a Redshift identifier: {problem}.")
    return text


def checked_new_name(text: str) -> str:
    """The text itself, if something that veil makes can be called so. Raises ValueError
    otherwise.
    """
    if problem := problem_with_new_name(text):
        raise ValueError(f"{text!r} cannot be the name of what veil makes: {problem}.")
    return text


def checked_user(text: str) -> str:
    """The text itself, if a Redshift user can be called so. Raises ValueError otherwise."""
    if problem := problem_with_identifier(text):
        raise ValueError(f"{text!r} cannot be a Redshift user: {problem}.")
    return text


def checked_column(text: str) -> str:
    """The text itself, if a column can be called so. Raises ValueError otherwise."""
    if problem := problem_with_column(text):
        raise ValueError(f"{text!r} cannot be a column: {problem}.")
    return text


def checked_view_schema(text: str) -> str:
    """The text itself, if views can go into a schema of this name. Raises ValueError otherwise."""
    if checked_new_name(text).startswith("pg_") or text == "information_schema":
        raise ValueError(f"{text!r} is reserved for Redshift's own. Name another schema, such as governed.")
    return text


def checked_name(text: str) -> str:
    """The text itself, if it can name a group, an attribute or a tag. Raises ValueError
    otherwise.
    """
    if not text:
        raise ValueError("An empty string cannot name anything.")
    if problem := problem_with_value(text):
        raise ValueError(f"{text!r} cannot be used: {problem}.")
    return text


def checked_tag(text: str) -> str:
    """The text itself, if it is a dotted tag: one that could not match anything would protect
    nothing. Raises ValueError otherwise.
    """
    if problem := problem_with_tag(text):
        raise ValueError(f"{text!r} cannot be a tag: {problem}. Write pii or pii.email, for example.")
    return text


def _held(text: str) -> str:
    if problem := problem_with_value(text):
        raise ValueError(f"{text!r} cannot be used: {problem}.")
    return text


Text = Annotated[str, AfterValidator(checked_text)]
"""Any text that Redshift can hold: without NUL, and at most 65,535 bytes long. Every attribute is
of this type or of a stricter one.
"""

Description = Annotated[str, AfterValidator(checked_description)]
"""What everybody who reads a view may read of it: at most 16,000 bytes, with no control characters
but line breaks and tabs.
"""

Identifier = Annotated[str, AfterValidator(checked_identifier)]
"""A Redshift identifier: 1 to 127 bytes of UTF-8 that people can see and tell apart."""

NewName = Annotated[str, AfterValidator(checked_new_name)]
"""A Redshift identifier of something that veil makes: without capital letters, which Redshift
folds.
"""

User = Annotated[str, AfterValidator(checked_user)]
"""A Redshift user, to the letter."""

ColumnName = Annotated[str, AfterValidator(checked_column)]
"""A column of a table that is there, whatever it is called."""


def same_name(one: str, other: str) -> bool:
    """Whether two spellings name one schema, table, column or database, which Redshift folds."""
    return folded(one) == folded(other)


ViewSchema = Annotated[str, AfterValidator(checked_view_schema)]
"""A name that veil may give a schema, not reserved for Redshift's catalog."""

Name = Annotated[str, AfterValidator(checked_name)]
"""A policy's, group's or attribute's name: not empty, nothing that people do not see, no trailing
space.
"""

Tag = Annotated[str, AfterValidator(checked_tag)]
"""A dotted tag: a name of which no part between dots is empty."""

HeldValue = Annotated[str, AfterValidator(_held)]
"""An attribute's value: as a name, and it may be empty."""

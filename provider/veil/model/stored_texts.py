"""The texts of a governed object that the warehouse must be able to distinguish from others.

Each class of governed object says which these are by its `stored_texts`. Configurations are checked
where they are validated, by the same rules; what becomes known only afterwards is checked by these
before it is written.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from veil.model.names import (
    problem_with_description,
    problem_with_identifier,
    problem_with_new_name,
    problem_with_value,
)
from veil.model.tags import problem_with_tag

Check = Callable[[str], str | None]
"""Why a text cannot be stored, or None where it can."""


class StoredText(NamedTuple):
    """One text, the attribute in which it stands, and what decides whether it can be stored."""

    path: tuple[str | int, ...]
    text: str
    check: Check

    @property
    def problem(self) -> str | None:
        """Why the text cannot be stored, or None where it can."""
        return self.check(self.text)


StoredTexts = Iterator[StoredText]


def name_of(text: str, attribute: str = "name") -> StoredText:
    """The name of an object that only veil knows: a policy, a purpose, a project, an
    integration.
    """
    return StoredText((attribute,), text, _problem_with_name)


def identifier(text: str, attribute: str = "user") -> StoredText:
    """The name of what Redshift knows: a user, a schema, a table, a database."""
    return StoredText((attribute,), text, problem_with_identifier)


def new_name(text: str, attribute: str) -> StoredText:
    """The name of what veil makes in Redshift."""
    return StoredText((attribute,), text, problem_with_new_name)


def names(texts: Iterable[str], attribute: str) -> StoredTexts:
    """Several names of what only veil knows."""
    return (name_of(text, attribute) for text in texts)


def identifiers(texts: Iterable[str], attribute: str) -> StoredTexts:
    """Several names of what Redshift knows."""
    return (identifier(text, attribute) for text in texts)


def attributes_of_users(attributes: Mapping[str, Iterable[str]]) -> StoredTexts:
    """The names of users' attributes, and their values."""
    yield from names(attributes, "attributes")
    for name, values in attributes.items():
        yield from (StoredText(("attributes", name), value, problem_with_value) for value in values)


def tags(texts: Iterable[str], *path: str) -> StoredTexts:
    """Tags in the attribute at this path."""
    return (StoredText(path, text, problem_with_tag) for text in texts)


def description(text: str, *path: str) -> StoredText:
    """What a table or column is said to be, in the object at this path."""
    return StoredText((*path, "description"), text, problem_with_description)


def _problem_with_name(text: str) -> str | None:
    return problem_with_value(text) if text else "it is empty"

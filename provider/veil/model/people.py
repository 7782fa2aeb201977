"""Users: what they hold, what they may act under, and what they chose at run time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from veil.model.names import problem_with_whole_text
from veil.model.stored_texts import (
    StoredText,
    StoredTexts,
    attributes_of_users,
    identifier,
    identifiers,
    name_of,
    names,
)


@dataclass(frozen=True, slots=True)
class Expires:
    """When what a user holds ends, each time an aware datetime: of groups by name, of attributes by
    name and value. What is not in it does not end.
    """

    groups: Mapping[str, datetime] = field(default_factory=dict)
    attributes: Mapping[str, Mapping[str, datetime]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.groups or any(self.attributes.values()))

    def of_group(self, group: str) -> datetime | None:
        """When membership in a group ends; None where it does not."""
        return self.groups.get(group)

    def of_value(self, attribute: str, value: str) -> datetime | None:
        """When an attribute's value ends; None where it does not."""
        return self.attributes.get(attribute, {}).get(value)


@dataclass(frozen=True, slots=True)
class Profile:
    """What a Redshift user holds, and when some of it ends. `user` equals `current_user` to the
    letter.
    """

    user: str
    groups: frozenset[str] = frozenset()
    attributes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    expires: Expires = field(default_factory=Expires)

    def stored_texts(self) -> StoredTexts:
        yield identifier(self.user)
        yield from names(self.groups, "groups")
        yield from attributes_of_users(self.attributes)
        for path, held in self.ends_of_nothing():
            yield StoredText(("expires", *path), held, _not_held)

    def ends_of_nothing(self) -> Iterator[tuple[tuple[str, ...], str]]:
        """What `expires` names and the user does not hold: where it stands there, and what it
        is.
        """
        yield from ((("groups",), each) for each in sorted(self.expires.groups.keys() - self.groups))
        for name, values in sorted(self.expires.attributes.items()):
            held = self.attributes.get(name, frozenset())
            yield from ((("attributes", name), each) for each in sorted(values.keys() - held))


def _not_held(text: str) -> str:
    return "it is given an end, and the user does not hold it"


@dataclass(frozen=True, slots=True)
class Subscription:
    """A user admitted to a data source by name, until `expires_at` (aware, UTC) where given.
    `data_source` is its key.
    """

    user: str
    data_source: str
    expires_at: datetime | None = None

    def stored_texts(self) -> StoredTexts:
        yield identifier(self.user)


@dataclass(frozen=True, slots=True)
class AccessRefusal:
    """That a user is not to have a data source for the asking: what they asked for, and what was
    approved, ends, and until `until` (aware, UTC), or as long as it is there, they may not ask
    again. It takes no Subscription away.
    """

    user: str
    data_source: str
    until: datetime | None = None
    reason: str = ""

    def stored_texts(self) -> StoredTexts:
        yield identifier(self.user)


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why data is used; counts only for users who have acknowledged the current text.

    A dotted name is that of a sub-purpose; without a text it has that of the nearest purpose above
    (see `purposes`).
    """

    name: str
    acknowledgement: str = ""
    description: str = ""

    def stored_texts(self) -> StoredTexts:
        yield name_of(self.name)
        # Whoever agrees hands the whole text to a procedure.
        yield StoredText(("acknowledgement",), self.acknowledgement, problem_with_whole_text)


@dataclass(frozen=True, slots=True)
class Project:
    """Members acting on data sources (keys) under purposes.

    With `masked_joins`, hash masks take one salt for all data sources while a member acts in the
    project.
    """

    name: str
    members: frozenset[str] = frozenset()
    data_sources: frozenset[str] = frozenset()
    purposes: frozenset[str] = frozenset()
    masked_joins: bool = False
    equalized: bool = False
    description: str = ""

    @property
    def salt_key(self) -> str:
        """The name of the project's salt, which no data source's key can be: there a colon is
        within quotes.
        """
        return f"project:{self.name}"

    def stored_texts(self) -> StoredTexts:
        yield name_of(self.name)
        yield from identifiers(self.members, "members")
        yield from names(self.purposes, "purposes")


@dataclass(frozen=True, slots=True)
class Impersonation:
    """Who `user` may act as."""

    user: str
    as_users: frozenset[str] = frozenset()
    all: bool = False

    def stored_texts(self) -> StoredTexts:
        yield identifier(self.user)
        yield from identifiers(self.as_users, "as_users")


@dataclass(frozen=True, slots=True)
class Runtime:
    """What a user chose in the warehouse: the current project, and the hash of the text of each
    purpose that they agreed to.
    """

    user: str
    current_project: str | None = None
    acknowledgements: Mapping[str, str] = field(default_factory=dict)

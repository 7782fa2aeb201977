"""Whether the warehouse can keep what a request names. Configurations are checked where they are validated; this is the
last look, for what became known only afterwards.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from veil import warehouse
from veil.governance.errors import GovernanceError
from veil.governance.requests import Create, Draft, Request, SourceDraft, Update, draft_of, draft_place, parts
from veil.model import (
    Closing,
    DataSource,
    Impersonation,
    Integration,
    Kind,
    Policy,
    Profile,
    Project,
    Purpose,
    Subscription,
)
from veil.model.names import problem_with_identifier, problem_with_new_name, problem_with_value, problem_with_whole_text
from veil.model.tags import problem_with_tag
from veil.warehouse import ProfileRow

_MOST_SHOWN = 200
"""So many characters of a text are shown."""

Path = tuple[str | int, ...]
Check = Callable[[str], str | None]
Named = tuple[Path, str, Check]
"""An attribute, the text that stands there, and what is wrong with such a text."""


def require_storable(request: Request) -> None:
    """Raise GovernanceError where a request would store a name or value that cannot be told from others, or more than
    one user can hold.
    """
    for each in parts(request):
        if isinstance(each, Create | Update):
            require_storable_draft(each.draft)


def require_storable_draft(draft: Draft) -> None:
    """The same of one draft."""
    for path, text, check in NAMES[draft_place(draft)[0]](draft):
        if problem := check(text):
            raise GovernanceError(
                "A name that cannot be used", f"{_shown(text)} cannot be used: {problem}. Correct it.", path
            )
    if isinstance(draft, Profile):
        require_holdable_profile(draft)


def require_holdable_profile(profile: Profile) -> None:
    """Raise GovernanceError where a profile alone is more than one user can hold."""
    require_holdable(ProfileRow(profile.user, groups=profile.groups, attributes=profile.attributes))


def require_holdable(row: ProfileRow) -> None:
    """Raise GovernanceError where a user holds more than a row of the warehouse does."""
    if _at_most(row) <= warehouse.MOST_PROFILE_BYTES:
        return
    if (size := warehouse.profile_bytes(row)) > warehouse.MOST_PROFILE_BYTES:
        raise GovernanceError(
            "A user who holds too much",
            f"What {row.user} holds, the names of groups, attributes with their values, projects and subscriptions, is {size} "
            f"bytes long as JSON; at most {warehouse.MOST_PROFILE_BYTES} are kept for one user. Shorten the names, or put "
            "several groups that policies treat alike into one.",
            ("user",),
        )


def _at_most(row: ProfileRow) -> int:
    """A number of bytes that the row does not exceed, told without writing it: a character takes four at most, or two with
    its escape, and what stands around a text not more than eight.
    """
    texts = (row.groups, row.projects, row.valid_tables, row.attributes, *row.attributes.values())
    return 1_000 + sum(4 * len(text) + 8 for each in texts for text in each)


def _of_integration(draft: Integration) -> Iterator[Named]:
    yield ("name",), draft.name, _name
    yield ("database",), draft.database, problem_with_identifier
    yield ("view_schema",), draft.view_schema, problem_with_new_name


def _of_name(draft: Policy | Purpose | Closing) -> Iterator[Named]:
    yield ("name",), draft.name, _name


def _of_purpose(draft: Purpose) -> Iterator[Named]:
    yield from _of_name(draft)
    # Whoever agrees hands the whole text to a procedure.
    yield ("acknowledgement",), draft.acknowledgement, problem_with_whole_text


def _of_subscription(draft: Subscription) -> Iterator[Named]:
    yield ("user",), draft.user, problem_with_identifier


def _of_profile(draft: Profile) -> Iterator[Named]:
    yield ("user",), draft.user, problem_with_identifier
    yield from _each("groups", draft.groups, _name)
    yield from _each("attributes", draft.attributes, _name)
    for name, values in draft.attributes.items():
        yield from ((("attributes", name), value, problem_with_value) for value in values)


def _of_project(draft: Project) -> Iterator[Named]:
    yield ("name",), draft.name, _name
    yield from _each("members", draft.members, problem_with_identifier)
    yield from _each("purposes", draft.purposes, _name)


def _of_impersonation(draft: Impersonation) -> Iterator[Named]:
    yield ("user",), draft.user, problem_with_identifier
    yield from _each("as_users", draft.as_users, problem_with_identifier)


def _of_source(source: SourceDraft | DataSource) -> Iterator[Named]:
    draft = draft_of(source) if isinstance(source, DataSource) else source
    yield ("schema",), draft.schema, problem_with_identifier
    yield ("table",), draft.table, problem_with_identifier
    for attribute, name in (("view_schema", draft.view_schema), ("view_name", draft.view_name)):
        if name is not None:
            yield (attribute,), name, problem_with_new_name
    yield from _each("tags", draft.tags, problem_with_tag)
    yield from _each("policies", draft.policies, _name)
    for column, declared in draft.columns.items():
        yield from ((("columns", column), tag, problem_with_tag) for tag in declared.tags)


def _each(attribute: str, texts: Iterable[str], check: Check) -> Iterator[Named]:
    return (((attribute,), text, check) for text in texts)


def _shown(text: str) -> str:
    return repr(text) if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]!r}..."


def _name(text: str) -> str | None:
    return problem_with_value(text) if text else "it is empty"


NAMES: Mapping[Kind, Callable[[Any], Iterator[Named]]] = {
    Kind.INTEGRATION: _of_integration,
    Kind.DATA_SOURCE: _of_source,
    Kind.MASKING_POLICY: _of_name,
    Kind.ROW_POLICY: _of_name,
    Kind.SUBSCRIPTION_POLICY: _of_name,
    Kind.SUBSCRIPTION: _of_subscription,
    Kind.PROFILE: _of_profile,
    Kind.PURPOSE: _of_purpose,
    Kind.PROJECT: _of_project,
    Kind.IMPERSONATION: _of_impersonation,
    Kind.CLOSING: _of_name,
}
"""By kind, the names and values in a draft that the warehouse has to tell from others."""

"""Whether the warehouse can keep what a request names. Configurations are checked where they are
validated; this is the last look, for what became known only afterwards.
"""

from veil import warehouse
from veil.governance.errors import GovernanceError
from veil.governance.requests import Create, Draft, Request, Update, parts
from veil.model import Profile
from veil.warehouse import ProfileRow

_MOST_SHOWN = 200
"""So many characters of a text are shown."""


def require_storable(request: Request) -> None:
    """Raise GovernanceError where a request would store a name or value that cannot be
    distinguished from others, or more than one user can hold.
    """
    for each in parts(request):
        if isinstance(each, Create | Update):
            require_storable_draft(each.draft)


def require_storable_draft(draft: Draft) -> None:
    """The same of one draft."""
    for each in draft.stored_texts():
        if problem := each.problem:
            if each.path[-1:] == ("description",):
                raise GovernanceError(
                    "A description that cannot be used",
                    f"It cannot be a comment in the warehouse: {problem}. Correct it.",
                    each.path,
                )
            raise GovernanceError(
                "A name that cannot be used", f"{_shown(each.text)} cannot be used: {problem}. Correct it.", each.path
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
            f"What {row.user} holds, the names of groups, attributes with their values, and projects, is {size} "
            f"bytes long as JSON; at most {warehouse.MOST_PROFILE_BYTES} are kept for one user. Shorten the names, or put "
            "several groups that policies treat alike into one.",
            ("user",),
        )


def _at_most(row: ProfileRow) -> int:
    """A number of bytes that the row does not exceed, told without writing it: a character takes
    four at most, or two with its escape, and what stands around a text not more than eight.
    """
    texts = (row.groups, row.projects, row.attributes, *row.attributes.values())
    return 1_000 + sum(4 * len(text) + 8 for each in texts for text in each)


def _shown(text: str) -> str:
    return repr(text) if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]!r}..."

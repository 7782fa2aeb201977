"""Members of an equalized project who have no profile: they see no rows, and so no member does."""

from collections.abc import Collection, Iterator

from veil.model import Kind, Project
from veil.policy.findings import Finding
from veil.policy.messages import finding, subject

_LISTED = 10


def unprofiled(project: Project, missing: Collection[str]) -> Iterator[Finding]:
    """A warning where members of an equalized project are `missing` a profile."""
    yield from _finding(project, missing, "have no user profile: {}. They see no rows, and so no member does")


def unprofiled_so_far(project: Project, missing: Collection[str]) -> Iterator[Finding]:
    """A warning where no profile of members of an equalized project is there, and none has been
    planned yet.
    """
    wording = (
        "have no user profile, and the plan has not come to one: {}. If it does, all is well. Else they see no rows, and so no "
        "member does"
    )
    yield from _finding(project, missing, wording)


def _finding(project: Project, missing: Collection[str], wording: str) -> Iterator[Finding]:
    if not (project.equalized and missing):
        return
    names, more = sorted(missing)[:_LISTED], len(missing) - _LISTED
    listed = ", ".join(names) + (f" and {more} more" if more > 0 else "")
    detail = (
        f"{subject(Kind.PROJECT, project.name)} is equalized, and these of its members {wording.format(listed)} while acting in "
        "the project. Make a veil_user_profile for each of them, or take them out of members."
    )
    yield finding("member-without-profile", detail, Kind.PROJECT, project.name, ("members",))

"""Members of equalized projects who will have no profile, as far as the plans seen so far show."""

from collections.abc import Iterable, Iterator
from typing import Any

from veil.model import Kind, Profile, Project, World
from veil.model.kinds import Governed
from veil.policy import Finding, unprofiled, unprofiled_so_far


class PlannedMembers:
    """Who is in which project, and whose profile comes or goes. A new member's profile may be
    planned after the project, so that only of who was a member before, or is losing a profile, it
    can be said for certain; and of who was a member before once it has been said of every profile
    that there is whether it stays, since one that is missing may be planned among them. Of all
    others it is told what is planned so far.
    """

    def __init__(self, deployed: World | None) -> None:
        self._deployed = deployed
        self._equalized: list[tuple[Project, frozenset[str]]] = []  # with who was a member before
        self._made: set[str] = set()
        self._gone: set[str] = set()
        self._open: set[str] = set(deployed.profiles) if deployed else set()

    def expect(self, users: Iterable[str], gone: Iterable[str] = ()) -> Iterator[Finding]:
        """These users will have profiles, and those that are `gone` will not; the findings that
        this completes.
        """
        self._made.update(users)
        self._gone.update(gone)
        self._open -= self._made | self._gone
        yield from self._about_all()

    def put(self, thing: Governed, replaces: Any) -> Iterator[Finding]:
        """Take in a planned object; the findings that this completes."""
        if isinstance(thing, Profile):
            self._open.discard(replaces)
            yield from self.expect([thing.user])
        if isinstance(thing, Project) and thing.equalized and self._deployed is not None:
            before = self._deployed.projects.get(replaces or thing.name)
            self._equalized.append((thing, before.members if before else frozenset()))
            yield from self._about(*self._equalized[-1])

    def remove(self, kind: Kind, key: Any) -> Iterator[Finding]:
        """Take in a planned removal; the findings that this completes."""
        if kind is Kind.PROFILE:
            yield from self.expect((), [key])

    def lacking(self, project: Project, replaces: Any) -> frozenset[str]:
        """The new members of whom no profile is there and none has been planned yet."""
        before = self._deployed.projects.get(replaces or project.name) if self._deployed else None
        known = self._deployed.profiles.keys() if self._deployed else frozenset[str]()
        return project.members - (before.members if before else frozenset()) - known - self._made - self._gone

    def so_far(self, project: Project, replaces: Any) -> Iterator[Finding]:
        """What can be told of them though their profiles may yet be planned."""
        yield from unprofiled_so_far(project, self.lacking(project, replaces))

    def _about_all(self) -> Iterator[Finding]:
        for project, before in self._equalized:
            yield from self._about(project, before)

    def _about(self, project: Project, before: frozenset[str]) -> Iterator[Finding]:
        known = self._deployed.profiles.keys() if self._deployed else frozenset[str]()
        missing = project.members & self._gone
        if not self._open:
            missing |= (project.members & before) - known
        yield from unprofiled(project, missing - self._made)

"""What governance refuses, in words for the person who wrote the configuration."""

from veil.errors import VeilError

UNDONE = "its last change failed"
"""How the line of a resource's `drift` begins that tells of an apply that failed, and of nothing
altered outside.
"""


class GovernanceError(VeilError):
    """A change that cannot be made."""


class ViewRefusedError(GovernanceError):
    """The warehouse refuses the view of the data source `key`."""

    def __init__(self, key: str, detail: str) -> None:
        super().__init__("The view cannot be made", detail)
        self.key = key


class ViewKeptError(GovernanceError):
    """The warehouse does not put a view in the place of the one at `place`, which therefore has to
    go first.
    """

    def __init__(self, place: tuple[str, str], detail: str) -> None:
        super().__init__("The view cannot be replaced", detail)
        self.place = place


class WrongIntegrationError(GovernanceError):
    """A resource belongs to another integration than the one that its provider would write to."""


class ImpersonationError(GovernanceError):
    """Nobody could act as somebody else on this warehouse, and an integration with impersonation
    would show nothing.
    """


class NameTakenError(GovernanceError):
    """Another object has the name that a change asks for."""


class ForeignViewError(GovernanceError):
    """The name of a governed view is that of something that veil did not make."""


class CancelledError(GovernanceError):
    """Terraform was stopped before this change was sent; nothing of it was written."""

    def __init__(self) -> None:
        super().__init__("Cancelled", "Terraform was stopped before this change was sent. Nothing was written.")


class NewerFormatError(GovernanceError):
    """The metadata holds something this version of veil does not know: a newer one wrote it.
    `found` says what.
    """

    def __init__(self, found: str) -> None:
        super().__init__("A newer veil wrote this integration", f"{found}. Use that version of the provider.")

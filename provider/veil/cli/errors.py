"""What a command says when it cannot go on."""

from veil.errors import VeilError


class CliError(VeilError):
    """A command failed for a reason that its user can do something about."""

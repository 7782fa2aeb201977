"""What the process needs of the place where Terraform comes in."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from .listener import Listener


class Entrance(Protocol):
    """A place that Terraform can connect to as soon as it exists; it is served once it is
    ``open``.
    """

    @property
    def address(self) -> tuple[str, str]:
        """The network (``unix`` or ``tcp``) and the address for the handshake."""
        raise NotImplementedError

    def open(self, listener: "Listener", ended: Callable[[], None]) -> None:
        """Let Terraform through to ``listener``; ``ended`` is called when it goes. Raises OSError,
        RuntimeError.
        """
        raise NotImplementedError

    def close(self) -> None:
        """Let nobody in any more."""
        raise NotImplementedError

"""What every hook is given besides its own subject."""

import logging
import threading
from collections.abc import Callable, Iterable, MutableMapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from ..diagnostics import Diagnostic, Diagnostics, PluginError


class DeferredReason(Enum):
    """Why something cannot be planned or read yet. The values are those of the wire protocol."""

    RESOURCE_CONFIG_UNKNOWN = 1
    PROVIDER_CONFIG_UNKNOWN = 2
    ABSENT_PREREQUISITE = 3


@dataclass
class Context:
    """The surroundings of one call.

    ``client`` is what ``Provider.configure`` returned (None in a process that was not configured),
    ``config`` the whole configuration where Terraform sends one, ``meta`` the ``provider_meta``
    block of the module, ``private`` the text that is kept beside the state and shown to nobody.
    ``is_repeated`` tells of a plan whether Terraform has most likely shown it already, and makes it
    again to apply it; it may wait a moment to tell. ``stopping`` is set when the user interrupts.
    ``renew_at`` is for ephemeral resources.
    """

    client: Any = None
    diagnostics: Diagnostics = field(default_factory=Diagnostics)
    private: MutableMapping[str, str] = field(default_factory=dict)
    stopping: threading.Event = field(default_factory=threading.Event)
    log: logging.Logger = field(default_factory=lambda: logging.getLogger("terraform.provider"))
    terraform_version: str = ""
    config: Any = None
    meta: Any = None
    deferral_allowed: bool = False
    is_repeated: Callable[[], bool] = lambda: False
    deferred: DeferredReason | None = None
    renew_at: datetime | None = None
    partial_state: Any = None

    def error(self, summary: str, detail: str = "", path: Sequence[str | int] | None = None) -> None:
        """Short for ``diagnostics.error``."""
        self.diagnostics.error(summary, detail, path)

    def warning(self, summary: str, detail: str = "", path: Sequence[str | int] | None = None) -> None:
        """Short for ``diagnostics.warning``."""
        self.diagnostics.warning(summary, detail, path)

    def partial(self, state: Any) -> None:
        """Record the state to save if this create or update fails later on: what exists must not be
        forgotten.
        """
        self.partial_state = state

    def defer(self, reason: DeferredReason) -> None:
        """Put this resource or data source off to a later run. Raises PluginError if Terraform does
        not allow that.
        """
        if not self.deferral_allowed:
            raise PluginError(
                "Cannot be decided yet", "This needs a value that is not known, and Terraform allows no deferral."
            )
        self.deferred = reason

    def stop_if_asked(self) -> None:
        """Raise PluginError if the user has interrupted Terraform: call it between the steps of
        long work.
        """
        if self.stopping.is_set():
            raise PluginError("Cancelled", "Terraform was interrupted before this was done.")

    def fail(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Raise PluginError with ``diagnostics`` if one of them is an error, otherwise only report
        them.
        """
        items = tuple(diagnostics)
        if any(item.severity == "error" for item in items):
            raise PluginError.of(items)
        self.diagnostics.extend(items)

"""The provider: its name, its parts, its configuration. Importing this must stay cheap."""

from typing import Any, ClassVar

from ..diagnostics import PluginError
from .context import Context

# A class, or "package.module:Class" for one that is imported only when a call needs it.
Part = type | str


class Provider:
    """Base of a provider. Derive from it, name the parts, and hand an instance to ``serve``.

    ``name`` is the prefix of its type names; ``address`` its source address, ``namespace/name``
    (for debugging only). ``model`` describes the provider block, ``meta_model`` what a module may
    say in ``terraform { provider_meta "NAME" {} }``. Parts given as strings are imported on first
    use, which keeps a process that only validates from importing what only an apply needs.
    """

    name: ClassVar[str]
    version: ClassVar[str] = "0.0.0"
    address: ClassVar[str] = ""
    model: ClassVar[Part | None] = None
    meta_model: ClassVar[Part | None] = None
    resources: ClassVar[tuple[Part, ...]] = ()
    data_sources: ClassVar[tuple[Part, ...]] = ()
    ephemeral_resources: ClassVar[tuple[Part, ...]] = ()
    functions: ClassVar[tuple[Part, ...]] = ()

    def validate(self, config: Any, ctx: Context) -> None:
        """Check the provider block beyond its model. It may hold UNKNOWN."""

    def configure(self, config: Any, ctx: Context) -> Any:
        """Connect, and return what later calls find in ``ctx.client``. ``config`` may hold
        UNKNOWN.
        """
        return None

    def explain(self, problem: BaseException) -> PluginError | None:
        """What to say of an exception that one of the hooks let through; None where it is a bug."""
        return None

    def stop(self) -> None:
        """The user has interrupted Terraform. Called from another thread; calls in flight go on."""

    def close(self) -> None:
        """Release what ``configure`` took, briefly: Terraform waits for the process to end."""

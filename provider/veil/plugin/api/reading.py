"""Data sources and ephemeral resources: things that are read, not managed."""

from typing import TYPE_CHECKING, ClassVar, Generic

from .context import Context
from .resource import M

if TYPE_CHECKING:
    from ..schema.model import Model


class DataSource(Generic[M]):
    """Base of a data source."""

    type_name: ClassVar[str]
    model: ClassVar[type["Model"]]
    deprecated: ClassVar[str | None] = None

    def validate(self, config: M, ctx: Context) -> None:
        """Check what the model cannot. ``config`` may hold UNKNOWN."""

    def read(self, config: M, ctx: Context) -> M:
        """The configuration, completed with what was found."""
        raise NotImplementedError(f"{type(self).__name__} has no read()")


class EphemeralResource(Generic[M]):
    """Base of an ephemeral resource: it lives as long as a run, and nothing of it is stored.

    ``ctx.private`` carries text from ``open`` to ``renew`` and ``close``. Set ``ctx.renew_at`` (a
    datetime with a zone) to be asked to renew before then.
    """

    type_name: ClassVar[str]
    model: ClassVar[type["Model"]]
    deprecated: ClassVar[str | None] = None

    def validate(self, config: M, ctx: Context) -> None:
        """Check what the model cannot. ``config`` may hold UNKNOWN."""

    def open(self, config: M, ctx: Context) -> M:
        """Obtain it: the configuration, completed."""
        raise NotImplementedError(f"{type(self).__name__} has no open()")

    def renew(self, ctx: Context) -> None:
        """Prolong it; set ``ctx.renew_at`` for another time."""

    def close(self, ctx: Context) -> None:
        """Let go of it."""

"""Managed resources."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, TypeVar

from ..diagnostics import Diagnostic
from .context import Context

if TYPE_CHECKING:
    from ..schema.model import Model

M = TypeVar("M", bound="Model")
Action = Literal["create", "update", "delete", "none"]
Upgrader = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass
class Plan(Generic[M]):
    """What Terraform intends for one resource, for the provider to complete.

    ``config`` is what the user wrote (None on destroy), ``prior`` the state (None on create),
    ``planned`` what will be (None on destroy). Change ``planned`` in place: what the user set must
    stay, what the provider computes may be set to a value if it is known already. Attributes that
    are assigned are not made unknown afterwards.

    ``is_refused`` says that validation has found errors in ``config``, which the application will
    tell (see ``Resource.failed``): then ``planned`` may hold anything, and whatever the hook finds
    wrong with it is not told.
    """

    config: M | None
    prior: M | None
    planned: M | None
    action: Action
    replaced: list[tuple[str | int, ...]] = field(default_factory=list)
    is_refused: bool = False

    def changed(self, *path: str | int) -> bool:
        """Whether the attribute at ``path`` is planned to differ from the prior state. On create:
        whether it is set.
        """
        return bool(follow(self.prior, path) != follow(self.planned, path))

    def require_replace(self, *path: str | int) -> None:
        """Ask Terraform to replace the resource because of the attribute at ``path``."""
        self.replaced.append(path)


@dataclass(frozen=True)
class Failure(Generic[M]):
    """A create or update that came to nothing, and the errors that say why.

    ``prior`` is the state (None on create). ``planned`` is what was to be; it may be the very thing
    that is wrong, and no validation has seen it. ``diagnostics`` are as they were raised.
    """

    prior: M | None
    planned: M
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True)
class MoveSource:
    """The resource that a ``moved`` block names: ``state`` is its JSON data as the source provider
    stored it.
    """

    provider_address: str
    type_name: str
    schema_version: int
    state: dict[str, Any]
    private: bytes = b""


class Resource(Generic[M]):
    """Base of a managed resource. One instance serves all calls of a process, from many threads."""

    type_name: ClassVar[str]
    model: ClassVar[type["Model"]]
    schema_version: ClassVar[int] = 0
    deprecated: ClassVar[str | None] = None
    upgraders: ClassVar[Mapping[int, Upgrader]] = MappingProxyType({})

    def validate(self, config: M, ctx: Context) -> None:
        """Check what the model cannot. ``config`` may hold UNKNOWN. Called several times per
        run.
        """

    def plan(self, plan: Plan[M], ctx: Context) -> None:
        """Complete the plan. Must be deterministic: Terraform asks again during apply. Also called
        for destroy.
        """

    def create(self, planned: M, ctx: Context) -> M:
        """Create it and return its full state. Write-only attributes are filled in from the
        configuration.
        """
        raise NotImplementedError(f"{type(self).__name__} has no create()")

    def read(self, state: M, ctx: Context) -> M | None:
        """What is there now, or None if it is gone."""
        raise NotImplementedError(f"{type(self).__name__} has no read()")

    def update(self, prior: M, planned: M, ctx: Context) -> M:
        """Change it and return its full state."""
        raise NotImplementedError(f"{type(self).__name__} has no update()")

    def delete(self, state: M, ctx: Context) -> None:
        """Delete it. That it is gone already is no error."""
        raise NotImplementedError(f"{type(self).__name__} has no delete()")

    def failed(self, failure: Failure[M], ctx: Context) -> None:
        """Act on a create or update that failed, wherever in the provider: also in its validation
        or plan within an apply, when a value has become known only then. What is left behind by a
        create is recorded with ``ctx.partial``.
        """

    def import_state(self, identifier: str, /, ctx: Context) -> M:
        """The state of an existing object. Terraform reads it right after, so only what ``read``
        needs must be set.
        """
        raise NotImplementedError

    def move_state(self, source: MoveSource, ctx: Context) -> M | None:
        """The state of a resource that was of another type, or None if it cannot come from
        ``source``.
        """
        raise NotImplementedError


def overrides(instance: object, base: type, method: str) -> bool:
    """Whether ``instance`` has its own ``method``, and not the one of ``base``."""
    return getattr(type(instance), method) is not getattr(base, method)


def follow(value: Any, path: tuple[str | int, ...]) -> Any:
    """The value at ``path`` inside a model, None where the path leads nowhere."""
    for step in path:
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(step, int) and isinstance(value, list | tuple):
            value = value[step] if -len(value) <= step < len(value) else None
        else:
            value = getattr(value, str(step), None)
    return value

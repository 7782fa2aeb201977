"""From what veil refuses to diagnostics."""

from collections.abc import Iterator
from contextlib import contextmanager

from veil.errors import VeilError
from veil.governance import errors
from veil.plugin import PluginError


@contextmanager
def refused() -> Iterator[None]:
    """Turn every refusal inside into a PluginError with its title, detail and attribute path."""
    try:
        yield
    except Exception as problem:
        error = explained(problem)
        if error is None:
            raise
        raise error from problem


def explained(problem: BaseException) -> PluginError | None:
    """What veil refused, for people; None for what is no refusal."""
    match problem:
        case errors.WrongIntegrationError():
            # Nothing of the integration that was meant can be written through this provider.
            return PluginError(problem.summary, problem.detail, path=problem.path).told_at_once()
        case VeilError():
            return PluginError(problem.summary, problem.detail, path=problem.path)
    return None

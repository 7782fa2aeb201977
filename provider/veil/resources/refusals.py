"""From what governance and warehouse raise to diagnostics."""

from collections.abc import Iterator
from contextlib import contextmanager

from veil.governance.errors import GovernanceError, NewerFormatError, WrongIntegrationError
from veil.plugin import PluginError


@contextmanager
def refused() -> Iterator[None]:
    """Turn every refusal inside into a PluginError with its title, detail and attribute path."""
    try:
        yield
    except Exception as problem:
        found = explained(problem)
        if found is None:
            raise
        raise found from problem


def explained(problem: BaseException) -> PluginError | None:
    """What governance or the warehouse refused, for people; None for what is neither's."""
    # Not imported by processes that only tell the schema or validate.
    from veil.warehouse.errors import WarehouseError

    match problem:
        case WrongIntegrationError():
            # Nothing of the integration that was meant can be written through this provider.
            return PluginError(problem.summary, problem.detail, path=problem.path).told_at_once()
        case GovernanceError():
            return PluginError(problem.summary, problem.detail, path=problem.path)
        case WarehouseError():
            return PluginError(problem.title, problem.told)
        case NewerFormatError():
            return PluginError("A newer veil wrote this integration", f"{problem}. Use that version of the provider.")
    return None

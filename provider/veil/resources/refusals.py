"""From what governance and warehouse raise to diagnostics."""

from collections.abc import Iterator
from contextlib import contextmanager

from veil.governance.errors import GovernanceError, NewerFormatError
from veil.plugin import PluginError


@contextmanager
def refused() -> Iterator[None]:
    """Turn every refusal inside into a PluginError with its title, detail and attribute path."""
    # Not imported by processes that only tell the schema or validate.
    from veil.warehouse.errors import WarehouseError

    try:
        yield
    except GovernanceError as problem:
        raise PluginError(problem.summary, problem.detail, path=problem.path) from problem
    except WarehouseError as problem:
        raise PluginError(problem.title, problem.detail) from problem
    except NewerFormatError as problem:
        raise PluginError(
            "A newer veil wrote this integration", f"{problem}. Use that version of the provider."
        ) from problem

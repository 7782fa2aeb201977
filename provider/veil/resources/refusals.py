"""From what governance and warehouse raise to diagnostics."""

from collections.abc import Iterator
from contextlib import contextmanager

from veil.governance.errors import GovernanceError, NewerFormatError
from veil.plugin import PluginError

_NO_DATABASE = "3D000"


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


@contextmanager
def about_database(database: str) -> Iterator[None]:
    """Inside `refused`: say that it is the integration's database that the cluster does not have."""
    from veil.warehouse.errors import WarehouseError
    from veil.warehouse.quoting import identifier

    try:
        yield
    except WarehouseError as problem:
        if problem.sqlstate != _NO_DATABASE:
            raise
        raise PluginError(
            "No such database",
            f"The cluster has no database {database}. Correct the name, or create it first: "
            f"CREATE DATABASE {identifier(database)}",
            path=("database",),
        ) from problem

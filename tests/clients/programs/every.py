"""A plugin of pytest's that keeps every n-th test, by the environment variable VEIL_EVERY."""

import os


def pytest_collection_modifyitems(items: list[object]) -> None:
    """Keeps every n-th."""
    items[:] = items[:: int(os.environ.get("VEIL_EVERY", "1"))]

"""Imports that calls make, one at a time."""

import importlib
import threading
from contextlib import AbstractContextManager
from types import ModuleType

# Calls arrive in parallel from the first moment on, and CPython gives up with a deadlock error
# where one thread imports a package while another imports a module of it
# (https://github.com/python/cpython/issues/82272).
_ONE_AT_A_TIME = threading.RLock()


def importing() -> AbstractContextManager[object]:
    """Hold this around an ``import`` inside a hook. What was imported before costs next to
    nothing.
    """
    return _ONE_AT_A_TIME


def load(module: str, package: str | None = None) -> ModuleType:
    """The module of this name, imported now if it was not before. Raises ImportError and whatever
    the module raises.
    """
    with _ONE_AT_A_TIME:
        return importlib.import_module(module, package)

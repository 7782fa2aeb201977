"""AWS's driver, without what signing in with a password does not need and what takes most of the
time to import.

The driver imports all of its plugins for identity providers, one of which imports boto3; and
scramp, which checks certificates, for a mechanism that a server may ask for. Temporary credentials
are obtained without the plugins: see temporary.py.
"""

import importlib
import importlib.util
import sys
import threading
from importlib.machinery import PathFinder
from types import ModuleType
from typing import Any

_PLUGINS = "redshift_connector.plugin"
_SCRAM = "scramp"
_ONE_AT_A_TIME = threading.Lock()


class _Plugins(ModuleType):
    """The package of the plugins, whose own code, which imports each of them, runs when something
    of it is asked for.
    """

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or self.__spec__ is None or self.__spec__.loader is None:
            raise AttributeError(name)
        self.__class__ = ModuleType  # type: ignore[assignment]
        self.__spec__.loader.exec_module(self)
        return getattr(self, name)


class _Scram(ModuleType):
    """Stands for scramp while the driver is imported."""

    @staticmethod
    def ScramClient(*arguments: Any) -> Any:  # noqa: N802 - the name of what it stands for
        """Import scramp, and do what it does."""
        return importlib.import_module(_SCRAM).ScramClient(*arguments)


def load_driver() -> Any:
    """The module redshift_connector, imported now if it was not before."""
    with _ONE_AT_A_TIME:
        if "redshift_connector" in sys.modules:
            return sys.modules["redshift_connector"]
        sys.modules[_PLUGINS] = _plugins()
        is_standing_in = _SCRAM not in sys.modules
        if is_standing_in:
            sys.modules[_SCRAM] = _Scram(_SCRAM)
        try:
            import redshift_connector
        finally:
            if is_standing_in:
                del sys.modules[_SCRAM]
        return redshift_connector


def _plugins() -> ModuleType:
    package = importlib.util.find_spec("redshift_connector")
    spec = package and PathFinder.find_spec(_PLUGINS, package.submodule_search_locations)
    if spec is None:
        raise ModuleNotFoundError(f"No module named {_PLUGINS!r}")
    stand_in = _Plugins(_PLUGINS)
    stand_in.__spec__, stand_in.__loader__, stand_in.__file__ = spec, spec.loader, spec.origin
    stand_in.__path__ = list(spec.submodule_search_locations or ())
    stand_in.__package__ = _PLUGINS
    return stand_in

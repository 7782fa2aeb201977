"""gRPC without asyncio, which costs every start a third of its time and which nothing here uses.

Import ``grpc`` from here before anything imports it by itself. Whoever imports ``asyncio`` or
``grpc.aio`` later gets the real ones, and gRPC's compiled part finds its way to them.
"""

import importlib
import sys
from types import ModuleType
from typing import Any

_ASYNCIO = "asyncio"
_ASYNCIO_HALF = "grpc.aio"


class _Later(ModuleType):
    """Stands for a module until something of it is asked for."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(importlib.import_module(self.__name__), name)


def _import_grpc() -> ModuleType:
    if "grpc" in sys.modules:
        return sys.modules["grpc"]
    absent = [name for name in (_ASYNCIO, _ASYNCIO_HALF) if name not in sys.modules]
    stand_ins = {name: _Later(name) for name in absent}
    sys.modules.update(stand_ins)
    try:
        import grpc
    finally:
        for name, stand_in in stand_ins.items():
            if sys.modules.get(name) is stand_in:
                del sys.modules[name]
    if grpc.__dict__.get("aio") is stand_ins.get(_ASYNCIO_HALF):
        grpc.__dict__.pop("aio", None)
    return grpc


_import_grpc()

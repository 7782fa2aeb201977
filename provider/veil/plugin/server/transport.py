"""gRPC without its asyncio half, which costs every start a sixth of its time and which nothing here uses.

Import ``grpc`` from here before anything imports it by itself. Whoever imports ``grpc.aio`` later gets the real one.
"""

import sys
from types import ModuleType

_ASYNCIO_HALF = "grpc.aio"


def _import_grpc() -> ModuleType:
    if "grpc" in sys.modules:
        return sys.modules["grpc"]
    stand_in = ModuleType(_ASYNCIO_HALF)
    sys.modules[_ASYNCIO_HALF] = stand_in
    try:
        import grpc
    finally:
        if sys.modules.get(_ASYNCIO_HALF) is stand_in:
            del sys.modules[_ASYNCIO_HALF]
    if grpc.__dict__.get("aio") is stand_in:
        del grpc.__dict__["aio"]
    return grpc


_import_grpc()

"""go-plugin's own services beside the provider's."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import grpc

from .caller import Caller

if TYPE_CHECKING:
    from .service import Handler


class SideServices(grpc.GenericRpcHandler):
    """go-plugin's own services, for the ``caller``. ``ended`` is called when it says that this
    process should end.
    """

    def __init__(self, caller: Caller, ended: Callable[[], None]) -> None:
        self._caller = caller
        self._ended = ended

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> Handler | None:
        """The handler of a call's path, or None. Messages are passed as bytes: nothing in them
        matters to us.
        """
        match handler_call_details.method:
            case "/plugin.GRPCStdio/StreamStdio":
                return grpc.unary_stream_rpc_method_handler(self._stdio)
            case "/plugin.GRPCBroker/StartStream":
                return grpc.stream_stream_rpc_method_handler(self._broker)
            case "/plugin.GRPCController/Shutdown":
                return grpc.unary_unary_rpc_method_handler(self._shutdown)
        return None

    def _stdio(self, _request: bytes, context: grpc.ServicerContext) -> Iterator[bytes]:
        self._caller.check(context)
        # Nothing is ever sent: what a provider prints goes to stderr. The stream stays open as Go's
        # does.
        over = threading.Event()
        if context.add_callback(over.set):
            over.wait()
        yield from ()

    def _broker(self, requests: Iterator[bytes], context: grpc.ServicerContext) -> Iterator[bytes]:
        self._caller.check(context)
        for _ in requests:
            pass
        yield from ()

    def _shutdown(self, _request: bytes, context: grpc.ServicerContext) -> bytes:
        self._caller.check(context)
        context.add_callback(self._ended)
        return b""

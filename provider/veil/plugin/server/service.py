"""gRPC handlers: the provider's calls, and go-plugin's side services. Messages are imported when the first call comes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, TypeAlias

import grpc

from ..api.provider import Provider
from .logs import TRACE

# Generic in the type stubs only, hence the quotes.
Handler: TypeAlias = "grpc.RpcMethodHandler[Any, Any]"

_PROVIDER = "/tfplugin6.Provider/"


class ProviderService(grpc.GenericRpcHandler):
    """Answers ``tfplugin6.Provider``. A procedure that is not implemented is answered UNIMPLEMENTED by gRPC."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._lock = threading.Lock()

    @cached_property
    def session(self) -> Any:
        """The state of the process, made when the first call comes."""
        from ..calls.session import Session

        with self._lock:
            return self.__dict__.get("session") or Session(self._provider)

    @cached_property
    def _handlers(self) -> dict[str, Handler]:
        from google.protobuf.message_factory import GetMessageClass

        from ..calls.table import CALLS
        from ..wire import tfplugin6_pb2 as pb

        methods = pb.DESCRIPTOR.services_by_name["Provider"].methods_by_name
        return {
            _PROVIDER + name: grpc.unary_unary_rpc_method_handler(
                self._answer(name, call, GetMessageClass(methods[name].output_type)),
                request_deserializer=GetMessageClass(methods[name].input_type).FromString,
                response_serializer=GetMessageClass(methods[name].output_type).SerializeToString,
            )
            for name, call in CALLS.items()
        }

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> Handler | None:
        """The handler of a call's path, or None."""
        if not handler_call_details.method.startswith(_PROVIDER):
            return None
        return self._handlers.get(handler_call_details.method)

    def prepare(self) -> None:
        """Import what the first call will need, while Terraform is still connecting."""
        _ = self._handlers, self.session

    def _answer(
        self, name: str, call: Callable[..., Any], response: type
    ) -> Callable[[Any, grpc.ServicerContext], Any]:
        def answer(request: Any, _context: grpc.ServicerContext) -> Any:
            started = time.perf_counter()
            try:
                return call(self.session, request)
            except Exception as error:
                return self._last_resort(name, response, error)
            finally:
                elapsed = round((time.perf_counter() - started) * 1000)
                fields = {"tf_rpc": name, "tf_req_duration_ms": elapsed}
                self.session.log.log(TRACE, "Served a call", extra={"fields": fields})

        return answer

    def _last_resort(self, name: str, response: Any, error: Exception) -> Any:
        """A diagnostic for what no call should let out, such as a schema that makes no sense."""
        self.session.log.debug("%s failed", name, exc_info=True)
        text = " ".join(f"{type(error).__name__}: {error}".split())
        diagnostic = {"severity": 1, "summary": f"The provider cannot answer {name}", "detail": text}
        return response(diagnostics=[diagnostic])


class SideServices(grpc.GenericRpcHandler):
    """go-plugin's own services. ``arrived`` is called when a client is there, ``ended`` when it has gone or says so."""

    def __init__(self, arrived: Callable[[], None], ended: Callable[[], None]) -> None:
        self._arrived = arrived
        self._ended = ended

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> Handler | None:
        """The handler of a call's path, or None. Messages are passed as bytes: nothing in them matters to us."""
        match handler_call_details.method:
            case "/plugin.GRPCStdio/StreamStdio":
                return grpc.unary_stream_rpc_method_handler(self._stdio)
            case "/plugin.GRPCBroker/StartStream":
                return grpc.stream_stream_rpc_method_handler(self._broker)
            case "/plugin.GRPCController/Shutdown":
                return grpc.unary_unary_rpc_method_handler(self._shutdown)
        return None

    def _stdio(self, _request: bytes, context: grpc.ServicerContext) -> Iterator[bytes]:
        # Nothing is ever sent: what a provider prints goes to stderr. The stream stays open as Go's does.
        over = threading.Event()
        if context.add_callback(over.set):
            over.wait()
        yield from ()

    def _broker(self, requests: Iterator[bytes], context: grpc.ServicerContext) -> Iterator[bytes]:
        # It lives as long as the connection, so that its end tells that Terraform has gone, killed perhaps.
        context.add_callback(self._ended)
        self._arrived()
        for _ in requests:
            pass
        yield from ()

    def _shutdown(self, _request: bytes, context: grpc.ServicerContext) -> bytes:
        context.add_callback(self._ended)
        return b""

"""gRPC handlers: the provider's calls, and go-plugin's side services. Messages are imported when the first call comes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

import grpc

from ..api.provider import Provider
from .logs import TRACE

if TYPE_CHECKING:
    from ..calls.session import Session

# Generic in the type stubs only, hence the quotes.
Handler: TypeAlias = "grpc.RpcMethodHandler[Any, Any]"

_PROVIDER = "/tfplugin6.Provider/"


class ProviderService(grpc.GenericRpcHandler):
    """Answers ``tfplugin6.Provider``. A procedure that is not implemented is answered UNIMPLEMENTED by gRPC."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._lock = threading.Lock()
        self._handlers: dict[str, Handler] = {}

    def prepare(self) -> None:
        """Import what the calls need and build their handlers, once; the first call waits for it."""
        with self._lock:
            self._handlers = self._handlers or self._build()

    def _build(self) -> dict[str, Handler]:
        from google.protobuf.message_factory import GetMessageClass

        from ..calls.session import Session
        from ..calls.table import CALLS
        from ..wire import tfplugin6_pb2 as pb

        session = Session(self._provider)
        methods = pb.DESCRIPTOR.services_by_name["Provider"].methods_by_name
        return {
            _PROVIDER + name: grpc.unary_unary_rpc_method_handler(
                _Answer(name, call, session, GetMessageClass(methods[name].output_type)),
                request_deserializer=GetMessageClass(methods[name].input_type).FromString,
                response_serializer=GetMessageClass(methods[name].output_type).SerializeToString,
            )
            for name, call in CALLS.items()
        }

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> Handler | None:
        """The handler of a call's path, or None."""
        if not handler_call_details.method.startswith(_PROVIDER):
            return None
        if not self._handlers:
            self.prepare()
        return self._handlers.get(handler_call_details.method)


class _Answer:
    """Runs one call, and answers with a diagnostic if it fails in a way that no call should."""

    def __init__(self, name: str, call: Callable[..., Any], session: Session, response: Any) -> None:
        self._name = name
        self._call = call
        self._session = session
        self._response = response

    def __call__(self, request: Any, _context: grpc.ServicerContext) -> Any:
        started = time.perf_counter()
        try:
            return self._call(self._session, request)
        except Exception as error:
            # A schema that makes no sense, for one. What provider code raises has been dealt with by the call.
            self._session.log.debug("%s failed", self._name, exc_info=True)
            text = " ".join(f"{type(error).__name__}: {error}".split())
            summary = f"The provider cannot answer {self._name}"
            return self._response(diagnostics=[{"severity": 1, "summary": summary, "detail": text}])
        finally:
            fields = {"tf_rpc": self._name, "tf_req_duration_ms": round((time.perf_counter() - started) * 1000)}
            self._session.log.log(TRACE, "Served a call", extra={"fields": fields})


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

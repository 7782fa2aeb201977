"""The gRPC handlers of the provider's calls. Messages, and the provider itself, are imported when they are needed."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Any, TypeAlias

import grpc

from ..api.provider import Provider
from ..imports import load
from .caller import Caller

if TYPE_CHECKING:
    from ..calls.session import Session

# Generic in the type stubs only, hence the quotes.
Handler: TypeAlias = "grpc.RpcMethodHandler[Any, Any]"

_PROVIDER = "/tfplugin6.Provider/"
_LOG = logging.getLogger("terraform.provider")


class ProviderService(grpc.GenericRpcHandler):
    """Answers ``tfplugin6.Provider``. A procedure that is not implemented is answered UNIMPLEMENTED by gRPC.

    ``source`` is a provider, or "package.module:Class" for one that is imported after the handshake. Only the ``caller``
    is answered.
    """

    def __init__(self, source: Provider | str, caller: Caller | None = None) -> None:
        self._source = source
        self.caller = caller or Caller()
        self._provider: Provider | None = None
        self._lock = threading.Lock()
        self._handlers: dict[str, Handler] = {}

    def prepare(self) -> Provider | None:
        """Import what the calls need and build their handlers, once; the first call waits for it.

        Returns the provider, or None when it cannot be imported: every call then says so.
        """
        with self._lock:
            if not self._handlers:
                self._handlers = self._build()
            return self._provider

    def close(self) -> None:
        """Let the provider release what it holds, if it was ever loaded."""
        if self._provider is not None:
            self._provider.close()

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> Handler | None:
        """The handler of a call's path, or None."""
        if not handler_call_details.method.startswith(_PROVIDER):
            return None
        if not self._handlers:
            self.prepare()
        return self._handlers.get(handler_call_details.method)

    def _build(self) -> dict[str, Handler]:
        from google.protobuf.message_factory import GetMessageClass

        from ..calls.session import Session
        from ..calls.table import CALLS
        from ..wire import tfplugin6_pb2 as pb
        from .answer import Answer

        session: Session | None = None
        try:
            self._provider = load_provider(self._source)
            session = Session(self._provider)
        except Exception:
            _LOG.debug("the provider cannot be loaded", exc_info=True)
        methods = pb.DESCRIPTOR.services_by_name["Provider"].methods_by_name
        return {
            _PROVIDER + name: grpc.unary_unary_rpc_method_handler(
                Answer(
                    self.caller,
                    name,
                    session,
                    GetMessageClass(methods[name].input_type),
                    GetMessageClass(methods[name].output_type),
                )
            )
            for name in CALLS
        }


def load_provider(source: Provider | str) -> Provider:
    """The provider that ``source`` is or names."""
    if isinstance(source, Provider):
        return source
    module, _, name = source.partition(":")
    provider = getattr(load(module), name)()
    if not isinstance(provider, Provider):
        raise TypeError(f"{source} is not a Provider")
    return provider

"""The gRPC handlers of the provider's calls. Messages, and the provider itself, are imported when
they are needed.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import grpc

from ..calls.table import CALLS
from ..imports import load
from .caller import Caller

if TYPE_CHECKING:
    from ..api.provider import Provider
    from .answer import Answer

# Generic in the type stubs only, hence the quotes.
Handler: TypeAlias = "grpc.RpcMethodHandler[Any, Any]"

_PROVIDER = "/tfplugin6.Provider/"
_LOG = logging.getLogger("terraform.provider")


class ProviderService(grpc.GenericRpcHandler):
    """Answers ``tfplugin6.Provider``. A procedure that is not implemented is answered UNIMPLEMENTED
    by gRPC.

    ``source`` is a provider, or "package.module:Class" for one that is imported after the
    handshake. Only the ``caller`` is answered. In the folder ``recorded``, if there is one, are
    answers that are sent as they stand. ``loaded`` is called once, with the provider or with None
    where it cannot be imported.
    """

    def __init__(
        self,
        source: Provider | str,
        caller: Caller | None = None,
        *,
        recorded: str | None = None,
        loaded: Callable[[Provider | None], None] | None = None,
    ) -> None:
        self._source = source
        self.caller = caller or Caller()
        self._loaded = loaded
        self._provider: Provider | None = None
        self._answers: Mapping[str, Answer] = {}
        self._lock = threading.Lock()
        self._handlers = {name: self._handler(name, recorded) for name in CALLS}

    def prepare(self) -> Provider | None:
        """Import what the calls need, once; a call that needs it waits for it.

        Returns the provider, or None when it cannot be imported: every call then says so.
        """
        with self._lock:
            if not self._answers:
                self._answers = self._load()
            return self._provider

    def close(self) -> None:
        """Let the provider release what it holds, if it was ever loaded."""
        if self._provider is not None:
            self._provider.close()

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> Handler | None:
        """The handler of a call's path, or None."""
        method = handler_call_details.method
        return self._handlers.get(method.removeprefix(_PROVIDER)) if method.startswith(_PROVIDER) else None

    def _handler(self, name: str, recorded: str | None) -> Handler:
        path = None if recorded is None else os.path.join(recorded, f"{name}.binpb")  # noqa: PTH118 - see PTH113
        is_recorded = path is not None and os.path.isfile(path)  # noqa: PTH113 - pathlib would have to be imported for it

        def answer(data: bytes, context: grpc.ServicerContext) -> bytes:
            self.caller.check(context)
            if path is not None and is_recorded:
                return _read(path)
            self.prepare()
            return self._answers[name](data, context)

        return grpc.unary_unary_rpc_method_handler(answer)

    def _load(self) -> Mapping[str, Answer]:
        from google.protobuf.message_factory import GetMessageClass

        from ..calls.session import Session
        from ..wire import tfplugin6_pb2 as pb
        from .answer import Answer

        session: Session | None = None
        try:
            self._provider = load_provider(self._source)
            session = Session(self._provider)
        except Exception:
            _LOG.debug("the provider cannot be loaded", exc_info=True)
        if self._loaded is not None:
            self._loaded(self._provider)
        methods = pb.DESCRIPTOR.services_by_name["Provider"].methods_by_name
        return {
            name: Answer(
                name, session, GetMessageClass(methods[name].input_type), GetMessageClass(methods[name].output_type)
            )
            for name in CALLS
        }


def _read(path: str) -> bytes:
    with open(path, "rb") as file:  # noqa: PTH123 - pathlib would have to be imported for it
        return file.read()


def load_provider(source: Provider | str) -> Provider:
    """The provider that ``source`` is or names."""
    from ..api.provider import Provider

    if isinstance(source, Provider):
        return source
    module, _, name = source.partition(":")
    provider = getattr(load(module), name)()
    if not isinstance(provider, Provider):
        raise TypeError(f"{source} is not a Provider")
    return provider

"""One remote procedure: bytes in, bytes out, and never a stack trace."""

import time
from dataclasses import dataclass
from typing import Any

import grpc
from google.protobuf.message import DecodeError

from ..calls.session import Session
from ..calls.table import find
from ..calls.work import BUG, UNEXPECTED
from ..schema.schema import SchemaError
from .logs import TRACE


@dataclass(frozen=True)
class Answer:
    """Answers the procedure ``name``; ``request`` and ``response`` are the classes of its messages.

    Without a ``session`` the provider could not be loaded, and every answer says so.
    """

    name: str
    session: Session | None
    request: Any
    response: Any

    def __call__(self, data: bytes, context: grpc.ServicerContext) -> bytes:
        """The response to ``data``. What is no request at all is an error of gRPC's."""
        try:
            request = self.request.FromString(data)
        except DecodeError:
            # Not left to gRPC, which would log a stack trace.
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"this is no request of {self.name}")
        return bytes(self._answer(request).SerializeToString())

    def _answer(self, request: Any) -> Any:
        if self.session is None:
            return self._refuse("The provider cannot be loaded")
        started = time.perf_counter()
        try:
            return find(self.name)(self.session, request)
        except SchemaError as error:
            # Its text is ours: it tells a provider's author what to mend.
            self.session.log.debug("%s failed", self.name, exc_info=True)
            return self._refuse(f"The provider cannot answer {self.name}", f"{error}. {BUG}")
        except Exception:
            # What provider code raises has been dealt with by the call.
            self.session.log.debug("%s failed", self.name, exc_info=True)
            return self._refuse(f"The provider cannot answer {self.name}")
        finally:
            fields = {"tf_rpc": self.name, "tf_req_duration_ms": round((time.perf_counter() - started) * 1000)}
            self.session.log.log(TRACE, "Served a call", extra={"fields": fields})

    def _refuse(self, summary: str, detail: str = UNEXPECTED) -> Any:
        fields = self.response.DESCRIPTOR.fields_by_name
        if "diagnostics" in fields:
            return self.response(diagnostics=[{"severity": 1, "summary": summary, "detail": detail}])
        if "error" in fields:
            return self.response(error={"text": f"{summary}: {detail}"})
        return self.response(Error=f"{summary}: {detail}")

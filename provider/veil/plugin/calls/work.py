"""One call in progress: what it says to people, and how whatever goes wrong becomes a diagnostic.

No exception leaves a call, and no stack trace is shown.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from ..api.context import Context
from ..codec.errors import CodecError
from ..contract.problem import Problem
from ..diagnostics import Diagnostic, Diagnostics, PluginError
from ..schema.schema import Schema
from ..secrecy import secrets_in
from ..wire import tfplugin6_pb2 as pb
from .registry import Definition
from .session import Session
from .translate import read_state, read_value, write_diagnostics

_LONGEST_NAME = 100
BUG = "This is a bug in the provider. Please report it with the output of TF_LOG=debug."
UNEXPECTED = f"Something happened that the provider does not expect. {BUG}"
"""What people are told of an exception that nobody handled. Its class and its text are Python's,
and stand in the log only.
"""


class Work:
    """The diagnostics of one call about ``subject``, a type name."""

    def __init__(self, session: Session, subject: str) -> None:
        self.diagnostics = Diagnostics()
        self.session = session
        self._subject = subject if len(subject) <= _LONGEST_NAME else f"{subject[:_LONGEST_NAME]}..."
        self._schema = Schema({})

    def on(self, definition: Definition[Any]) -> Definition[Any]:
        """Take ``definition`` as the one that the paths of diagnostics refer to."""
        self._schema = definition.schema
        return definition

    def context(self, request: Any, private: bytes = b"") -> Context:
        """The surroundings for provider code that answers ``request``. Raises CodecError."""
        self.session.secrets.hold(self._secrets(request))
        ctx = self.session.context(private)
        ctx.diagnostics = self.diagnostics
        known = request.DESCRIPTOR.fields_by_name
        if "client_capabilities" in known:
            ctx.deferral_allowed = request.client_capabilities.deferral_allowed
        meta = self.session.registry.meta_definition
        if meta is not None and "provider_meta" in known:
            ctx.meta = meta.binding.to_python(read_state(request.provider_meta, meta.schema.type))
        return ctx

    def messages(self) -> list[pb.Diagnostic]:
        """The diagnostics for the response, without anything sensitive."""
        redact = self.session.secrets.redact
        redacted = [
            replace(each, summary=redact(each.summary), detail=redact(each.detail)) for each in self.diagnostics
        ]
        return write_diagnostics(redacted, self._schema.attributes)

    def _secrets(self, request: Any) -> frozenset[str]:
        """The sensitive texts in ``request``. Raises CodecError."""
        if not self._schema.has_secrets:
            return frozenset()
        given = [value for field, value in request.ListFields() if field.name != "provider_meta"]
        objects = [read_value(value, self._schema.type) for value in given if isinstance(value, pb.DynamicValue)]
        return frozenset(text for each in objects for text in secrets_in(self._schema.attributes, each))

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """Run provider code; what it raises becomes diagnostics."""
        try:
            yield
        except PluginError as error:
            self.diagnostics.extend(error.diagnostics)
        except CodecError as error:
            self._log_trace("a value did not fit its type")
            self.diagnostics.error(f"Malformed value for {self._subject}", f"{error}. {BUG}", error.path)
        except (Exception, SystemExit) as error:
            self._log_trace("an exception was not handled")
            explanation = self.session.provider.explain(error)
            if explanation is not None:
                self.diagnostics.extend(explanation.diagnostics)
            else:
                self.diagnostics.error(f"Internal error in {self._subject}", UNEXPECTED)

    def report(self, problems: Iterable[Problem], phase: str) -> None:
        """Say which of Terraform's rules the provider's ``phase`` (its plan, its result) has
        broken.
        """
        for problem in problems:
            detail = f"{self._subject}.{problem}. {BUG}"
            self.diagnostics.add(
                Diagnostic.error(f"The provider's {phase} breaks Terraform's rules", detail, problem.path)
            )

    def _log_trace(self, what: str) -> None:
        self.session.log.debug("%s: %s", self._subject, what, exc_info=True)

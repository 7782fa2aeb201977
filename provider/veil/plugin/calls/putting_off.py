"""Errors that are put off from the planning of a resource within an apply to its application.

A resource that has to act on its own failure (see ``Resource.failed``) can do so where Terraform
lets it change something, and that is when it is applied. So its plan is answered as if all were
well, and what is wrong with it is kept in the private data that Terraform hands on from the plan to
the application. In a plan that will be shown to somebody, errors are told at once; where it cannot
be determined which of the two this is, they are told as warnings, and the application refuses.
"""

import json
from collections.abc import Iterable, MutableMapping
from dataclasses import asdict, replace

from ..api.resource import Resource, overrides
from ..diagnostics import Diagnostic, Diagnostics, PluginError
from .session import Session

_KEPT = "veil.plugin/put-off"
_WILL_BE = "An apply will refuse this."


def may_put_off(session: Session, part: object) -> bool:
    """Whether errors of this resource's plan might have to wait for its application."""
    return session.walk is not None and overrides(part, Resource, "failed") and not session.walk.is_plan


def has_to_put_off(session: Session, part: object, diagnostics: Diagnostics) -> bool:
    """Whether the errors that this resource's plan has found have to wait for its application. May
    wait a moment itself.
    """
    if not may_put_off(session, part) or any(each.at_once for each in diagnostics):
        return False
    return session.walk is not None and not session.walk.turns_out_to_plan()


def put_off(session: Session, diagnostics: Diagnostics, private: MutableMapping[str, str]) -> None:
    """Keep the errors among the diagnostics for the application, and take them out."""
    errors = [each for each in diagnostics if each.severity == "error"]
    redact = session.secrets.redact
    kept = [replace(each, summary=redact(each.summary), detail=redact(each.detail)) for each in errors]
    private[_KEPT] = json.dumps([asdict(each) for each in kept])
    rest = [each for each in diagnostics if each.severity != "error"]
    if session.walk is None or not session.walk.is_apply:
        rest += [_warned(each) for each in kept]
    diagnostics.items[:] = rest


def raise_what_was_put_off(private: MutableMapping[str, str]) -> None:
    """Raise PluginError with what the plan of this application kept."""
    kept = private.pop(_KEPT, None)
    if kept is not None:
        raise PluginError.of(_restored(json.loads(kept)))


def _restored(kept: Iterable[dict[str, object]]) -> Iterable[Diagnostic]:
    for each in kept:
        path = each["path"]
        yield Diagnostic.error(str(each["summary"]), str(each["detail"]), path if isinstance(path, list) else ())


def _warned(error: Diagnostic) -> Diagnostic:
    return Diagnostic.warning(error.summary, f"{error.detail} {_WILL_BE}".strip(), error.path)

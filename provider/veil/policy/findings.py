"""What a person should know about policies before they reach the warehouse."""

from dataclasses import dataclass
from typing import Any, Literal

from veil.language.spans import Span
from veil.model import Kind

Severity = Literal["error", "warning"]
Path = tuple[str | int, ...]
Place = tuple[Kind, Any]
"""An object of the World: its kind, and its key."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one expression or mask on one data source, before it is known whose
    attribute it is.
    """

    code: str
    message: str
    span: Span | None = None
    """The part of the expression that is meant, where somebody wrote it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found in a World.

    `code` is a short slug and `summary` its one title; `detail` names the policy, the data source
    and the column and says what to do. `kind` and `key` name the object to change and `path` the
    attribute on it, as in its HCL: `("mask", "hash")`. `about` are the objects that brought it
    about, and `absent` the kinds of which another object could end it: nobody is admitted for want
    of a subscription policy.
    """

    severity: Severity
    code: str
    summary: str
    detail: str
    kind: Kind
    key: Any
    path: Path = ()
    about: frozenset[Place] = frozenset()
    absent: frozenset[Kind] = frozenset()

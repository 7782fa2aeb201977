"""Findings of the linter as Terraform diagnostics."""

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from veil.policy import Finding, Place


class Diagnostics(Protocol):
    """Where findings are reported: errors and warnings with an attribute path."""

    def error(self, summary: str, detail: str, path: tuple[str | int, ...] | None = None) -> None: ...

    def warning(self, summary: str, detail: str, path: tuple[str | int, ...] | None = None) -> None: ...


def describe(finding: "Finding", planned: "Place", diagnostics: Diagnostics) -> None:
    """Report a finding. Its path counts only where the object being planned is the one it is
    about.
    """
    path = finding.path if (finding.kind, finding.key) == planned else None
    report = diagnostics.error if finding.severity == "error" else diagnostics.warning
    report(finding.summary, finding.detail, path)

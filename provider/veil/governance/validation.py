"""The integration's own checks, as `status` and `validation_results` show them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from veil.governance.deployed import Deployed
from veil.governance.errors import NOUNS
from veil.governance.health import HEALTHY, health_of
from veil.governance.installation import installation_drift

Outcome = Literal["passed", "failed", "warning"]


@dataclass(frozen=True)
class Check:
    """One check: its name, how it ended, and what was found."""

    name: str
    status: Outcome
    message: str


def validate(deployed: Deployed) -> tuple[Check, ...]:
    """All checks, in the order in which a person reads them."""
    return (
        _check(
            "objects",
            "failed",
            installation_drift(deployed),
            "All schemas, views and procedures are as veil made them.",
        ),
        _check("metadata", "failed", _broken(deployed), "Every metadata row is as veil wrote it."),
        _check("base_tables", "warning", _around(deployed), "No governed table can be read around its view."),
        *_across(deployed),
    )


def status_of(checks: tuple[Check, ...]) -> str:
    """The integration's status, by the names of Immuta's response schema."""
    return "recurringValidationError" if any(each.status == "failed" for each in checks) else "enabled"


def _check(name: str, worst: Outcome, found: Iterator[str], well: str) -> Check:
    problems = sorted(found)
    return Check(name, worst, "; ".join(problems)) if problems else Check(name, "passed", well)


def _across(deployed: Deployed) -> Iterator[Check]:
    """With base tables in another database: whether who may read them can be told."""
    source, unread = deployed.world.integration.other_database, deployed.snapshot.base.unread
    if source is not None:
        found = f"Who may read the tables of the database {source} is not known. {unread}"
        well = f"The tables of the database {source} and who may read them are known."
        yield _check("source_database", "warning", iter([found] if unread else []), well)


def _broken(deployed: Deployed) -> Iterator[str]:
    for kind, key in deployed.broken:
        yield f"the row of the {NOUNS[kind]} {key} was altered"


def _around(deployed: Deployed) -> Iterator[str]:
    for source in deployed.world.data_sources.values():
        health = health_of(deployed, source)
        if health != HEALTHY:
            yield health

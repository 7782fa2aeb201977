"""What became of the last change of an object, where it failed: recorded after the rollback,
forgotten once a change succeeds.

Names are those of the response schema of the system that people come from: `createError`,
`editError`, `migrateError`, `deleteError`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from veil.errors import VeilError
from veil.governance.checks.health import HEALTHY, health_of
from veil.governance.checks.validation import Check
from veil.governance.closing import in_short
from veil.governance.errors import CancelledError
from veil.governance.metadata.deployed import DeployedState
from veil.governance.metadata.identity import key_text
from veil.governance.publishing.publisher import Outcome
from veil.governance.requests import Close, Create, Delete, Request, draft_place, parts
from veil.governance.showing import shown
from veil.model import KINDS, DataSource, Kind
from veil.model.printable import escaped
from veil.warehouse import SCHEMA_VERSION, ErrorRow, WarehouseError, literal, qualified

_MOST_BYTES = 1000


STATUSES = frozenset({"createError", "editError", "migrateError", "deleteError"})
"""What a change that failed leaves its object as. What else a row says is not believed."""


def errors_of(deployed: DeployedState, requests: Sequence[Request], outcomes: Sequence[Outcome]) -> list[ErrorRow]:
    """What is to be recorded of a group: of each object whose change failed, that it did and why.
    One that could not be made because another has its name leaves nothing to be told of that other
    one.
    """
    errors: dict[tuple[str, str], ErrorRow] = {}
    for request, outcome in zip(requests, outcomes, strict=True):
        if isinstance(outcome, BaseException) and not isinstance(outcome, CancelledError):
            for kind, key, status in _changed(deployed, request):
                errors[kind, key] = ErrorRow(kind, key, status, words_recorded(outcome), datetime.now(UTC))
    return list(errors.values())


def _changed(deployed: DeployedState, request: Request) -> Iterator[tuple[str, str, str]]:
    for each in parts(request):
        if isinstance(each, Close):
            continue
        if isinstance(each, Delete):
            yield each.kind.value, key_text(each.key), "deleteError"
            continue
        kind, key = draft_place(each.draft)
        if isinstance(each, Create):
            if (kind, key) not in deployed.stored:
                yield kind.value, key_text(key), "createError"
            continue
        stored = deployed.by_id.get((kind, each.id))  # Under the name that it has, whatever it was to get.
        # Its change upgrades its schemas in the same transaction.
        migrates = kind is Kind.INTEGRATION and deployed.snapshot.schema_version < SCHEMA_VERSION
        yield (
            kind.value,
            key_text(stored.key if stored is not None else key),
            "migrateError" if migrates else "editError",
        )


def words_recorded(problem: BaseException) -> str:
    """Why something failed, in one line that holds nothing of the warehouse's rows. What the
    warehouse itself said may, as in `invalid input syntax for type numeric: "..."`; so of what
    rests on it only our own title and the SQLSTATE are kept, and the apply has told the rest.
    """
    if not isinstance(problem, VeilError):
        return "An internal error of veil, which the failed apply tells of."
    cause = _of_warehouse(problem)
    text = in_short(problem.summary, problem.detail) if cause is None else problem.summary
    if cause is not None and cause.sqlstate:
        text += f" (SQLSTATE {cause.sqlstate})"
    return escaped(text).encode()[:_MOST_BYTES].decode(errors="ignore")


def _of_warehouse(problem: BaseException | None) -> WarehouseError | None:
    """The error of the warehouse that this one is, or was raised from."""
    while problem is not None:
        if isinstance(problem, WarehouseError):
            return problem
        problem = problem.__cause__ or problem.__context__
    return None


def last_error(deployed: DeployedState, kind: Kind, key: Any) -> ErrorRow | None:
    """What is recorded of an object; None where its last change succeeded."""
    name = key_text(key)
    errors = (each for each in deployed.snapshot.errors if (each.kind, each.name) == (kind.value, name))
    return next((each for each in errors if each.status in STATUSES), None)


def status_of_source(deployed: DeployedState, source: DataSource) -> str:
    """What has become of a data source, in the words of the response schema: what its last change
    failed as, `disabled`, `recurringValidationError` where something is wrong that no apply
    repairs, or `enabled`.
    """
    failed = last_error(deployed, Kind.DATA_SOURCE, source.key)
    if failed is not None:
        return failed.status
    if not source.enabled:
        return "disabled"
    return "enabled" if health_of(deployed, source) == HEALTHY else "recurringValidationError"


def errors_check(deployed: DeployedState) -> Check:
    """Whether the last change of everything succeeded."""
    nouns = {kind.value: spec.noun for kind, spec in KINDS.items()}
    errors = [each for each in deployed.snapshot.errors if each.status in STATUSES and each.kind in nouns]
    if not errors:
        return Check("changes", "passed", "The last change of every object succeeded.")
    lines = [f"{nouns[each.kind]} {shown(each.name)}: {each.status}, {told(each)}" for each in errors]
    advice = ["Apply again: what succeeds is forgotten here.", *_forgetting(deployed, errors)]
    return Check("changes", "warning", "; ".join(lines), tuple(advice))


def _forgetting(deployed: DeployedState, errors: Sequence[ErrorRow]) -> Iterator[str]:
    """What to do of objects that are not there: no change of one that was given up ever succeeds."""
    there = {(kind.value, key_text(key)) for kind, key in deployed.stored}
    absent = [each for each in errors if (each.kind, each.name) not in there and each.name.isprintable()]
    for each in absent:
        table = qualified(deployed.layout.system, "last_error")
        yield (
            f"Where nobody wants {shown(each.name)} any more, the account {deployed.layout.owner} forgets it: DELETE FROM {table} "
            f"WHERE kind = {literal(each.kind)} AND name = {literal(each.name)}"
        )


def told(row: ErrorRow) -> str:
    """Why a change failed. The row may be anybody's by now."""
    return escaped(row.error)


def with_errors(deployed: DeployedState, rows: Sequence[ErrorRow]) -> DeployedState:
    """What is deployed, with these recorded."""
    places = {(each.kind, each.name) for each in rows}
    kept = (each for each in deployed.snapshot.errors if (each.kind, each.name) not in places)
    return replace(deployed, snapshot=replace(deployed.snapshot, errors=(*kept, *rows)))
